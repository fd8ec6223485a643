//! riscv64, LP64D ABI.
//!
//! - System call: `ecall`; number in a7, arguments in a0 to a5; result in a0.
//! - First argument of a function: a0. The kernel leaves sp 16-byte aligned, as functions expect it.

use core::arch::asm;

/// The instructions of `_start`: pass the initial stack pointer to `{main}`, which never returns.
///
/// gp stays as it is: LLD does not relax against it unless asked to.
#[doc(hidden)]
#[macro_export]
macro_rules! start {
    () => {
        "mv a0, sp
         tail {main}"
    };
}

/// Signal frames return through the vDSO.
pub(crate) const SA_FLAGS: u32 = 0;

/// Returns an `int` as an argument of a system call. The kernel reads the low 32 bits; registers hold an `int`
/// sign-extended (LP64D), so that this costs no instruction.
#[inline(always)]
pub(crate) const fn int_argument(value: i32) -> usize {
    value as isize as usize
}

/// Raises SIGILL, which the kernel delivers even to PID 1.
pub(crate) fn trap() -> ! {
    // SAFETY: an undefined instruction does nothing but fault.
    unsafe { asm!("unimp", options(noreturn, nostack)) }
}
