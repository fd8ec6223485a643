//! Processes.

use core::{ptr, slice};

use linux_raw_sys::{general, ioctl, prctl};
use syscalls::raw;

use super::{Fd, close, done, open, read};
use crate::{Errno, arch::nr, signal::Signal, stack::Strings, string::StackStr, text};

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

/// `execve(2)`: returns only if it failed, and then with an error.
#[inline(always)]
pub fn execve(path: StackStr, args: Strings, env: Strings) -> Option<Errno> {
    // SAFETY: the kernel reads a string and two arrays of strings, which each end as it expects.
    done(unsafe {
        raw::syscall3(nr::EXECVE, path.as_ptr() as usize, args.as_ptr() as usize, env.as_ptr() as usize)
    })
    .err()
}

/// A child that was reaped.
pub struct Dead {
    /// Who it was; 0 for nobody.
    pub pid: Pid,
    /// How it ended, as `wait(2)` encodes it.
    pub status: u32,
}

/// `wait4(2)` without waiting, for any child of any kind (`__WALL`): reaps one that is dead, or nobody if all of
/// them live. An error if there are no children.
#[inline(always)]
pub fn wait() -> Result<Dead, Errno> {
    let mut status = 0_u32;
    let options = general::WNOHANG | general::__WALL;
    // SAFETY: the kernel writes one status; no resource usage is asked for.
    let answer = unsafe {
        raw::syscall4(nr::WAIT4, -1_isize as usize, ptr::from_mut(&mut status) as usize, options as usize, 0)
    };
    Ok(Dead { pid: Errno::check(answer)? as Pid, status })
}

/// `wait4(2)` without waiting, again and again: reaps all children that are dead. An error if that is refused.
#[inline(always)]
pub fn reap_all() -> Result<(), Errno> {
    let options = general::WNOHANG | general::__WALL;
    loop {
        // SAFETY: no status and no resource usage are asked for, so the kernel writes nothing.
        let answer = unsafe { raw::syscall4(nr::WAIT4, -1_isize as usize, 0, options as usize, 0) };
        match Errno::check(answer) {
            Ok(0) | Err(Errno::ECHILD) => return Ok(()),
            Ok(_) => {}
            Err(error) => return Err(error),
        }
    }
}

/// `setpgid(2)`: puts a process into a group of its own; 0 is the caller.
#[inline(always)]
pub fn lead_group(pid: Pid) -> Result<(), Errno> {
    // SAFETY: the call takes two numbers.
    done(unsafe { raw::syscall2(nr::SETPGID, pid as u32 as usize, pid as u32 as usize) })
}

/// `tcsetpgrp(3)`: makes `group` the foreground group of the terminal on `fd`.
#[inline(always)]
pub fn set_foreground(fd: Fd, group: Pid) -> Result<(), Errno> {
    // SAFETY: the kernel reads one number.
    done(unsafe { raw::syscall3(nr::IOCTL, fd.0, ioctl::TIOCSPGRP as usize, ptr::from_ref(&group) as usize) })
}

/// `setsid(2)`: the caller leads a new session, and in it a new process group.
#[inline(always)]
pub fn lead_session() -> Result<(), Errno> {
    // SAFETY: the call has no arguments.
    Errno::check(unsafe { raw::syscall0(nr::SETSID) }).map(|_| ())
}

/// `getsid(2)` of the caller: the session that it is in.
#[inline(always)]
pub fn session() -> Pid {
    // SAFETY: the call takes one number.
    (unsafe { raw::syscall1(nr::GETSID, 0) }) as Pid
}

/// `ioctl(TIOCNOTTY)`: gives up the controlling terminal, which `fd` is. If the caller leads the session, everybody in
/// it loses the terminal, and those in the foreground get SIGHUP and SIGCONT.
#[inline(always)]
pub fn leave_terminal(fd: Fd) -> Result<(), Errno> {
    // SAFETY: the call takes numbers only.
    done(unsafe { raw::syscall3(nr::IOCTL, fd.0, ioctl::TIOCNOTTY as usize, 0) })
}

/// `ioctl(TIOCSCTTY)`: makes the terminal on `fd`, which must be nobody's, that of the session that the caller leads.
#[inline(always)]
pub fn take_terminal(fd: Fd) -> Result<(), Errno> {
    // SAFETY: the call takes numbers only.
    done(unsafe { raw::syscall3(nr::IOCTL, fd.0, ioctl::TIOCSCTTY as usize, 0) })
}

/// `getpid(2)`; negative if a filter refuses that, so that it is no number to signal: see [`raise`](super::raise).
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

/// `prctl(PR_GET_CHILD_SUBREAPER)`: whether the caller is one.
#[inline(always)]
pub fn is_subreaper() -> bool {
    let mut is_one = 0_i32;
    // SAFETY: the kernel writes one number.
    unsafe {
        raw::syscall2(nr::PRCTL, prctl::PR_GET_CHILD_SUBREAPER as usize, ptr::from_mut(&mut is_one) as usize)
    };
    is_one != 0
}

/// `prctl(PR_SET_PDEATHSIG)`: the kernel sends `signal` when the caller's parent dies.
#[inline(always)]
pub fn set_parent_death_signal(signal: Signal) -> Result<(), Errno> {
    // SAFETY: the call takes numbers only.
    done(unsafe { raw::syscall2(nr::PRCTL, prctl::PR_SET_PDEATHSIG as usize, signal.number() as usize) })
}

/// Which children [`has_child`] asks for.
#[derive(Clone, Copy)]
pub enum Which {
    /// The one of this number.
    Process(Pid),
    /// Those in this process group.
    Group(Pid),
}

/// `waitid(2)` that neither waits nor reaps: whether the caller has such a child, be it dead. As long as it is not
/// reaped its number is nobody else's.
#[inline(always)]
pub fn has_child(which: Which) -> bool {
    let (kind, id) = match which {
        Which::Process(pid) => (general::P_PID, pid),
        Which::Group(group) => (general::P_PGID, group),
    };
    let options = general::WEXITED | general::WNOHANG | general::WNOWAIT;
    // SAFETY: nothing is asked for, so the kernel writes nothing.
    done(unsafe { raw::syscall5(nr::WAITID, kind as usize, id as u32 as usize, 0, options as usize, 0) })
        .is_ok()
}

/// `getpgid(2)`: the process group that a process is in.
#[inline(always)]
pub fn group_of(pid: Pid) -> Pid {
    // SAFETY: the call takes one number.
    (unsafe { raw::syscall1(nr::GETPGID, pid as u32 as usize) }) as Pid
}

/// Does something for each child of the caller, the dead that are not reaped included; for none where the kernel
/// doesn't list them (`CONFIG_PROC_CHILDREN`), or where `/proc` is not mounted or is another PID namespace's.
#[inline(always)]
pub fn for_each_child(mut act: impl FnMut(Pid)) {
    let Ok(file) = open(text!("/proc/thread-self/children")) else { return };
    let (mut pid, mut byte): (Pid, _) = (0, 0);
    // Byte by byte: this is for the end of a life, and the kernel has the text ready.
    while read(file, slice::from_mut(&mut byte)) == Ok(1) {
        // Each number is followed by a blank.
        if byte == b' ' {
            if has_child(Which::Process(pid)) {
                act(pid);
            }
            pid = 0;
        } else {
            pid = pid.wrapping_mul(10).wrapping_add((byte & 15).into());
        }
    }
    close(file);
}
