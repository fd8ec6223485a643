//! Threads whose children start in another PID namespace, or on one CPU.

use std::{fs::File, ptr, thread};

use anyhow::{Context, Result, anyhow};
use nix::{
    errno::Errno,
    libc,
    sched::{CloneFlags, CpuSet, sched_getaffinity, sched_setaffinity, setns, unshare},
    unistd::Pid,
};

/// Runs `work` in a new thread, so that changes of the thread's attributes end with it.
pub(crate) fn in_thread<T: Send>(work: impl FnOnce() -> Result<T> + Send) -> Result<T> {
    thread::scope(|scope| scope.spawn(work).join().map_err(|_| anyhow!("a thread panicked"))?)
}

/// Runs `work` in a thread whose first child becomes PID 1 of a new PID namespace.
///
/// # Errors
/// The error of `work`; only root can create a PID namespace.
pub fn in_new_pid_namespace<T: Send>(work: impl FnOnce() -> Result<T> + Send) -> Result<T> {
    in_thread(|| {
        unshare(CloneFlags::CLONE_NEWPID).context("can't create a PID namespace (root can)")?;
        work()
    })
}

/// Runs `work` in a thread whose children start in the PID namespace of the process `pid`.
pub(crate) fn in_pid_namespace_of<T: Send>(pid: i32, work: impl FnOnce() -> Result<T> + Send) -> Result<T> {
    in_thread(|| {
        setns(File::open(format!("/proc/{pid}/ns/pid"))?, CloneFlags::CLONE_NEWPID).context("setns")?;
        work()
    })
}

/// Moves this thread to one CPU and, if permitted, to a real-time policy; returns whether it was. Children inherit both.
///
/// On two CPUs, times would mostly tell whether two processes happened to share one. A nice value would not do: it has
/// no effect between sessions (sched(7), "The autogroup feature"), and some inits start one.
pub(crate) fn isolate() -> Result<bool> {
    let this = Pid::from_raw(0);
    let allowed = sched_getaffinity(this)?;
    // CPU 0 often handles the interrupts.
    let last = (0..CpuSet::count()).rev().find(|cpu| allowed.is_set(*cpu) == Ok(true));
    let mut cpus = CpuSet::new();
    cpus.set(last.context("no CPU")?)?;
    sched_setaffinity(this, &cpus)?;
    let parameters = libc::sched_param { sched_priority: 1 };
    // SAFETY: the kernel only reads the structure, which outlives the call.
    let result = unsafe { libc::sched_setscheduler(0, libc::SCHED_RR, ptr::from_ref(&parameters)) };
    Ok(Errno::result(result).is_ok())
}
