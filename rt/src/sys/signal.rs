//! Signals and timers.

use core::{
    mem::{self, MaybeUninit},
    ptr,
};

use linux_raw_sys::{general, signal_macros};
use syscalls::raw;

use super::{process::raw_pid, syscall4_with_time, unit};
use crate::{
    Errno, Pid, Signal, SignalSet, Standalone,
    arch::{self, nr},
};

/// The size of a signal set, which the kernel wants with each set.
const SIGSET_SIZE: usize = size_of::<SignalSet>();

/// A signal handler. It must not return: the action names no restorer, through which a handler returns on x86.
///
/// ```compile_fail,E0308
/// extern "C" fn returns(_signal: i32) {}
/// mote_rt::sys::SigAction::handler(returns);
/// ```
pub type Handler = extern "C" fn(i32) -> !;

/// The action of a signal, in the kernel's layout.
#[derive(Clone, Copy)]
#[repr(transparent)]
pub struct SigAction(general::kernel_sigaction);

impl SigAction {
    /// Returns the default action.
    #[inline(always)]
    pub fn default_action() -> Self {
        Self::new(signal_macros::SIG_DFL)
    }

    /// Returns the action that discards the signal. For SIGCHLD it also lets the kernel reap children that die.
    #[inline(always)]
    pub fn ignore() -> Self {
        Self::new(signal_macros::sig_ign())
    }

    /// Returns the action that calls `handler` with the signal's number.
    #[inline(always)]
    pub fn handler(handler: Handler) -> Self {
        // SAFETY: a function that does not return may be called as if it returned nothing.
        Self::new(Some(unsafe { mem::transmute::<Handler, unsafe extern "C" fn(i32)>(handler) }))
    }

    #[inline(always)]
    fn new(handler: general::__kernel_sighandler_t) -> Self {
        // SAFETY: all members are integers or optional pointers, of which zeros are values.
        let mut action: general::kernel_sigaction = unsafe { mem::zeroed() };
        action.sa_handler_kernel = handler;
        action.sa_flags = arch::SA_FLAGS as _;
        Self(action)
    }
}

/// `sigaction(2)`: sets the action of `signal` and returns the one before.
#[inline(always)]
pub fn sigaction(_: Standalone, signal: Signal, action: &SigAction) -> Result<SigAction, Errno> {
    let mut old = MaybeUninit::<SigAction>::uninit();
    // SAFETY: the kernel reads one structure of the architecture's layout and writes another. The action runs no code
    // except a safe function, and no library relies on another action.
    unit(unsafe {
        let (new, old) = (ptr::from_ref(action) as usize, old.as_mut_ptr() as usize);
        raw::syscall4(nr::RT_SIGACTION, signal.number() as usize, new, old, SIGSET_SIZE)
    })?;
    // SAFETY: the kernel has written the structure.
    Ok(unsafe { old.assume_init() })
}

/// `sigprocmask(2)` with SIG_SETMASK: blocks the signals of `set` and no other, and returns the mask before.
#[inline(always)]
pub fn sigprocmask(set: SignalSet) -> Result<SignalSet, Errno> {
    let mut old = MaybeUninit::uninit();
    // SAFETY: the kernel reads one signal set and writes another.
    unit(unsafe {
        let (new, old) = (ptr::from_ref(&set) as usize, old.as_mut_ptr() as usize);
        raw::syscall4(nr::RT_SIGPROCMASK, general::SIG_SETMASK as usize, new, old, SIGSET_SIZE)
    })?;
    // SAFETY: the kernel has written the set.
    Ok(unsafe { old.assume_init() })
}

/// A signal that was taken, and its origin.
#[derive(Clone, Copy, Debug)]
pub struct SigInfo {
    /// The signal.
    pub signal: Signal,
    code: i32,
    pid: i32,
}

impl SigInfo {
    /// Returns a signal of unknown origin.
    pub const fn of(signal: Signal) -> Self {
        Self { signal, code: 0, pid: 0 }
    }

    /// Returns whether the kernel sent the signal, as it does when a timer expires.
    pub const fn is_from_kernel(&self) -> bool {
        self.code > 0
    }

    /// Returns whether a certain process sent the signal.
    pub fn is_from(&self, sender: Pid) -> bool {
        !self.is_from_kernel() && self.pid == sender.as_raw()
    }
}

/// `sigwaitinfo(2)`: waits until one of the blocked signals of `set` is pending, and takes the one with the lowest
/// number.
#[inline(always)]
pub fn sigwaitinfo(set: SignalSet) -> Result<SigInfo, Errno> {
    rt_sigtimedwait(set, ptr::null())
}

/// `sigtimedwait(2)` with a timeout of zero: takes a pending signal of `set`.
///
/// # Errors
/// EAGAIN if none is pending.
#[inline(always)]
pub fn sigtimedwait_zero(set: SignalSet) -> Result<SigInfo, Errno> {
    // Zeros in either of the layouts that the kernel has for a time.
    let timeout = [0; 2];
    rt_sigtimedwait(set, &timeout)
}

#[inline(always)]
fn rt_sigtimedwait(set: SignalSet, timeout: *const [u64; 2]) -> Result<SigInfo, Errno> {
    let mut info = MaybeUninit::<general::siginfo_t>::uninit();
    // SAFETY: the kernel reads one signal set and, unless it is null, one time, and writes one structure.
    let number = Errno::int_result(unsafe {
        let (set, info) = (ptr::from_ref(&set) as usize, info.as_mut_ptr() as usize);
        let numbers = [nr::RT_SIGTIMEDWAIT, nr::RT_SIGTIMEDWAIT_TIME64];
        syscall4_with_time(numbers, [set, info, timeout as usize, SIGSET_SIZE])
    })?;
    // SAFETY: the kernel writes the whole structure when it returns a signal.
    let info = unsafe { info.assume_init() };
    // SAFETY: every form of the structure begins with these members.
    let info = unsafe { info.__bindgen_anon_1.__bindgen_anon_1 };
    // A seccomp filter can make the call return any number.
    let signal = Signal::new(number as u32).ok_or(Errno::EINVAL)?;
    // SAFETY: in every form an integer has this place.
    Ok(SigInfo { signal, code: info.si_code, pid: unsafe { info._sifields._kill._pid } })
}

/// A time as `setitimer(2)` takes it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct TimeVal {
    /// Seconds.
    pub seconds: u32,
    /// Microseconds, less than a second.
    pub microseconds: u32,
}

/// `setitimer(2)` with ITIMER_REAL: the kernel sends SIGALRM after `first`, and then every `interval`. A `first` of
/// zero disarms the timer. Setting the time of day does not affect it.
#[inline(never)]
pub fn setitimer(first: TimeVal, interval: TimeVal) -> Result<(), Errno> {
    let timeval = |time: TimeVal| general::__kernel_old_timeval {
        tv_sec: time.seconds as _,
        tv_usec: time.microseconds as _,
    };
    let timer = general::__kernel_old_itimerval { it_interval: timeval(interval), it_value: timeval(first) };
    // SAFETY: the kernel reads one structure of the architecture's layout.
    unit(unsafe {
        raw::syscall3(nr::SETITIMER, general::ITIMER_REAL as usize, ptr::from_ref(&timer) as usize, 0)
    })
}

/// `pause(2)`, or `ppoll(2)` where the architecture or seccomp does without: sleeps until a signal handler has
/// returned. Returns at once if both are refused.
#[inline(always)]
pub fn pause() {
    arch::pause();
}

/// `ppoll(2)` without descriptors: sleeps for so many nanoseconds, of which there are less than a second.
#[inline(always)]
pub fn ppoll(nanoseconds: usize) {
    // `struct timespec`, in two words of the architecture.
    let mut timeout = [0_usize, nanoseconds];
    // SAFETY: no descriptors and no signal mask. The kernel reads one time, and may write the remaining one.
    unsafe { raw::syscall4(nr::PPOLL, 0, 0, ptr::from_mut(&mut timeout) as usize, 0) };
}

/// `kill(2)`: sends a signal to a process.
#[inline(always)]
pub fn kill_process(pid: Pid, signal: Signal) -> Result<(), Errno> {
    kill(raw_pid(pid), signal)
}

/// `kill(2)`: sends a signal to a process group.
///
/// # Errors
/// ESRCH also for group 1: to `kill(2)` its negated number means every process.
#[inline(always)]
pub fn kill_process_group(group: Pid, signal: Signal) -> Result<(), Errno> {
    if group == Pid::INIT {
        return Err(Errno::ESRCH);
    }
    kill(raw_pid(group).wrapping_neg(), signal)
}

/// `kill(2)`: sends a signal to every process that the caller may signal, except itself and PID 1.
#[inline(always)]
pub fn kill_all(signal: Signal) -> Result<(), Errno> {
    kill(-1_isize as usize, signal)
}

/// `kill(2)` with signal 0: returns whether the caller may signal a process.
///
/// # Errors
/// EPERM if it may not.
#[inline(always)]
pub fn may_signal(pid: Pid) -> Result<(), Errno> {
    // SAFETY: the arguments are numbers.
    unit(unsafe { raw::syscall2(nr::KILL, raw_pid(pid), 0) })
}

#[inline(always)]
fn kill(target: usize, signal: Signal) -> Result<(), Errno> {
    // SAFETY: the arguments are numbers.
    unit(unsafe { raw::syscall2(nr::KILL, target, signal.number() as usize) })
}

/// `raise(3)`: sends a signal to the caller, unless seccomp refuses `getpid(2)`.
#[inline(always)]
pub fn raise(signal: Signal) {
    if let Some(pid) = super::getpid() {
        let _ = kill_process(pid, signal);
    }
}
