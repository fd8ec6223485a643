//! All 64 signals, of which the C library keeps two to itself, so that the kernel is called directly.

use std::mem::MaybeUninit;
use std::ptr;

use anyhow::{Context, Result};
use mote_tests::Signal;
use mote_tests::signal::SIGKILL;
use nix::errno::Errno;
use nix::libc;

/// Length of the kernel's signal sets.
const SET: usize = size_of::<u64>();

fn set_mask(mask: u64) -> Result<()> {
    let old = ptr::null_mut::<u64>();
    // SAFETY: the kernel reads the eight bytes of `mask` and writes nothing.
    let result =
        unsafe { libc::syscall(libc::SYS_rt_sigprocmask, libc::SIG_SETMASK, &raw const mask, old, SET) };
    Errno::result(result).context("rt_sigprocmask")?;
    Ok(())
}

pub(crate) fn block_all() -> Result<()> {
    set_mask(u64::MAX)
}

/// Waits for any signal, and returns it with the PID of its sender.
pub(crate) fn next() -> Result<(Signal, i32)> {
    let mask = u64::MAX;
    let mut info = MaybeUninit::<libc::siginfo_t>::zeroed();
    loop {
        // SAFETY: the kernel reads the eight bytes of `mask` and fills `info`; there is no deadline.
        let result = unsafe {
            libc::syscall(
                libc::SYS_rt_sigtimedwait,
                &raw const mask,
                info.as_mut_ptr(),
                ptr::null::<libc::timespec>(),
                SET,
            )
        };
        match Errno::result(result) {
            Ok(number) => {
                // SAFETY: all bytes were set to zero, and zero is valid in each field.
                let info = unsafe { info.assume_init() };
                // SAFETY: if the signal has no sender, the bytes are those of another number.
                let sender = unsafe { info.si_pid() };
                return Ok((i32::try_from(number)?.into(), sender));
            }
            Err(Errno::EINTR) => {}
            Err(error) => return Err(error).context("rt_sigtimedwait"),
        }
    }
}

fn set_action(signal: Signal, handler: libc::sighandler_t) -> Result<()> {
    // The kernel's structure: handler, flags, restorer, mask.
    let action = [handler as u64, 0, 0, 0];
    let old = ptr::null_mut::<u64>();
    // SAFETY: the kernel reads the structure and writes nothing; the handler is no code of ours.
    let result = unsafe { libc::syscall(libc::SYS_rt_sigaction, signal.number(), action.as_ptr(), old, SET) };
    Errno::result(result).context("rt_sigaction")?;
    Ok(())
}

pub(crate) fn ignore(signal: Signal) -> Result<()> {
    set_action(signal, libc::SIG_IGN)
}

/// Is killed by a signal, whatever its mask and its action are.
pub(crate) fn die(signal: Signal) -> Result<()> {
    // No core file remains.
    let none = libc::rlimit { rlim_cur: 0, rlim_max: 0 };
    // SAFETY: the kernel reads the structure and writes nothing.
    unsafe { libc::setrlimit(libc::RLIMIT_CORE, &raw const none) };
    if signal != SIGKILL {
        set_action(signal, libc::SIG_DFL)?;
    }
    set_mask(0)?;
    let own = std::process::id();
    // SAFETY: takes numbers and no pointer.
    let result = unsafe { libc::syscall(libc::SYS_kill, own, signal.number()) };
    Errno::result(result).context("kill")?;
    anyhow::bail!("survived {signal}")
}
