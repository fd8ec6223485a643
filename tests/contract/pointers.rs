//! Breaks the contract: a table of addresses has to be relocated when the program is loaded.

#![no_std]
#![no_main]

use core::hint::black_box;

mote_rt::entry!(bare main);

static FIRST: i32 = 1;
static SECOND: i32 = 2;
static TABLE: [&i32; 2] = [&FIRST, &SECOND];

fn main() -> i32 {
    *black_box(&TABLE)[0]
}
