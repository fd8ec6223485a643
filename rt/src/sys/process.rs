//! Processes.

use core::ptr;

use linux_raw_sys::{general, prctl};
use syscalls::raw;

use super::unit;
use crate::{
    Errno, Pid, Signal, Standalone, Strings, ThinCStr, WaitStatus,
    arch::{self, nr},
};

/// `exit(2)`: ends the calling thread. Returns only if seccomp refuses it.
#[inline(always)]
pub fn exit(status: i32) {
    // SAFETY: the argument is a number.
    unsafe { raw::syscall1(nr::EXIT, arch::int_argument(status)) };
}

/// `exit_group(2)`: ends the process. Returns only if seccomp refuses it.
#[inline(always)]
pub fn exit_group(status: i32) {
    // SAFETY: the argument is a number.
    unsafe { raw::syscall1(nr::EXIT_GROUP, arch::int_argument(status)) };
}

/// `sched_yield(2)`: lets other threads run first.
#[inline(always)]
pub fn sched_yield() {
    // SAFETY: the call has no arguments.
    unsafe { raw::syscall0(nr::SCHED_YIELD) };
}

/// In which process [`fork`] returns.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ForkResult {
    /// In the parent, with the child's ID.
    Parent(Pid),
    /// In the child.
    Child,
}

/// `fork(2)`, as `clone(2)` with SIGCHLD alone.
#[inline(always)]
pub fn fork(_: Standalone) -> Result<ForkResult, Errno> {
    // SAFETY: without CLONE_VM the child has a copy of the memory, and there is no other thread whose locks it could
    // inherit.
    let pid = Errno::int_result(unsafe { raw::syscall5(nr::CLONE, general::SIGCHLD as usize, 0, 0, 0, 0) })?;
    Ok(Pid::new(pid as i32).map_or(ForkResult::Child, ForkResult::Parent))
}

/// `execve(2)`. Returns only on failure.
#[inline(always)]
pub fn execve(path: ThinCStr<'_>, args: Strings<'_>, env: Strings<'_>) -> Errno {
    // SAFETY: the kernel reads a string and two arrays of strings that null pointers end.
    let returned = unsafe {
        raw::syscall3(nr::EXECVE, path.as_ptr() as usize, args.as_ptr() as usize, env.as_ptr() as usize)
    };
    match unit(returned) {
        Err(error) => error,
        // execve(2) does not return 0.
        Ok(()) => Errno::EINVAL,
    }
}

/// Options of a `wait4(2)` that does not block and takes children of any kind.
const WAIT_OPTIONS: u32 = general::WNOHANG | general::__WALL;

/// `wait4(2)` of any child, without blocking. Reaps one zombie, or returns `None` if no child is one.
///
/// # Errors
/// ECHILD if there are no children.
#[inline(always)]
pub fn wait4() -> Result<Option<(Pid, WaitStatus)>, Errno> {
    let mut status = 0_u32;
    // SAFETY: the kernel writes one status and no resource usage.
    let returned = unsafe {
        let status = ptr::from_mut(&mut status) as usize;
        raw::syscall4(nr::WAIT4, -1_isize as usize, status, WAIT_OPTIONS as usize, 0)
    };
    let pid = Errno::int_result(returned)? as i32;
    Ok(Pid::new(pid).map(|pid| (pid, WaitStatus::from_raw(status))))
}

/// Reaps every zombie among the children.
///
/// # Errors
/// seccomp refuses `wait4(2)`.
#[inline(always)]
pub fn reap_zombies() -> Result<(), Errno> {
    loop {
        // SAFETY: without a status and resource usage the kernel writes nothing.
        let returned = unsafe { raw::syscall4(nr::WAIT4, -1_isize as usize, 0, WAIT_OPTIONS as usize, 0) };
        if Pid::new(returned as i32).is_none() {
            return match Errno::unit_result(returned) {
                Err(Errno::ECHILD) => Ok(()),
                result => result,
            };
        }
    }
}

/// Children that [`waitid_nowait`] and [`waitid_blocking`] look for.
#[derive(Clone, Copy)]
pub enum WaitId {
    /// Any child.
    All,
    /// The child with this ID.
    Pid(Pid),
    /// Children in this process group.
    Group(Pid),
}

/// `waitid(2)` that neither blocks nor reaps. Succeeds if the caller has such a child, be it a zombie: until it is
/// reaped, its ID belongs to no other process.
#[inline(always)]
pub fn waitid_nowait(id: WaitId) -> Result<(), Errno> {
    waitid(id, general::WNOHANG)
}

/// `waitid(2)` that blocks until such a child is a zombie, and does not reap it.
#[inline(always)]
pub fn waitid_blocking(id: WaitId) -> Result<(), Errno> {
    waitid(id, 0)
}

#[inline(always)]
fn waitid(id: WaitId, options: u32) -> Result<(), Errno> {
    let (kind, pid) = match id {
        WaitId::All => (general::P_ALL, 0),
        WaitId::Pid(pid) => (general::P_PID, raw_pid(pid)),
        WaitId::Group(group) => (general::P_PGID, raw_pid(group)),
    };
    let options = general::WEXITED | general::WNOWAIT | options;
    // SAFETY: without `siginfo_t` and resource usage the kernel writes nothing.
    unit(unsafe { raw::syscall5(nr::WAITID, kind as usize, pid, 0, options as usize, 0) })
}

/// `setpgid(2)`: makes a process the leader of a new process group; `None` is the caller.
#[inline(always)]
pub fn setpgid(pid: Option<Pid>) -> Result<(), Errno> {
    let pid = pid.map_or(0, raw_pid);
    // SAFETY: the arguments are numbers. 0 as the group means the same number as the process.
    unit(unsafe { raw::syscall2(nr::SETPGID, pid, 0) })
}

/// `getpgid(2)`: returns the process group of a process; `None` is the caller.
#[inline(always)]
pub fn getpgid(pid: Option<Pid>) -> Option<Pid> {
    // SAFETY: the argument is a number.
    Pid::new((unsafe { raw::syscall1(nr::GETPGID, pid.map_or(0, raw_pid)) }) as i32)
}

/// `setsid(2)`: makes the caller the leader of a new session and of a new process group.
#[inline(always)]
pub fn setsid() -> Result<(), Errno> {
    // SAFETY: the call has no arguments.
    Errno::int_result(unsafe { raw::syscall0(nr::SETSID) }).map(|_| ())
}

/// `getsid(2)`: returns the session of the caller, or `None` if its leader is in another PID namespace.
#[inline(always)]
pub fn getsid() -> Result<Option<Pid>, Errno> {
    // SAFETY: the argument is a number.
    Errno::int_result(unsafe { raw::syscall1(nr::GETSID, 0) }).map(|session| Pid::new(session as i32))
}

/// `getpid(2)`: returns the caller's ID, unless seccomp refuses it.
#[inline(always)]
pub fn getpid() -> Option<Pid> {
    // SAFETY: the call has no arguments.
    Pid::new((unsafe { raw::syscall0(nr::GETPID) }) as i32)
}

/// `getrandom(2)`: returns a random number, or 0 if there is none.
pub fn getrandom() -> u32 {
    let mut number = 0_u32;
    // SAFETY: the kernel writes four bytes.
    unsafe {
        let number = ptr::from_mut(&mut number) as usize;
        raw::syscall3(nr::GETRANDOM, number, size_of::<u32>(), general::GRND_NONBLOCK as usize)
    };
    number
}

/// `getppid(2)`: returns the parent's ID, unless seccomp refuses it or the parent is in another PID namespace.
#[inline(always)]
pub fn getppid() -> Option<Pid> {
    // SAFETY: the call has no arguments.
    Pid::new((unsafe { raw::syscall0(nr::GETPPID) }) as i32)
}

/// `prctl(PR_SET_CHILD_SUBREAPER)`: descendants whose parent dies become children of the caller.
#[inline(always)]
pub fn prctl_set_child_subreaper() -> Result<(), Errno> {
    // SAFETY: the arguments are numbers.
    unit(unsafe { raw::syscall2(nr::PRCTL, prctl::PR_SET_CHILD_SUBREAPER as usize, 1) })
}

/// `prctl(PR_GET_CHILD_SUBREAPER)`: returns whether the caller is a child subreaper.
#[inline(always)]
pub fn prctl_get_child_subreaper() -> bool {
    let mut is_subreaper = 0_i32;
    // SAFETY: the kernel writes one `int`.
    unsafe {
        let is_subreaper = ptr::from_mut(&mut is_subreaper) as usize;
        raw::syscall2(nr::PRCTL, prctl::PR_GET_CHILD_SUBREAPER as usize, is_subreaper)
    };
    is_subreaper != 0
}

/// `prctl(PR_SET_PDEATHSIG)`: the kernel sends `signal` when the caller's parent thread ends.
#[inline(always)]
pub fn prctl_set_pdeathsig(signal: Signal) -> Result<(), Errno> {
    // SAFETY: the arguments are numbers.
    unit(unsafe { raw::syscall2(nr::PRCTL, prctl::PR_SET_PDEATHSIG as usize, signal.number() as usize) })
}

/// `prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL)`: the next program gets no capability from this one, unless its file
/// grants it.
///
/// # Errors
/// EINVAL before Linux 4.3, where there are no ambient capabilities.
#[inline(always)]
pub fn prctl_clear_ambient_capabilities() -> Result<(), Errno> {
    let (option, clear) = (prctl::PR_CAP_AMBIENT as usize, prctl::PR_CAP_AMBIENT_CLEAR_ALL as usize);
    // SAFETY: the arguments are numbers.
    unit(unsafe { raw::syscall5(nr::PRCTL, option, clear, 0, 0, 0) })
}

/// Returns the number of a process as an argument of a system call.
#[inline(always)]
pub(super) fn raw_pid(pid: Pid) -> usize {
    pid.as_raw() as usize
}
