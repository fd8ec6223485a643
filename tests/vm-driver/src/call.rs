//! System calls that `mote-rt` doesn't have, since no shipped program makes them.

use core::{
    ffi::{CStr, c_char},
    mem::MaybeUninit,
    ptr,
};

use linux_raw_sys::{general, ioctl, prctl};
use mote_rt::{Pid, Signal, SignalSet, WaitStatus, sys::ForkResult};
use syscalls::{Errno, Sysno, syscall};

/// `clone(2)` as `fork(2)`; the child is process 1 of a new PID namespace.
pub(crate) fn fork_into_namespace() -> Result<ForkResult, Errno> {
    let flags = general::CLONE_NEWPID | general::SIGCHLD;
    // SAFETY: without CLONE_VM the child has a copy of everything, this stack included.
    let pid = unsafe { syscall!(Sysno::clone, flags, 0, 0, 0, 0) }?;
    Ok(Pid::new(pid as i32).map_or(ForkResult::Child, ForkResult::Parent))
}

/// `kill(2)` without a signal: returns whether the process exists, be it a zombie.
pub(crate) fn exists(pid: Pid) -> bool {
    // SAFETY: the arguments are numbers.
    let result = unsafe { syscall!(Sysno::kill, pid.as_raw(), 0) };
    result != Err(Errno::ESRCH)
}

/// `execve(2)`: returns only if it failed. Both arrays end in a null pointer.
pub(crate) fn execve(file: &CStr, words: &[*const c_char], environment: &[*const c_char]) -> Option<Errno> {
    assert!(words.last().is_some_and(|last| last.is_null()));
    assert!(environment.last().is_some_and(|last| last.is_null()));
    // SAFETY: the kernel reads a string and two arrays of strings, which each end as it expects.
    unsafe { syscall!(Sysno::execve, file.as_ptr(), words.as_ptr(), environment.as_ptr()) }.err()
}

/// `wait4(2)` without waiting: the status of this child, if it is dead; it is reaped.
pub(crate) fn reap(pid: Pid) -> Result<Option<WaitStatus>, Errno> {
    let mut status = 0_u32;
    let (status_at, options) = (ptr::from_mut(&mut status), general::WNOHANG);
    // SAFETY: the kernel writes one status; no resource usage is asked for.
    let found = unsafe { syscall!(Sysno::wait4, pid.as_raw(), status_at, options, 0) }?;
    Ok((found != 0).then(|| WaitStatus::from_raw(status)))
}

/// A time as the kernel has it since it counts beyond 2038.
type Time = general::__kernel_timespec;

/// 32-bit architectures have a second form of each call that takes a time.
#[cfg(target_pointer_width = "32")]
const TIMED: (Sysno, Sysno) = (Sysno::rt_sigtimedwait_time64, Sysno::clock_gettime64);
#[cfg(target_pointer_width = "64")]
const TIMED: (Sysno, Sysno) = (Sysno::rt_sigtimedwait, Sysno::clock_gettime);

/// `sigtimedwait(2)`: takes one of the blocked signals of `set`, and returns it and the process that sent it, if it was
/// not the kernel. Returns `None` if no signal arrives for so many milliseconds.
pub(crate) fn sigtimedwait(set: &SignalSet, milliseconds: u64) -> Option<(Signal, Option<Pid>)> {
    let mut info = MaybeUninit::<general::siginfo_t>::uninit();
    let limit =
        Time { tv_sec: (milliseconds / 1000) as i64, tv_nsec: (milliseconds % 1000 * 1_000_000) as i64 };
    let (set_at, limit_at) = (ptr::from_ref(set), ptr::from_ref(&limit));
    // SAFETY: the kernel reads one signal set and one time, and writes one structure.
    let number =
        unsafe { syscall!(TIMED.0, set_at, info.as_mut_ptr(), limit_at, size_of::<SignalSet>()) }.ok()?;
    // SAFETY: the kernel has written to the whole structure, as it does whenever it returns a signal.
    let info = unsafe { info.assume_init() };
    // SAFETY: all forms of the structure begin with these members.
    let info = unsafe { info.__bindgen_anon_1.__bindgen_anon_1 };
    // SAFETY: of whatever form the rest is, the place of this number holds one.
    let pid = unsafe { info._sifields._kill._pid };
    Some((Signal::new(number as u32)?, if info.si_code > 0 { None } else { Pid::new(pid) }))
}

/// Sleeps.
pub(crate) fn sleep(milliseconds: u64) {
    let _ = sigtimedwait(&SignalSet::EMPTY, milliseconds);
}

/// `clock_gettime(2)`: milliseconds of a clock that only goes forward.
pub(crate) fn now() -> u64 {
    let mut time = Time { tv_sec: 0, tv_nsec: 0 };
    // SAFETY: the kernel writes one time.
    let _ = unsafe { syscall!(TIMED.1, general::CLOCK_MONOTONIC, ptr::from_mut(&mut time)) };
    time.tv_sec as u64 * 1000 + time.tv_nsec as u64 / 1_000_000
}

/// Calls write(2) until all bytes are written or it fails.
pub(crate) fn write(fd: usize, bytes: &[u8]) {
    let mut rest = bytes;
    while !rest.is_empty() {
        // SAFETY: the kernel reads the bytes of one slice.
        match unsafe { syscall!(Sysno::write, fd, rest.as_ptr(), rest.len()) } {
            Ok(count) => rest = rest.get(count..).unwrap_or_default(),
            Err(Errno::EINTR) => {}
            Err(_) => return,
        }
    }
}

/// `read(2)`: how many bytes were read.
pub(crate) fn read(fd: usize, buffer: &mut [u8]) -> Result<usize, Errno> {
    // SAFETY: the kernel writes into one slice, no further than its end.
    unsafe { syscall!(Sysno::read, fd, buffer.as_mut_ptr(), buffer.len()) }
}

/// `openat(2)`, for reading and writing.
pub(crate) fn open(path: &CStr, flags: u32) -> Result<usize, Errno> {
    let flags = flags | general::O_RDWR;
    // SAFETY: the kernel reads a string.
    unsafe { syscall!(Sysno::openat, general::AT_FDCWD as isize, path.as_ptr(), flags, 0) }
}

/// `close(2)`.
pub(crate) fn close(fd: usize) {
    // SAFETY: nothing here holds on to memory by a descriptor.
    let _ = unsafe { syscall!(Sysno::close, fd) };
}

/// `dup3(2)`: makes `to` another name of `from`.
pub(crate) fn duplicate(from: usize, to: usize) {
    // SAFETY: as above.
    let _ = unsafe { syscall!(Sysno::dup3, from, to, 0) };
}

/// `pipe2(2)`: an end to read from, and one to write to. Programs that are executed have neither.
pub(crate) fn pipe() -> Result<[usize; 2], Errno> {
    let mut ends = [0_u32; 2];
    // SAFETY: the kernel writes two numbers.
    unsafe { syscall!(Sysno::pipe2, ends.as_mut_ptr(), general::O_CLOEXEC) }?;
    Ok(ends.map(|end| end as usize))
}

/// `mount(2)` of a file system that needs no device.
pub(crate) fn mount(kind: &CStr, target: &CStr) -> Result<(), Errno> {
    // SAFETY: the kernel reads three strings and is given no options.
    unsafe { syscall!(Sysno::mount, kind.as_ptr(), target.as_ptr(), kind.as_ptr(), 0, 0) }.map(drop)
}

/// Unlocks the side of a terminal where programs are, and returns its number.
pub(crate) fn unlock_terminal(user: usize) -> Result<u32, Errno> {
    let (unlocked, mut number) = (0_u32, 0_u32);
    // SAFETY: the kernel reads one number.
    unsafe { syscall!(Sysno::ioctl, user, ioctl::TIOCSPTLCK, ptr::from_ref(&unlocked)) }?;
    // SAFETY: the kernel writes one number.
    unsafe { syscall!(Sysno::ioctl, user, ioctl::TIOCGPTN, ptr::from_mut(&mut number)) }?;
    Ok(number)
}

/// `tcgetpgrp(3)`: returns the foreground process group of the terminal on standard input.
pub(crate) fn tcgetpgrp() -> Result<Option<Pid>, Errno> {
    let mut group = 0;
    // SAFETY: the kernel writes one number.
    unsafe { syscall!(Sysno::ioctl, 0, ioctl::TIOCGPGRP, ptr::from_mut(&mut group)) }?;
    Ok(Pid::new(group))
}

/// Where there are two forms of a call, the first knew smaller numbers.
#[cfg(target_pointer_width = "32")]
const WHO: [Sysno; 3] = [Sysno::getresuid32, Sysno::getresgid32, Sysno::getgroups32];
#[cfg(target_pointer_width = "64")]
const WHO: [Sysno; 3] = [Sysno::getresuid, Sysno::getresgid, Sysno::getgroups];

/// Real, effective and saved user, and the same of the group.
pub(crate) fn identity() -> [[u32; 3]; 2] {
    [WHO[0], WHO[1]].map(|call| {
        let mut ids = [0_u32; 3];
        let [real, effective, saved] = ids.each_mut().map(ptr::from_mut);
        // SAFETY: the kernel writes three numbers.
        let _ = unsafe { syscall!(call, real, effective, saved) };
        ids
    })
}

/// The supplementary groups, as many as there is room for.
pub(crate) fn groups(room: &mut [u32]) -> &mut [u32] {
    // SAFETY: the kernel writes as many numbers as there is room for, or none.
    let count = unsafe { syscall!(WHO[2], room.len(), room.as_mut_ptr()) }.unwrap_or(0);
    &mut room[..count]
}

/// An instruction of a filter: `struct sock_filter` of `linux/filter.h`.
#[repr(C)]
struct Instruction {
    code: u16,
    if_true: u8,
    if_false: u8,
    value: u32,
}

/// `struct sock_fprog` of the same.
#[repr(C)]
struct Filter {
    length: u16,
    instructions: *const Instruction,
}

/// `prctl(2)` with PR_SET_SECCOMP: from here on a call fails with this error, for this process and all that it makes.
pub(crate) fn refuse(call: Sysno, errno: Errno) {
    /// Of `linux/bpf_common.h`: BPF_LD | BPF_W | BPF_ABS, BPF_JMP | BPF_JEQ | BPF_K, and BPF_RET | BPF_K.
    const LOAD: u16 = 0x20;
    const SKIP_UNLESS_EQUAL: u16 = 0x15;
    const ANSWER: u16 = 0x06;
    /// Of `linux/seccomp.h`.
    const SECCOMP_MODE_FILTER: usize = 2;
    const SECCOMP_RET_ERRNO: u32 = 0x0005_0000;
    const SECCOMP_RET_ALLOW: u32 = 0x7fff_0000;
    let step = |code, if_false, value| Instruction { code, if_true: 0, if_false, value };
    let instructions = [
        // `struct seccomp_data` begins with the number of the call.
        step(LOAD, 0, 0),
        step(SKIP_UNLESS_EQUAL, 1, call as u32),
        step(ANSWER, 0, SECCOMP_RET_ERRNO | errno.into_raw() as u32),
        step(ANSWER, 0, SECCOMP_RET_ALLOW),
    ];
    let filter = Filter { length: instructions.len() as u16, instructions: instructions.as_ptr() };
    // SAFETY: the kernel reads one structure and as many instructions as that says.
    let set =
        unsafe { syscall!(Sysno::prctl, prctl::PR_SET_SECCOMP, SECCOMP_MODE_FILTER, ptr::from_ref(&filter)) };
    assert!(set.is_ok(), "seccomp: {set:?}");
}
