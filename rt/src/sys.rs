//! Typed system calls: one function each, with the kernel's answer as `Result<_, Errno>`.
//!
//! Safe functions all: a call is here only in a form that can't touch memory that it was not lent.

use core::{ffi::CStr, ptr};

use linux_raw_sys::general;
use syscalls::raw;

use crate::{
    Errno,
    arch::{self, nr},
    signal::{SIGSET_SIZE, SigSet, Signal},
};

/// A file descriptor's number.
#[derive(Clone, Copy)]
pub struct Fd(i32);

impl Fd {
    /// Standard output.
    pub const STDOUT: Self = Self(general::STDOUT_FILENO as i32);
    /// Standard error.
    pub const STDERR: Self = Self(general::STDERR_FILENO as i32);
}

/// `write(2)`, answered as the kernel does: the count of bytes that were written, or minus an errno.
#[inline(always)]
pub fn write_raw(fd: Fd, bytes: &[u8]) -> isize {
    // SAFETY: the kernel reads the bytes of one slice.
    unsafe { raw::syscall3(nr::WRITE, fd.0 as usize, bytes.as_ptr() as usize, bytes.len()) as isize }
}

/// `write(2)`: how many bytes were written, which may be fewer than were given.
#[inline(always)]
pub fn write(fd: Fd, bytes: &[u8]) -> Result<usize, Errno> {
    Errno::check(write_raw(fd, bytes) as usize)
}

/// `chdir(2)`.
#[inline(always)]
pub fn chdir(path: &CStr) -> Result<(), Errno> {
    // SAFETY: the kernel reads a string that ends in NUL.
    Errno::check(unsafe { raw::syscall1(nr::CHDIR, path.as_ptr() as usize) }).map(drop)
}

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

/// What a signal does to the process, as the kernel wants to be told.
pub struct SigAction(general::kernel_sigaction);

impl SigAction {
    /// Nothing: the kernel discards the signal. With SIGCHLD it also reaps whoever dies from then on.
    #[inline(always)]
    pub fn ignore() -> Self {
        // SAFETY: all members are numbers or optional pointers, for which zero is a value.
        let mut action: general::kernel_sigaction = unsafe { core::mem::zeroed() };
        action.sa_handler_kernel = linux_raw_sys::signal_macros::sig_ign();
        action.sa_flags = arch::SA_FLAGS as _;
        Self(action)
    }

    /// Turns it into: call `function` with the signal's number.
    #[inline(always)]
    pub fn call(&mut self, function: extern "C" fn(i32)) {
        self.0.sa_handler_kernel = Some(function);
    }

    /// The signals that are blocked while the function runs: none.
    #[inline(always)]
    pub const fn mask(&self) -> &SigSet {
        &self.0.sa_mask
    }
}

/// `rt_sigaction(2)`: sets what `signal` does.
#[inline(always)]
pub fn sigaction(signal: Signal, action: &SigAction) -> Result<(), Errno> {
    // SAFETY: the kernel reads one structure of the architecture's own layout and writes none. The signal's
    // new action runs no code but a safe function of the type that the kernel calls.
    Errno::check(unsafe {
        raw::syscall4(
            nr::RT_SIGACTION,
            signal.number() as usize,
            ptr::from_ref(action) as usize,
            0,
            SIGSET_SIZE,
        )
    })
    .map(drop)
}

/// `rt_sigprocmask(2)` with SIG_SETMASK: exactly the signals of `set` are blocked from now on.
#[inline(always)]
pub fn set_signal_mask(set: &SigSet) -> Result<(), Errno> {
    // SAFETY: the kernel reads one signal set and writes none.
    Errno::check(unsafe {
        raw::syscall4(
            nr::RT_SIGPROCMASK,
            general::SIG_SETMASK as usize,
            ptr::from_ref(set) as usize,
            0,
            SIGSET_SIZE,
        )
    })
    .map(drop)
}

/// Sleeps until a signal handler has returned: `pause(2)`, or `ppoll(2)` where there is none or a filter refuses
/// it. Returns at once if that is refused as well.
#[inline(always)]
pub fn sleep() {
    arch::sleep();
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
