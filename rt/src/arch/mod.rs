//! Everything that differs between architectures: one file for each, with the same names in it.
//!
//! | name | content |
//! |---|---|
//! | `start!` | the instructions of `_start`: pass the stack pointer to the program as its first argument |
//! | `int_argument` | an `int` in the register of a system call |
//! | `trap` | an instruction that raises a fault |
//! | `SA_FLAGS` | bits that `sa_flags` needs besides the portable ones |
//! | `table!` | a constant string, addressed relative to the code |

pub(crate) mod nr;
mod pause;
#[cfg(not(target_arch = "x86"))]
mod table;

pub(crate) use pause::pause;

#[cfg(target_arch = "aarch64")]
mod aarch64;
#[cfg(target_arch = "arm")]
mod arm;
#[cfg(target_arch = "riscv64")]
mod riscv64;
#[cfg(target_arch = "x86")]
mod x86;
#[cfg(target_arch = "x86_64")]
mod x86_64;

#[cfg(target_arch = "aarch64")]
pub(crate) use aarch64::*;
#[cfg(target_arch = "arm")]
pub(crate) use arm::*;
#[cfg(target_arch = "riscv64")]
pub(crate) use riscv64::*;
#[cfg(target_arch = "x86")]
pub(crate) use x86::*;
#[cfg(target_arch = "x86_64")]
pub(crate) use x86_64::*;

/// Defines `_start` for a program without arguments. On x86 a function expects the stack pointer as a call instruction
/// leaves it; elsewhere it may be the entry point itself.
#[cfg(any(target_arch = "x86_64", target_arch = "x86"))]
#[doc(hidden)]
#[macro_export]
macro_rules! bare_start {
    ($main:path) => {
        /// Where the kernel starts the program.
        // SAFETY: no other symbol has this name, because the program links no C runtime.
        #[unsafe(no_mangle)]
        #[unsafe(naked)]
        extern "C" fn _start() -> ! {
            const _: extern "C" fn() -> ! = $main;
            ::core::arch::naked_asm!("call {main}", main = sym $main)
        }
    };
}
#[cfg(not(any(target_arch = "x86_64", target_arch = "x86")))]
#[doc(hidden)]
#[macro_export]
macro_rules! bare_start {
    ($main:path) => {
        /// Where the kernel starts the program.
        // SAFETY: no other symbol has this name, because the program links no C runtime.
        #[unsafe(no_mangle)]
        extern "C" fn _start() -> ! {
            $main()
        }
    };
}

/// Returns a literal without NUL as a [`ThinCStr`](crate::ThinCStr).
#[macro_export]
macro_rules! text {
    ($text:expr) => {
        $crate::ThinCStr::from($crate::table!(::core::concat!($text, "\0").as_bytes()))
    };
}

#[cfg(not(all(
    target_os = "linux",
    target_endian = "little",
    any(
        target_arch = "aarch64",
        target_arch = "arm",
        target_arch = "riscv64",
        target_arch = "x86",
        all(target_arch = "x86_64", target_pointer_width = "64"),
    )
)))]
compile_error!(
    "mote-rt supports Linux on x86_64, i686, aarch64, armv7 and riscv64: \
     for another architecture, add a file to rt/src/arch/ with the names that the others have"
);
