//! armv7, AAPCS (EABI), A32 or Thumb-2 code.
//!
//! - System call: `svc 0`; number in r7, arguments in r0 to r5; result in r0.
//! - First argument of a function: r0. The kernel leaves sp 8-byte aligned, as functions expect it.

use core::arch::asm;

use super::nr;

/// The instructions of `_start`: hand the initial stack pointer to `{main}`, which never returns.
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

/// Ends the calling thread with `status`.
pub(crate) fn exit(status: i32) -> ! {
    // r7 may be the frame pointer, so it can't be an operand; nothing needs it any more.
    // SAFETY: `exit` takes one number and touches no memory. It returns only if a filter refuses it, of which
    // `process::exit_bare` says what comes then.
    unsafe {
        asm!("movs r7, #{}", "svc 0", const nr::EXIT, in("r0") status, options(noreturn, nostack));
    }
}

/// Raises SIGILL, which the kernel delivers even to PID 1.
pub(crate) fn trap() -> ! {
    // SAFETY: an undefined instruction does nothing but fault.
    unsafe { asm!("udf #0", options(noreturn, nostack)) }
}
