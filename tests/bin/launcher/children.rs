//! Children that a program finds when it starts.

use std::io::Read;

use anyhow::{Context, Result, ensure};
use nix::libc;
use nix::sched::CloneFlags;
use nix::sys::wait::{Id, WaitPidFlag, waitid, waitpid};
use nix::unistd::{ForkResult, Pid, fork};

/// Forks `count` children that are zombies on return.
pub(crate) fn make_zombies(count: u32) -> Result<()> {
    for _ in 0..count {
        let child = forked(|| {})?;
        let flags = WaitPidFlag::WEXITED | WaitPidFlag::WNOWAIT;
        waitid(Id::Pid(child), flags).context("waitid")?;
    }
    Ok(())
}

/// Forks `count` children that are zombies on return and whose exit sends no signal. wait(2) finds them only with
/// `__WALL`.
pub(crate) fn make_unusual_zombies(count: u32) -> Result<()> {
    for _ in 0..count {
        let mut stack = vec![0; 64 * 1024];
        // SAFETY: without CLONE_VM the child has its own copy of the stack, and all it does is end.
        let child = unsafe { nix::sched::clone(Box::new(|| 0), &mut stack, CloneFlags::empty(), None) };
        let flags = WaitPidFlag::WEXITED | WaitPidFlag::WNOWAIT | WaitPidFlag::__WALL;
        waitid(Id::Pid(child.context("clone")?), flags).context("waitid")?;
    }
    Ok(())
}

/// Forks a child that forks `count` of its own and exits. They exit when standard input ends.
///
/// Only PID 1 gets them as children.
pub(crate) fn make_orphans(count: u32) -> Result<()> {
    if count == 0 {
        return Ok(());
    }
    ensure!(Pid::this() == Pid::from_raw(1), "--orphans needs --pid-namespace");
    let parent = forked(|| {
        for _ in 0..count {
            if forked(read_to_end).is_err() {
                return;
            }
        }
    })?;
    waitpid(parent, None).context("waitpid")?;
    Ok(())
}

/// Forks `count` children that exit when standard input ends.
pub(crate) fn make_living(count: u32) -> Result<()> {
    for _ in 0..count {
        forked(read_to_end)?;
    }
    Ok(())
}

fn read_to_end() {
    let _ = std::io::stdin().read_to_end(&mut Vec::new());
}

/// Runs `work` in a new process, which then ends.
pub(crate) fn forked(work: impl FnOnce()) -> Result<Pid> {
    // SAFETY: this process has one thread.
    match unsafe { fork() }.context("fork")? {
        ForkResult::Parent { child } => Ok(child),
        ForkResult::Child => {
            work();
            // SAFETY: ends the process without running what the parent registered for its own end.
            unsafe { libc::_exit(0) }
        }
    }
}
