//! Breaks the contract: a section that the script doesn't know would be put somewhere.

#![no_std]
#![no_main]

use mote_rt::{io, process, sys};

mote_rt::entry!(bare main);

// SAFETY: constants may lie anywhere that can be read.
#[unsafe(link_section = ".elsewhere")]
static TABLE: [u8; 2] = *b"no";

extern "C" fn main() -> ! {
    sys::exit(io::print(&TABLE));
    process::trap()
}
