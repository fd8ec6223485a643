//! The timer of a step of a shutdown.

use mote_rt::{
    Errno, Signal, SignalSet,
    sys::{self, TimeVal},
};

/// Arms the timer: SIGALRM arrives after so many seconds.
///
/// # Errors
/// seccomp refuses it, twice.
pub(crate) fn arm(seconds: u32) -> Result<(), Errno> {
    // One microsecond more, since zero disarms the timer. It expires again every second, because the kernel drops its
    // signal while a SIGALRM of another process is pending.
    let first = TimeVal { seconds, microseconds: 1 };
    let interval = TimeVal { seconds: 1, microseconds: 0 };
    if sys::setitimer(first, interval).is_err() {
        sys::setitimer(first, interval)?;
    }
    // A SIGALRM of the step before may be pending, which would end this step. One that another process sent is sent
    // again.
    if seconds != 0
        && let Ok(info) = sys::sigtimedwait_zero(SignalSet::of(&[Signal::ALRM]))
        && !info.is_from_kernel()
    {
        sys::raise(Signal::ALRM);
    }
    Ok(())
}

/// Disarms the timer.
///
/// # Errors
/// seccomp refuses it.
pub(crate) fn disarm() -> Result<(), Errno> {
    let disarmed = TimeVal { seconds: 0, microseconds: 0 };
    sys::setitimer(disarmed, disarmed)
}
