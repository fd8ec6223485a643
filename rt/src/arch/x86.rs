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

/// As `text!` of the other architectures, in `text.rs`.
///
/// i686 can't address data relative to the code. What compilers do instead in position-independent code is to keep the
/// image's address in ebx, and to load it anew before each call, local ones too: a tenth of an init. So programs
/// may be compiled for a fixed address, provided that they never use one. Calls are relative anyway, and texts
/// are found like this. Should an address be left, the linker refuses it (`-ztext`).
#[macro_export]
macro_rules! text {
    ($text:literal) => {{
        let text: *const u8;
        // SAFETY: `call` pushes the address of what is behind it, which is the text, and goes on behind that.
        unsafe {
            ::core::arch::asm!(
                "call 2f",
                concat!(".asciz \"", $text, "\""),
                "2: pop {text}",
                text = out(reg) text,
                options(pure, nomem, preserves_flags),
            );
        }
        // SAFETY: a text that ends in a zero.
        unsafe { $crate::string::StackStr::at(text) }
    }};
}

/// As `table!` of the other architectures, in `text.rs`.
#[macro_export]
macro_rules! table {
    ($bytes:expr) => {{
        static BYTES: [u8; $bytes.len()] =
            *$crate::string::c_str($bytes).to_bytes_with_nul().first_chunk().expect("its own length");
        let bytes: *const u8;
        // SAFETY: `call` pushes the address of what is behind it, from which the bytes have a fixed distance.
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
        // SAFETY: that is where they are.
        let bytes = unsafe { ::core::slice::from_raw_parts(bytes, BYTES.len()) };
        // SAFETY: they were taken from such a text.
        unsafe { ::core::ffi::CStr::from_bytes_with_nul_unchecked(bytes) }
    }};
}

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
