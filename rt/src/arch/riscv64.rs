//! riscv64, LP64D ABI.
//!
//! - System call: `ecall`; number in a7, arguments in a0 to a5; result in a0.
//! - First argument of a function: a0. The kernel leaves sp 16-byte aligned, as functions expect it.

use core::arch::asm;

use super::nr;

/// The instructions of `_start`: hand the initial stack pointer to `{main}`, which never returns.
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

/// Ends the calling thread with `status`.
pub(crate) fn exit(status: i32) -> ! {
    // SAFETY: `exit` takes one number and touches no memory. It returns only if a filter refuses it, of which
    // `process::exit_bare` says what comes then.
    unsafe {
        asm!("ecall", in("a7") nr::EXIT, in("a0") status, options(noreturn, nostack));
    }
}

/// Raises SIGILL, which the kernel delivers even to PID 1.
pub(crate) fn trap() -> ! {
    // SAFETY: an undefined instruction does nothing but fault.
    unsafe { asm!("unimp", options(noreturn, nostack)) }
}
