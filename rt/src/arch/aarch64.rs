//! aarch64, AAPCS64.
//!
//! - System call: `svc 0`; number in x8, arguments in x0 to x5; result in x0.
//! - First argument of a function: x0. The kernel leaves sp 16-byte aligned, as functions expect it.

use core::arch::asm;

/// The instructions of `_start`: pass the initial stack pointer to `{main}`, which never returns.
///
/// The frame pointer and the link register are zero at the entry point, which marks the outermost frame.
#[doc(hidden)]
#[macro_export]
macro_rules! start {
    () => {
        "mov x0, sp
         b {main}"
    };
}

/// Signal frames return through the vDSO.
pub(crate) const SA_FLAGS: u32 = 0;

/// Returns an `int` as an argument of a system call. The kernel reads the low 32 bits; zeros above them cost no
/// instruction.
#[inline(always)]
pub(crate) const fn int_argument(value: i32) -> usize {
    value as u32 as usize
}

/// Raises SIGILL, which the kernel delivers even to PID 1.
pub(crate) fn trap() -> ! {
    // SAFETY: an undefined instruction does nothing but fault.
    unsafe { asm!("udf 0", options(noreturn, nostack)) }
}
