//! Breaks the contract: an index that may be out of bounds is a panic that may happen.

#![no_std]
#![no_main]

use core::hint::black_box;

use mote_rt::{process, sys};

mote_rt::entry!(bare main);

static TABLE: [u8; 2] = *b"no";

extern "C" fn main() -> ! {
    sys::exit(i32::from(TABLE[black_box(2)]));
    process::trap()
}
