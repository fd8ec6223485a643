//! Dispositions, mask and pending signals, all of which survive `execve`.

use std::mem::MaybeUninit;
use std::ptr;

use anyhow::{Context, Result};
use mote_tests::signal::{SIGALRM, Signal, send};
use nix::errno::Errno;
use nix::libc;
use nix::sys::wait::waitpid;
use nix::unistd::Pid;

use crate::children;
use crate::options::Options;

/// Length of the kernel's signal sets.
const SET: usize = size_of::<u64>();

pub(crate) fn arrange(options: &Options) -> Result<()> {
    // Neither the signals that the caller of the tests ignores nor those of Rust's start-up code are for PROGRAM.
    Signal::all().for_each(|signal| set_action(signal, libc::SIG_DFL));
    let blocked = options.block.iter().chain(&options.pending);
    let blocked = blocked.chain(options.expired_alarm.then_some(&SIGALRM));
    let mask = if options.block_all { u64::MAX } else { blocked.fold(0, |mask, signal| mask | signal.bit()) };
    set_mask(mask)?;
    options.ignore.iter().for_each(|signal| set_action(*signal, libc::SIG_IGN));
    if options.ignore_all {
        Signal::all().for_each(|signal| set_action(signal, libc::SIG_IGN));
    }
    // A blocked signal stays pending even if it is ignored.
    for pending in &options.pending {
        // From another process, as it would be.
        let parent = Pid::this();
        let sender = children::forked(|| {
            let _ = send(parent.as_raw(), *pending);
        })?;
        waitpid(sender, None).context("waitpid")?;
    }
    if options.expired_alarm {
        expire_alarm();
    }
    Ok(())
}

/// Sets a timer of a microsecond, and waits until its SIGALRM is pending.
fn expire_alarm() {
    let none = libc::timeval { tv_sec: 0, tv_usec: 0 };
    let timer = libc::itimerval { it_interval: none, it_value: libc::timeval { tv_sec: 0, tv_usec: 1 } };
    // SAFETY: the kernel reads the structure and writes nothing.
    unsafe { libc::setitimer(libc::ITIMER_REAL, &raw const timer, ptr::null_mut()) };
    let is_pending = || {
        let mut set = MaybeUninit::<libc::sigset_t>::zeroed();
        // SAFETY: the C library fills the set in.
        unsafe { libc::sigpending(set.as_mut_ptr()) };
        // SAFETY: the set was filled in, and zero is valid before.
        unsafe { libc::sigismember(set.as_ptr(), SIGALRM.number()) == 1 }
    };
    while !is_pending() {
        std::thread::sleep(std::time::Duration::from_millis(1));
    }
}

/// The C library keeps two real-time signals to itself, so the kernel is called directly.
fn set_mask(mask: u64) -> Result<()> {
    let old = ptr::null_mut::<u64>();
    // SAFETY: the kernel reads the eight bytes of `mask` and writes nothing.
    let result =
        unsafe { libc::syscall(libc::SYS_rt_sigprocmask, libc::SIG_SETMASK, &raw const mask, old, SET) };
    Errno::result(result).context("rt_sigprocmask")?;
    Ok(())
}

/// The kernel refuses this for SIGKILL and SIGSTOP, which does no harm.
fn set_action(signal: Signal, handler: libc::sighandler_t) {
    // The kernel's structure: handler, flags, restorer, mask.
    let action = [handler as u64, 0, 0, 0];
    let old = ptr::null_mut::<u64>();
    // SAFETY: the kernel reads the structure and writes nothing; the handler is no code of ours.
    unsafe { libc::syscall(libc::SYS_rt_sigaction, signal.number(), action.as_ptr(), old, SET) };
}
