//! Waiting for processes with a limit: a waiting thread is interrupted every few milliseconds.

use std::sync::{Mutex, MutexGuard, Once, PoisonError};
use std::thread;
use std::time::Duration;

use nix::errno::Errno;
use nix::libc;
use nix::sys::pthread::{Pthread, pthread_kill, pthread_self};
use nix::sys::signal::{SaFlags, SigAction, SigHandler, SigSet, Signal, sigaction};
use nix::sys::wait::{WaitPidFlag, WaitStatus, waitpid};

/// The interrupting signal, which has no other use in this process.
const TICK: Signal = Signal::SIGURG;

/// The time between two interruptions.
const INTERVAL: Duration = Duration::from_millis(10);

static THREADS: Mutex<Vec<Pthread>> = Mutex::new(Vec::new());

/// Interrupts the thread that made it until it is dropped.
pub(crate) struct Ticks(());

impl Ticks {
    pub(crate) fn new() -> nix::Result<Self> {
        static STARTED: Once = Once::new();
        let action = SigAction::new(SigHandler::Handler(nothing), SaFlags::empty(), SigSet::empty());
        // SAFETY: the handler does nothing.
        unsafe { sigaction(TICK, &action) }?;
        STARTED.call_once(|| drop(thread::spawn(tick)));
        threads().push(pthread_self());
        Ok(Self(()))
    }

    /// Waits for a change of a process that this thread has started or traces. Returns `None` if it was interrupted.
    pub(crate) fn wait(&self) -> nix::Result<Option<WaitStatus>> {
        match waitpid(None, Some(WaitPidFlag::__WALL | WaitPidFlag::__WNOTHREAD)) {
            Ok(status) => Ok(Some(status)),
            Err(Errno::EINTR) => Ok(None),
            Err(error) => Err(error),
        }
    }
}

impl Drop for Ticks {
    fn drop(&mut self) {
        let own = pthread_self();
        threads().retain(|thread| *thread != own);
    }
}

fn threads() -> MutexGuard<'static, Vec<Pthread>> {
    THREADS.lock().unwrap_or_else(PoisonError::into_inner)
}

fn tick() {
    loop {
        thread::sleep(INTERVAL);
        // A thread removes itself before it ends, and can't while the list is locked.
        for thread in threads().iter() {
            let _ = pthread_kill(*thread, TICK);
        }
    }
}

extern "C" fn nothing(_: libc::c_int) {}
