//! Keeping chance out of what is timed.

use std::ptr;

use anyhow::{Context, Result};
use nix::{
    errno::Errno,
    libc,
    sched::{CpuSet, sched_getaffinity, sched_setaffinity},
    unistd::Pid,
};

/// This thread, and so what it starts.
const SELF: Pid = Pid::from_raw(0);

/// While this lives, what this thread starts stays on one CPU, and is preferred to all ordinary processes if that is
/// allowed.
///
/// On two CPUs a time tells mostly whether two processes happened to share one. The preference is the kernel's
/// real-time policy, since a mere priority means nothing between sessions, and some inits make one of their own.
pub(super) struct Alone {
    before: CpuSet,
    pub(super) preferred: bool,
}

impl Alone {
    pub(super) fn new() -> Result<Self> {
        let before = sched_getaffinity(SELF)?;
        // The first one tends to have the interrupts.
        let last = (0..CpuSet::count()).rev().find(|cpu| before.is_set(*cpu) == Ok(true));
        let mut one = CpuSet::new();
        one.set(last.context("no CPU")?)?;
        sched_setaffinity(SELF, &one)?;
        Ok(Self { before, preferred: set_policy(libc::SCHED_RR, 1).is_ok() })
    }
}

impl Drop for Alone {
    fn drop(&mut self) {
        let _ = set_policy(libc::SCHED_OTHER, 0);
        let _ = sched_setaffinity(SELF, &self.before);
    }
}

fn set_policy(policy: i32, priority: i32) -> nix::Result<()> {
    let parameters = libc::sched_param { sched_priority: priority };
    // SAFETY: the kernel reads the structure and writes nothing; 0 means this thread.
    Errno::result(unsafe { libc::sched_setscheduler(0, policy, ptr::from_ref(&parameters)) }).map(drop)
}
