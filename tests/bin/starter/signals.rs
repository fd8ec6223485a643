//! Dispositions, mask and pending signals, all of which survive `execve`.

use anyhow::{Context, Result};
use nix::errno::Errno;
use nix::libc;
use nix::sys::signal::{SigHandler, SigSet, SigmaskHow, Signal, raise, signal, sigprocmask};

use crate::options::Options;

pub(crate) fn arrange(options: &Options) -> Result<()> {
    // Rust's own start-up code ignores it, which is not for PROGRAM to inherit.
    set(Signal::SIGPIPE, SigHandler::SigDfl)?;
    let mut mask = SigSet::empty();
    mask.extend(options.block.iter().chain(&options.pending).copied());
    sigprocmask(SigmaskHow::SIG_SETMASK, Some(&mask), None).context("sigprocmask")?;
    for ignored in &options.ignore {
        set(*ignored, SigHandler::SigIgn)?;
    }
    if options.ignore_all {
        ignore_all();
    }
    if options.block_all {
        block_all()?;
    }
    // A blocked signal stays pending even if it is ignored.
    for pending in &options.pending {
        raise(*pending).context("raise")?;
    }
    Ok(())
}

fn set(number: Signal, handler: SigHandler) -> Result<()> {
    // SAFETY: neither handler is code of ours.
    unsafe { signal(number, handler) }.with_context(|| format!("signal {number}"))?;
    Ok(())
}

/// The C library keeps two real-time signals to itself, so the kernel is asked directly.
fn block_all() -> Result<()> {
    let mask = u64::MAX;
    // SAFETY: the kernel reads the eight bytes of `mask` and writes nothing.
    let result = unsafe {
        libc::syscall(
            libc::SYS_rt_sigprocmask,
            libc::SIG_SETMASK,
            &raw const mask,
            std::ptr::null_mut::<u64>(),
            size_of::<u64>(),
        )
    };
    Errno::result(result).context("rt_sigprocmask")?;
    Ok(())
}

/// SIGKILL and SIGSTOP can't be ignored, and asking is no harm.
fn ignore_all() {
    // The kernel's structure: handler, flags, restorer, mask.
    let action = [libc::SIG_IGN as u64, 0, 0, 0];
    for number in 1..=64 {
        // SAFETY: the kernel reads the structure and writes nothing.
        unsafe {
            libc::syscall(
                libc::SYS_rt_sigaction,
                number,
                action.as_ptr(),
                std::ptr::null_mut::<u64>(),
                size_of::<u64>(),
            )
        };
    }
}
