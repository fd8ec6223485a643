//! aarch64, AAPCS64.
//!
//! - System call: `svc 0`; number in x8, arguments in x0 to x5; result in x0.
//! - First argument of a function: x0. The kernel leaves sp 16-byte aligned, as functions expect it.

use core::arch::asm;

use super::nr;

/// The instructions of `_start`: hand the initial stack pointer to `{main}`, which never returns.
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

/// Ends the calling thread with `status`.
pub(crate) fn exit(status: i32) -> ! {
    // SAFETY: `exit` takes one number and touches no memory. It returns only if a filter refuses it, of which
    // `process::exit_bare` says what comes then.
    unsafe {
        asm!("svc 0", in("x8") nr::EXIT, in("w0") status, options(noreturn, nostack));
    }
}

/// Raises SIGILL, which the kernel delivers even to PID 1.
pub(crate) fn trap() -> ! {
    // SAFETY: an undefined instruction does nothing but fault.
    unsafe { asm!("udf 0", options(noreturn, nostack)) }
}
