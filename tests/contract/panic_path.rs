//! Breaks the contract: an index that may be out of bounds is a panic that may happen.

#![no_std]
#![no_main]

use core::hint::black_box;

mote_rt::entry!(bare main);

static TABLE: [u8; 2] = *b"no";

fn main() -> i32 {
    i32::from(TABLE[black_box(2)])
}
