//! i686, System V ABI.
//!
//! - System call: `int 0x80`; number in eax, arguments in ebx, ecx, edx, esi, edi, ebp; result in eax.
//! - Arguments of a function are on the stack. A function expects esp to be 16-byte aligned before the call
//!   that reaches it; at the entry point esp itself is aligned so.

use core::arch::asm;

use linux_raw_sys::general;

use super::nr;

/// The instructions of `_start`: hand the initial stack pointer to `{main}`, which never returns.
///
/// Three words above the argument keep the stack aligned. The kernel has zeroed ebp, which marks the
/// outermost frame.
#[doc(hidden)]
#[macro_export]
macro_rules! start {
    () => {
        "mov eax, esp
         sub esp, 12
         push eax
         call {main}"
    };
}

/// As on x86_64. The kernel would fall back on its vDSO here, which can be switched off.
pub(crate) const SA_FLAGS: u32 = general::SA_RESTORER;

/// Ends the calling thread with `status`.
pub(crate) fn exit(status: i32) -> ! {
    // SAFETY: `exit` takes one number and touches no memory. It returns only if a filter refuses it, of which
    // `process::exit_bare` says what comes then.
    unsafe {
        asm!("int 0x80", in("eax") nr::EXIT, in("ebx") status, options(noreturn, nostack));
    }
}

/// Raises SIGILL, which the kernel delivers even to PID 1.
pub(crate) fn trap() -> ! {
    // SAFETY: an undefined instruction does nothing but fault.
    unsafe { asm!("ud2", options(noreturn, nostack)) }
}
