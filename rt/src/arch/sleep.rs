//! Sleeping for good: an architecture has `pause(2)` or must do without.

use super::nr;

/// Sleeps until a signal handler has returned: `pause(2)`.
#[cfg(any(target_arch = "x86_64", target_arch = "x86", target_arch = "arm"))]
#[inline(always)]
pub(crate) fn sleep() {
    // SAFETY: `pause` has no arguments and touches no memory.
    unsafe { syscalls::raw::syscall0(nr::PAUSE) };
}

/// Sleeps until a signal handler has returned: `ppoll(2)` of no descriptor, with no timeout and the mask as
/// it is. The generic system-call table, which newer architectures have, is without `pause`.
#[cfg(not(any(target_arch = "x86_64", target_arch = "x86", target_arch = "arm")))]
#[inline(always)]
pub(crate) fn sleep() {
    // SAFETY: no descriptors, no timeout, no mask: the kernel is given no memory of ours.
    unsafe { syscalls::raw::syscall4(nr::PPOLL, 0, 0, 0, 0) };
}
