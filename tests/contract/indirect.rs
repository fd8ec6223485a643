//! Breaks the contract: an indirect function is called through the procedure linkage table.

#![no_std]
#![no_main]

use mote_rt::{process, sys};

mote_rt::entry!(bare main);

#[cfg(target_env = "musl")]
core::arch::global_asm!(
    ".pushsection .text.mote_indirect, \"ax\", %progbits",
    ".globl mote_indirect",
    ".type mote_indirect, %gnu_indirect_function",
    "mote_indirect: .4byte 0",
    ".size mote_indirect, 4",
    ".popsection",
);

extern "C" fn main() -> ! {
    sys::exit(call());
    process::trap()
}

#[cfg(target_env = "musl")]
fn call() -> i32 {
    unsafe extern "C" {
        safe fn mote_indirect() -> i32;
    }
    mote_indirect()
}

// The host has a loader that would resolve it, and these programs run without.
#[cfg(not(target_env = "musl"))]
fn call() -> i32 {
    0
}
