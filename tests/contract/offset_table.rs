//! Breaks the contract: the address of a symbol that may be absent is looked up in the global offset table.

#![no_std]
#![no_main]

use core::hint::black_box;

mote_rt::entry!(bare main);

core::arch::global_asm!(".weak mote_absent");

unsafe extern "C" {
    safe static mote_absent: u8;
}

fn main() -> i32 {
    i32::from(black_box(&raw const mote_absent).is_null())
}
