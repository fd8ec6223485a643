//! i686, System V ABI.
//!
//! - System call: `int 0x80`; number in eax, arguments in ebx, ecx, edx, esi, edi, ebp; result in eax.
//! - Arguments of a function are on the stack. A function expects esp to be 16-byte aligned before the call
//!   that reaches it; at the entry point esp itself is aligned so.

use core::arch::asm;

use linux_raw_sys::general;

/// The instructions of `_start`: pass the initial stack pointer to `{main}`, which never returns.
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

/// As `table!` of the other architectures, in `table.rs`.
///
/// i686 can't address data relative to the code. In position-independent code compilers keep the address of the image
/// in ebx instead and load it before each call, which makes an init a tenth larger. So programs are compiled for a
/// fixed address, which they must never use: calls are relative anyway, and constants are found as below. The linker
/// refuses an address that is left (`-ztext`).
#[macro_export]
macro_rules! table {
    ($bytes:expr) => {{
        static BYTES: [u8; $bytes.len()] =
            *$crate::c_str($bytes).to_bytes_with_nul().first_chunk().expect("its own length");
        let bytes: *const u8;
        // SAFETY: `call` pushes the address of the next instruction, from which the bytes have a fixed distance.
        unsafe {
            ::core::arch::asm!(
                "call 2f",
                "2: pop {bytes}",
                "lea {BYTES} - 2b({bytes}), {bytes}",
                bytes = out(reg) bytes,
                BYTES = sym BYTES,
                options(att_syntax, pure, nomem, preserves_flags),
            );
        }
        // SAFETY: the address and the length of `BYTES`.
        let bytes = unsafe { ::core::slice::from_raw_parts(bytes, BYTES.len()) };
        // SAFETY: `c_str` has checked the bytes.
        unsafe { ::core::ffi::CStr::from_bytes_with_nul_unchecked(bytes) }
    }};
}

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
