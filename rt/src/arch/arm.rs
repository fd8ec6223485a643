//! armv7, AAPCS (EABI), A32 or Thumb-2 code.
//!
//! - System call: `svc 0`; number in r7, arguments in r0 to r5; result in r0.
//! - First argument of a function: r0. The kernel leaves sp 8-byte aligned, as functions expect it.

use core::arch::asm;

/// The instructions of `_start`: pass the initial stack pointer to `{main}`, which never returns.
///
/// The frame pointer and the link register are zero at the entry point, which marks the outermost frame.
#[doc(hidden)]
#[macro_export]
macro_rules! start {
    () => {
        "mov r0, sp
         b {main}"
    };
}

/// Signal frames return through a page of the kernel's own.
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
    unsafe { asm!("udf #0", options(noreturn, nostack)) }
}
