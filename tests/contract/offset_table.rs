//! Breaks the contract: the address of a symbol that may be absent is looked up in the global offset table.

#![no_std]
#![no_main]

use core::hint::black_box;

use mote_rt::{process, sys};

mote_rt::entry!(bare main);

core::arch::global_asm!(".weak mote_absent");

unsafe extern "C" {
    safe static mote_absent: u8;
}

extern "C" fn main() -> ! {
    sys::exit(i32::from(black_box(&raw const mote_absent).is_null()));
    process::trap()
}
