//! What differs between architectures, and nothing else does: one file for each, with the same names in it.
//!
//! | name | what it is |
//! |---|---|
//! | `start!` | the instructions of `_start`: stack pointer to first argument, call the portable entry |
//! | `exit` | the `exit` system call, from which no instruction follows |
//! | `trap` | an instruction that raises a fault |
//! | `SA_FLAGS` | what `sa_flags` needs beside the portable flags |
//! | `text!` | a text of the program's, by its place relative to the code |

pub(crate) mod nr;
mod sleep;
#[cfg(not(target_arch = "x86"))]
mod text;

pub(crate) use sleep::sleep;

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
    "mote-rt knows Linux on x86_64, i686, aarch64, armv7 and riscv64: \
     for another architecture, write its file in rt/src/arch/ with the names that the others have"
);
