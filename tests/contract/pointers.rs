//! Breaks the contract: a table of addresses has to be relocated when the program is loaded.

#![no_std]
#![no_main]

use core::hint::black_box;

use mote_rt::{process, sys};

mote_rt::entry!(bare main);

static FIRST: i32 = 1;
static SECOND: i32 = 2;
static TABLE: [&i32; 2] = [&FIRST, &SECOND];

extern "C" fn main() -> ! {
    sys::exit(*black_box(&TABLE)[0]);
    process::trap()
}
