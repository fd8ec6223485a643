//! Sleeping for good: an architecture has `pause(2)` or must do without.

use super::nr;

/// Sleeps until a signal handler has returned. Returns at once only if a filter refuses every way to.
#[inline(always)]
pub(crate) fn sleep() {
    #[cfg(any(target_arch = "x86_64", target_arch = "x86", target_arch = "arm"))]
    // SAFETY: `pause` has no arguments and touches no memory.
    unsafe {
        syscalls::raw::syscall0(nr::PAUSE)
    };
    // SAFETY: no descriptors, no time limit, the mask as it is: the kernel is given no memory of ours.
    unsafe { syscalls::raw::syscall4(nr::PPOLL, 0, 0, 0, 0) };
}
