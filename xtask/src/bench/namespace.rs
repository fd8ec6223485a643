//! Being process 1.

use std::{fs::File, thread};

use anyhow::{Context, Result, anyhow};
use nix::sched::{CloneFlags, setns, unshare};

/// Does `work` where the first process that is started becomes process 1 of a new PID namespace.
///
/// In a thread of its own, since a thread can ask for such a namespace once.
pub(super) fn as_process_1<T: Send>(work: impl FnOnce() -> Result<T> + Send) -> Result<T> {
    aside(|| {
        unshare(CloneFlags::CLONE_NEWPID).context("no PID namespace (root can have one)")?;
        work()
    })
}

/// Does `work` where every process that is started comes into the PID namespace of process `pid`.
pub(super) fn beside<T: Send>(pid: i32, work: impl FnOnce() -> Result<T> + Send) -> Result<T> {
    aside(|| {
        let namespace = File::open(format!("/proc/{pid}/ns/pid"))?;
        setns(namespace, CloneFlags::CLONE_NEWPID).context("setns")?;
        work()
    })
}

fn aside<T: Send>(work: impl FnOnce() -> Result<T> + Send) -> Result<T> {
    thread::scope(|scope| scope.spawn(work).join().map_err(|_| anyhow!("a thread died"))?)
}
