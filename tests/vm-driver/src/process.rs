//! Starts programs and waits for their end.

use core::{
    ffi::{CStr, c_char},
    fmt, ptr,
};

use mote_rt::{
    Pid, Signal, SignalSet, WaitStatus, process,
    sys::{self, ForkResult, SigAction},
};

use crate::{
    call,
    report::{self, Check, Text, ensure},
    start::standalone,
};

/// Time limit for the slowest machine, in milliseconds. A case that passes never waits so long.
pub(crate) const PATIENCE: u64 = 30_000;

/// The end of a process.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct End(WaitStatus);

impl End {
    /// Returns an exit with this status.
    pub(crate) const fn exited(status: u8) -> Self {
        Self(WaitStatus::exited(status))
    }
}

impl fmt::Debug for End {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0.terminating_signal() {
            None => write!(formatter, "status {}", self.0.exit_status()),
            Some(signal) => write!(formatter, "signal {}", signal.number()),
        }
    }
}

/// Forks. The child exits with the status that `child` returns.
pub(crate) fn fork(child: impl FnOnce() -> i32) -> Check<Pid> {
    match sys::fork(standalone()) {
        Ok(ForkResult::Child) => process::exit(child()),
        Ok(ForkResult::Parent(pid)) => Ok(pid),
        Err(error) => Err(Text::of(format_args!("fork: errno {}", error.number()))),
    }
}

/// Gives every standard signal its default action and blocks none.
pub(crate) fn reset_signals() {
    for signal in (1..=u32::from(Signal::MAX_STANDARD)).filter_map(Signal::new) {
        // SIGKILL and SIGSTOP have no other action.
        let _ = sys::sigaction(standalone(), signal, &SigAction::default_action());
    }
    let _ = sys::sigprocmask(SignalSet::EMPTY);
}

/// Returns the caller's PID.
pub(crate) fn getpid() -> Pid {
    sys::getpid().expect("seccomp refuses getpid")
}

/// Starts a program as PID 1 of a new PID namespace, after `prepare` has run there.
pub(crate) fn start(words: &[&CStr], prepare: impl FnOnce()) -> Check<Pid> {
    match call::fork_into_namespace() {
        Ok(ForkResult::Child) => {
            prepare();
            execute(words)
        }
        Ok(ForkResult::Parent(pid)) => Ok(pid),
        Err(error) => Err(Text::of(format_args!("clone: {error:?}"))),
    }
}

/// Executes a program with no signal blocked.
fn execute(words: &[&CStr]) -> ! {
    let mut pointers = [ptr::null::<c_char>(); 16];
    assert!(words.len() < pointers.len());
    for (slot, word) in pointers.iter_mut().zip(words) {
        *slot = word.as_ptr();
    }
    let _ = sys::sigprocmask(SignalSet::EMPTY);
    let error = words.first().map(|file| call::execve(file, &pointers, &[ptr::null()]));
    report::line(format_args!("# {words:?}: {error:?}"));
    process::exit(100)
}

/// Waits for the end of a child, longer than any step in it may take.
pub(crate) fn end_of(pid: Pid) -> Check<End> {
    let start = call::now();
    while call::now() - start < 4 * PATIENCE {
        match call::reap(pid) {
            Ok(Some(status)) => return Ok(End(status)),
            Ok(None) => {}
            Err(error) => return Err(Text::of(format_args!("wait4: {error:?}"))),
        }
        // The SIGCHLD of this child may have been taken for another one.
        let _ = call::sigtimedwait(&SignalSet::of(&[Signal::CHLD]), 10);
    }
    let _ = sys::kill_process(pid, Signal::KILL);
    Err(Text::of(format_args!("the program does not end")))
}

/// Runs a program as PID 1 of a new PID namespace until it ends.
pub(crate) fn run(words: &[&CStr]) -> Check<End> {
    end_of(start(words, || {})?)
}

/// Checks that a program exits with this status.
pub(crate) fn exits(words: &[&CStr], status: u8) -> Check {
    report::same("end", run(words)?, End::exited(status))
}

/// Waits for a condition.
pub(crate) fn until(what: &str, mut holds: impl FnMut() -> bool) -> Check {
    let start = call::now();
    while !holds() {
        ensure!(call::now() - start < PATIENCE, "waited in vain for {what}");
        call::sleep(1);
    }
    Ok(())
}
