//! Dispositions, mask and pending signals, all of which survive `execve`.

use anyhow::{Context, Result};
use nix::errno::Errno;
use nix::libc;
use nix::sys::signal::{SigHandler, SigSet, SigmaskHow, Signal, kill, signal, sigprocmask};
use nix::sys::wait::waitpid;
use nix::unistd::Pid;

use crate::children;
use crate::options::Options;

pub(crate) fn arrange(options: &Options) -> Result<()> {
    // What whoever runs the tests ignores, and Rust's own start-up code, is not for PROGRAM to inherit.
    set_all(libc::SIG_DFL);
    let mut mask = SigSet::empty();
    mask.extend(options.block.iter().chain(&options.pending).copied());
    sigprocmask(SigmaskHow::SIG_SETMASK, Some(&mask), None).context("sigprocmask")?;
    for ignored in &options.ignore {
        set(*ignored, SigHandler::SigIgn)?;
    }
    if options.ignore_all {
        set_all(libc::SIG_IGN);
    }
    if options.block_all {
        block_all()?;
    }
    // A blocked signal stays pending even if it is ignored.
    for pending in &options.pending {
        // From another process, as it would be.
        let parent = Pid::this();
        let sender = children::forked(|| {
            let _ = kill(parent, *pending);
        })?;
        waitpid(sender, None).context("waitpid")?;
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

/// SIGKILL and SIGSTOP can't be set, and asking is no harm.
fn set_all(handler: libc::sighandler_t) {
    // The kernel's structure: handler, flags, restorer, mask.
    let action = [handler as u64, 0, 0, 0];
    for number in 1..=64 {
        // SAFETY: the kernel reads the structure and writes nothing; the handler is no code of ours.
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
