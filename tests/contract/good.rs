//! Keeps the contract: constants, a stack, and nothing that is written to.

#![no_std]
#![no_main]

use core::hint::black_box;

use mote_rt::{
    process,
    sys::{self, Fd},
    text,
};

mote_rt::entry!(bare main);

/// The largest alignment that a function expects of its stack on any architecture.
#[repr(align(16))]
struct Aligned([u8; 16]);

extern "C" fn main() -> ! {
    // The compiler relies on the alignment of the stack at the entry of `main`, and does not check it.
    let local = black_box(Aligned([0; 16]));
    let is_aligned = black_box((&raw const local.0).addr()).is_multiple_of(16);
    // Bytes that mean something to an assembler or to a format.
    let text = text!("good \"\\n\" {0} %d $0 '@'\n").to_bytes();
    let is_written = sys::write(Fd::STDOUT, text) == Ok(text.len());
    sys::exit(i32::from(!is_aligned || !is_written));
    process::trap()
}
