//! Signals.

use core::{mem::MaybeUninit, ptr};

use linux_raw_sys::general;
use syscalls::raw;

use super::{Pid, done};
use crate::{
    Errno,
    arch::{self, nr},
    signal::{SIGSET_SIZE, SigSet, Signal},
};

/// What a signal does to the process, as the kernel wants to be told.
pub struct SigAction(general::kernel_sigaction);

impl SigAction {
    /// What the kernel does by itself.
    #[inline(always)]
    pub fn by_default() -> Self {
        Self::new(linux_raw_sys::signal_macros::SIG_DFL)
    }

    #[inline(always)]
    fn new(handler: general::__kernel_sighandler_t) -> Self {
        // SAFETY: all members are numbers or optional pointers, for which zero is a value.
        let mut action: general::kernel_sigaction = unsafe { core::mem::zeroed() };
        action.sa_handler_kernel = handler;
        action.sa_flags = arch::SA_FLAGS as _;
        Self(action)
    }

    /// Nothing: the kernel discards the signal. With SIGCHLD it also reaps whoever dies from then on.
    #[inline(always)]
    pub fn ignore() -> Self {
        Self::new(linux_raw_sys::signal_macros::sig_ign())
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
    done(unsafe {
        raw::syscall4(
            nr::RT_SIGACTION,
            signal.number() as usize,
            ptr::from_ref(action) as usize,
            0,
            SIGSET_SIZE,
        )
    })
}

/// `rt_sigaction(2)`: exchanges what `signal` does for something else. Nothing changes if the kernel refuses it.
#[inline(always)]
pub fn exchange_sigaction(signal: Signal, action: &mut SigAction) -> Result<(), Errno> {
    let new = SigAction(action.0);
    // SAFETY: the kernel reads one structure of the architecture's own layout and writes another. The signal's new
    // action runs no code but a safe function of the type that the kernel calls.
    done(unsafe {
        raw::syscall4(
            nr::RT_SIGACTION,
            signal.number() as usize,
            ptr::from_ref(&new) as usize,
            ptr::from_mut(action) as usize,
            SIGSET_SIZE,
        )
    })
}

/// `rt_sigprocmask(2)` with SIG_SETMASK: exactly the signals of `set` are blocked from now on.
#[inline(always)]
pub fn set_signal_mask(set: &SigSet) -> Result<(), Errno> {
    // SAFETY: the kernel reads one signal set and writes none.
    done(unsafe {
        raw::syscall4(
            nr::RT_SIGPROCMASK,
            general::SIG_SETMASK as usize,
            ptr::from_ref(set) as usize,
            0,
            SIGSET_SIZE,
        )
    })
}

/// `rt_sigprocmask(2)`: blocks exactly the signals of `set` from now on, in exchange for those before. Nothing changes if
/// the kernel refuses it.
#[inline(always)]
pub fn exchange_signal_mask(set: &mut SigSet) -> Result<(), Errno> {
    let set = ptr::from_mut(set) as usize;
    // SAFETY: the kernel reads one signal set, and then writes another to the same place.
    done(unsafe { raw::syscall4(nr::RT_SIGPROCMASK, general::SIG_SETMASK as usize, set, set, SIGSET_SIZE) })
}

/// Sets all signals but the real-time ones to what the kernel does by itself, and blocks none. An error if the latter is
/// refused.
#[inline(always)]
pub fn reset_signals() -> Result<(), Errno> {
    let action = SigAction::by_default();
    for number in 1..=LAST_STANDARD {
        // SIGKILL and SIGSTOP are as they are.
        let _ = sigaction(Signal::new(number), &action);
    }
    set_signal_mask(action.mask())
}

/// The largest signal that is no real-time one (`signal(7)`).
const LAST_STANDARD: u8 = 31;

/// Where a signal came from.
pub struct Origin {
    code: i32,
    pid: Pid,
}

impl Origin {
    /// Nobody that is known of.
    pub const UNKNOWN: Self = Self { code: 0, pid: 0 };

    /// Whether the timer of [`set_alarm`] sent it, or the kernel for a reason of its own.
    pub const fn is_kernel(&self) -> bool {
        self.code > 0
    }

    /// Who sent it, if somebody did.
    pub const fn pid(&self) -> Pid {
        self.pid
    }
}

/// `rt_sigtimedwait(2)` without a time limit: takes one of the blocked signals of `set` as soon as there is
/// one, the lowest number first.
#[inline(always)]
pub fn next_signal(set: SigSet) -> Result<(Signal, Origin), Errno> {
    take_signal(set, ptr::null())
}

/// The same without waiting: an error if none is there.
#[inline(always)]
pub fn pending_signal(set: SigSet) -> Result<(Signal, Origin), Errno> {
    // Zeros in either of the forms that the call knows.
    let no_time = [0; 2];
    take_signal(set, &no_time)
}

#[inline(always)]
fn take_signal(set: SigSet, time: *const [u64; 2]) -> Result<(Signal, Origin), Errno> {
    let mut info = MaybeUninit::<general::siginfo_t>::uninit();
    // SAFETY: the kernel reads one signal set and, if there is one, a time, and writes one structure.
    let number = Errno::check(unsafe {
        raw::syscall4(
            nr::RT_SIGTIMEDWAIT,
            ptr::from_ref(&set) as usize,
            info.as_mut_ptr() as usize,
            time as usize,
            SIGSET_SIZE,
        )
    })?;
    // SAFETY: the kernel has written to the whole structure, as it does whenever it returns a signal.
    let info = unsafe { info.assume_init() };
    // SAFETY: all forms of the structure begin with these members.
    let info = unsafe { info.__bindgen_anon_1.__bindgen_anon_1 };
    // SAFETY: of whatever form the rest is, the place of this number holds one.
    let origin = Origin { code: info.si_code, pid: unsafe { info._sifields._kill._pid } };
    Ok((Signal::new(number as u8), origin))
}

/// `setitimer(2)` with ITIMER_REAL: SIGALRM in so much time, or never if that is none, by a clock that setting the time
/// of day does not move.
///
/// It rings again every second: while a SIGALRM from elsewhere is pending the kernel drops the clock's.
#[inline(never)]
pub fn set_alarm(seconds: u32, microseconds: u32) -> Result<(), Errno> {
    let timer = general::__kernel_old_itimerval {
        it_interval: general::__kernel_old_timeval { tv_sec: 1, tv_usec: 0 },
        it_value: general::__kernel_old_timeval { tv_sec: seconds as _, tv_usec: microseconds as _ },
    };
    // SAFETY: the kernel reads one structure of the architecture's own layout.
    done(unsafe {
        raw::syscall3(nr::SETITIMER, general::ITIMER_REAL as usize, ptr::from_ref(&timer) as usize, 0)
    })
}

/// Sleeps until a signal handler has returned: `pause(2)`, or `ppoll(2)` where there is none or a filter refuses
/// it. Returns at once if that is refused as well.
#[inline(always)]
pub fn sleep() {
    arch::sleep();
}

/// Sleeps for a fifteenth of a second, in `ppoll(2)` with nothing to wait for.
#[inline(always)]
pub fn doze() {
    // Seconds and nanoseconds, in two words of the architecture; this number takes one instruction everywhere.
    let mut time = [0_usize, 1 << 26];
    // SAFETY: no descriptors and the mask as it is; the kernel reads one time, and may write to it what is left.
    unsafe { raw::syscall4(nr::PPOLL, 0, 0, ptr::from_mut(&mut time) as usize, 0) };
}

/// `kill(2)`: sends a signal to a process, to a group (minus its number), or to all (-1).
#[inline(always)]
pub fn kill(pid: Pid, signal: Signal) -> Result<(), Errno> {
    // SAFETY: the call takes two numbers.
    done(unsafe { raw::syscall2(nr::KILL, pid as u32 as usize, signal.number() as usize) })
}

/// Sends a signal to the caller itself, unless a filter keeps its number secret: a negative one would mean others.
#[inline(always)]
pub fn raise(signal: Signal) {
    let me = super::getpid();
    if me > 0 {
        let _ = kill(me, signal);
    }
}
