//! x86_64, System V ABI.
//!
//! - System call: `syscall`; number in rax, arguments in rdi, rsi, rdx, r10, r8, r9; result in rax.
//! - First argument of a function: rdi. A function expects rsp to be 16-byte aligned before the call that
//!   reaches it, and that is how the kernel leaves it at the entry point.

use core::arch::asm;

use linux_raw_sys::general;

/// The instructions of `_start`: pass the initial stack pointer to `{main}`, which never returns.
///
/// The kernel has zeroed rbp, which marks the outermost frame.
#[doc(hidden)]
#[macro_export]
macro_rules! start {
    () => {
        "mov rdi, rsp
         call {main}"
    };
}

/// The kernel delivers to a handler only if its action names a restorer, even if the handler never returns
/// (`arch/x86/kernel/signal_64.c`, `x64_setup_rt_frame`).
pub(crate) const SA_FLAGS: u32 = general::SA_RESTORER;

/// Returns an `int` as an argument of a system call. The kernel reads the low 32 bits; zeros above them cost no
/// instruction.
#[inline(always)]
pub(crate) const fn int_argument(value: i32) -> usize {
    value as u32 as usize
}

/// Raises SIGILL, which the kernel delivers even to PID 1.
pub(crate) fn trap() -> ! {
    // SAFETY: an undefined instruction does nothing but fault.
    unsafe { asm!("ud2", options(noreturn, nostack)) }
}
