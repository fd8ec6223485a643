//! Prints a greeting: the smallest useful test of a container engine and of a platform.

#![no_std]
#![no_main]

use mote_rt::{io, process, sys};

mote_rt::entry!(bare main);

// Inlined into `_start`.
#[inline(always)]
extern "C" fn main() -> ! {
    sys::exit(io::print(b"Hello, World!\n"));
    // exit(2) has returned, so seccomp refuses it.
    process::trap()
}
