//! Breaks the contract: a thread-local variable needs someone to set it up for each thread.

#![no_std]
#![no_main]

use mote_rt::{process, sys};

mote_rt::entry!(bare main);

// All that such a variable is before someone uses it: some linkers refuse the use in words of their own. The
// letter R keeps the section although nothing refers to it.
core::arch::global_asm!(".pushsection .tdata.variable, \"awTR\", %progbits", ".4byte 1", ".popsection");

extern "C" fn main() -> ! {
    sys::exit(0);
    process::trap()
}
