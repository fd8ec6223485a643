//! Processes.

use core::ptr;

use linux_raw_sys::{general, ioctl, prctl};
use syscalls::raw;

use super::{Fd, done};
use crate::{
    Errno,
    arch::nr,
    signal::Signal,
    stack::{StackStr, Strings},
};

/// `exit(2)`: ends the calling thread, which is the process where there is one thread only. If a filter
/// refuses that, the call returns.
#[inline(always)]
pub fn exit(status: i32) {
    // SAFETY: the call takes one number.
    unsafe { raw::syscall1(nr::EXIT, status as u32 as usize) };
}

/// `exit_group(2)`: ends the process. If a filter refuses that, the call returns.
#[inline(always)]
pub fn exit_group(status: i32) {
    // SAFETY: the call takes one number.
    unsafe { raw::syscall1(nr::EXIT_GROUP, status as u32 as usize) };
}

/// `sched_yield(2)`: lets others run first.
#[inline(always)]
pub fn sched_yield() {
    // SAFETY: the call has no arguments.
    unsafe { raw::syscall0(nr::SCHED_YIELD) };
}

/// `wait4(2)` without waiting, for any child of any kind (`__WALL`): reaps one that is dead. False if there
/// was none.
#[inline(always)]
pub fn reap() -> bool {
    let options = general::WNOHANG | general::__WALL;
    // SAFETY: no status and no resource usage are asked for, so the kernel writes nothing.
    let pid = unsafe { raw::syscall4(nr::WAIT4, -1_isize as usize, 0, options as usize, 0) };
    pid as isize > 0
}

/// The number of a process or of a process group.
pub type Pid = i32;

/// `clone(2)` as `fork(2)`: the child's number in the parent, 0 in the child.
#[inline(always)]
pub fn fork() -> Result<Pid, Errno> {
    // SAFETY: without CLONE_VM the child has a copy of everything, this stack included.
    Errno::check(unsafe { raw::syscall5(nr::CLONE, general::SIGCHLD as usize, 0, 0, 0, 0) })
        .map(|pid| pid as Pid)
}

/// `execve(2)`: returns only if it failed.
#[inline(always)]
pub fn execve(path: StackStr, args: Strings, env: Strings) -> Errno {
    // SAFETY: the kernel reads a string and two arrays of strings, which each end as it expects.
    let answer = unsafe {
        raw::syscall3(nr::EXECVE, path.as_ptr() as usize, args.as_ptr() as usize, env.as_ptr() as usize)
    };
    Errno::of(answer)
}

/// A child that was reaped.
pub struct Dead {
    /// Who it was.
    pub pid: Pid,
    /// How it ended, as `wait(2)` encodes it.
    pub status: i32,
}

/// `wait4(2)` without waiting, for any child of any kind (`__WALL`): reaps one that is dead. `Ok(None)` if none
/// of the children is, an error if there are no children.
#[inline(always)]
pub fn wait() -> Result<Option<Dead>, Errno> {
    let mut status = 0_i32;
    let options = general::WNOHANG | general::__WALL;
    // SAFETY: the kernel writes one status; no resource usage is asked for.
    let answer = unsafe {
        raw::syscall4(nr::WAIT4, -1_isize as usize, ptr::from_mut(&mut status) as usize, options as usize, 0)
    };
    let pid = Errno::check(answer)? as Pid;
    Ok((pid != 0).then_some(Dead { pid, status }))
}

/// `setpgid(2)`: puts a process into a group of its own; 0 is the caller.
#[inline(always)]
pub fn lead_group(pid: Pid) -> Result<(), Errno> {
    // SAFETY: the call takes two numbers.
    done(unsafe { raw::syscall2(nr::SETPGID, pid as usize, pid as usize) })
}

/// `tcsetpgrp(3)`: makes `group` the foreground group of the terminal on `fd`.
#[inline(always)]
pub fn set_foreground(fd: Fd, group: Pid) -> Result<(), Errno> {
    // SAFETY: the kernel reads one number.
    done(unsafe {
        raw::syscall3(nr::IOCTL, fd.0 as usize, ioctl::TIOCSPGRP as usize, ptr::from_ref(&group) as usize)
    })
}

/// `getpid(2)`.
#[inline(always)]
pub fn getpid() -> Pid {
    // SAFETY: the call has no arguments.
    (unsafe { raw::syscall0(nr::GETPID) }) as Pid
}

/// `getppid(2)`; 0 if the parent is in another PID namespace.
#[inline(always)]
pub fn getppid() -> Pid {
    // SAFETY: the call has no arguments.
    (unsafe { raw::syscall0(nr::GETPPID) }) as Pid
}

/// `prctl(PR_SET_CHILD_SUBREAPER)`: descendants whose parent dies become children of the caller.
#[inline(always)]
pub fn become_subreaper() -> Result<(), Errno> {
    // SAFETY: the call takes numbers only.
    done(unsafe { raw::syscall2(nr::PRCTL, prctl::PR_SET_CHILD_SUBREAPER as usize, 1) })
}

/// `prctl(PR_SET_PDEATHSIG)`: the kernel sends `signal` when the caller's parent dies.
#[inline(always)]
pub fn set_parent_death_signal(signal: Signal) -> Result<(), Errno> {
    // SAFETY: the call takes numbers only.
    done(unsafe { raw::syscall2(nr::PRCTL, prctl::PR_SET_PDEATHSIG as usize, signal.number() as usize) })
}

/// Whether a child of the caller is in process group `group`, so that the group is not a stranger's. Reaps one
/// that is dead.
#[inline(always)]
pub fn has_child_in_group(group: Pid) -> bool {
    let options = general::WNOHANG | general::__WALL;
    // SAFETY: no status and no resource usage are asked for, so the kernel writes nothing.
    done(unsafe { raw::syscall4(nr::WAIT4, -group as usize, 0, options as usize, 0) }).is_ok()
}

/// `mmap(2)` of fresh memory, full of zeros, that stays for good. It takes up pages only as they are written to.
#[inline(never)]
pub fn memory(bytes: usize) -> Result<*mut u8, Errno> {
    let protection = general::PROT_READ | general::PROT_WRITE;
    let flags = general::MAP_PRIVATE | general::MAP_ANONYMOUS;
    // SAFETY: the kernel chooses a place that nothing else is in.
    let address = unsafe {
        raw::syscall6(nr::MMAP, 0, bytes, protection as usize, flags as usize, -1_isize as usize, 0)
    };
    Errno::check(address).map(|address| address as *mut u8)
}
