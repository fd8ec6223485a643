//! PID 1 of a PID namespace.

use std::fs;
use std::path::Path;
use std::thread;
use std::time::Duration;

use anyhow::{Context, Result};
use nix::errno::Errno;
use nix::libc;
use nix::sched::{CloneFlags, unshare};
use nix::sys::signal::{SigSet, SigmaskHow, Signal, raise, sigprocmask};
use nix::sys::wait::{WaitStatus, waitpid};
use nix::unistd::{ForkResult, Gid, Pid, Uid, fork};

/// Returns as PID 1 of a new PID namespace. The caller's own process waits for it and ends as it does.
///
/// # Errors
/// If the kernel refuses: a user namespace, which an ordinary user needs, may be forbidden.
pub(crate) fn enter() -> Result<()> {
    let (user, group) = (Uid::effective(), Gid::effective());
    if user.is_root() {
        unshare(CloneFlags::CLONE_NEWPID).context("unshare")?;
    } else {
        unshare(CloneFlags::CLONE_NEWUSER | CloneFlags::CLONE_NEWPID).context("unshare")?;
        fs::write("/proc/self/setgroups", "deny").context("setgroups")?;
        fs::write("/proc/self/uid_map", format!("{user} {user} 1")).context("uid_map")?;
        fs::write("/proc/self/gid_map", format!("{group} {group} 1")).context("gid_map")?;
    }
    // SAFETY: this process has one thread.
    match unsafe { fork() }.context("fork")? {
        ForkResult::Child => Ok(()),
        ForkResult::Parent { child } => end_as(child),
    }
}

/// Returns as PID 2. PID 1 waits for it and ends as it does. If a file is named, it writes the status of PID 2 to the file
/// with `.status` at the end of the name, and stays until the file itself is there.
pub(crate) fn descend(linger: Option<&Path>) -> Result<()> {
    // SAFETY: this process has one thread.
    match unsafe { fork() }.context("fork")? {
        ForkResult::Child => Ok(()),
        ForkResult::Parent { child } => match linger {
            None => end_as(child),
            Some(file) => linger_for(child, file),
        },
    }
}

fn linger_for(child: Pid, file: &Path) -> Result<()> {
    let status = loop {
        if let Some((ended, status)) = reap(0)?
            && ended == child.as_raw()
        {
            break status;
        }
    };
    let path = file.with_added_extension("status");
    let part = file.with_added_extension("part");
    fs::write(&part, status.to_string()).context("status")?;
    fs::rename(part, path).context("status")?;
    while !file.exists() {
        if reap(libc::WNOHANG).ok().flatten().is_none() {
            thread::sleep(Duration::from_millis(1));
        }
    }
    std::process::exit(0)
}

/// Reaps a child, and returns its PID and its raw status. nix has no name for some signals.
fn reap(flags: i32) -> Result<Option<(i32, i32)>> {
    let mut status = 0;
    // SAFETY: the kernel writes the status, and nothing else.
    let child = Errno::result(unsafe { libc::waitpid(-1, &raw mut status, flags) }).context("waitpid")?;
    Ok((child > 0).then_some((child, status)))
}

/// Waits for `child`, then ends with its status or by the signal that killed it.
fn end_as(child: Pid) -> Result<()> {
    match waitpid(child, None).context("waitpid")? {
        WaitStatus::Exited(_, status) => std::process::exit(status),
        WaitStatus::Signaled(_, signal, _) => die_by(signal),
        other => anyhow::bail!("PID 1: {other:?}"),
    }
}

fn die_by(signal: Signal) -> Result<()> {
    let mut mask = SigSet::empty();
    mask.add(signal);
    sigprocmask(SigmaskHow::SIG_UNBLOCK, Some(&mask), None).context("sigprocmask")?;
    raise(signal).context("raise")?;
    // PID 1 survives signals that it does not handle. Its status is that of a shell.
    std::process::exit(128 + signal as i32)
}
