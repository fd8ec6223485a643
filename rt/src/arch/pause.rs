//! `pause(2)`, which newer architectures do without.

use super::nr;
use crate::sys;

/// Sleeps until a signal handler has returned. Returns at once only if seccomp refuses every way to sleep.
#[inline(always)]
pub(crate) fn pause() {
    #[cfg(any(target_arch = "x86_64", target_arch = "x86", target_arch = "arm"))]
    // SAFETY: `pause` has no arguments and accesses no memory.
    unsafe {
        syscalls::raw::syscall0(nr::PAUSE)
    };
    // SAFETY: no descriptors, no timeout and no signal mask, so the kernel gets no address.
    unsafe { sys::syscall4_with_time([nr::PPOLL, nr::PPOLL_TIME64], [0; 4]) };
}
