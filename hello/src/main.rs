//! Prints a greeting: the smallest useful test of a container engine and of a platform.
//!
//! This crate is a program and has no library. Its command line follows the manual page hello(1); nothing else here is
//! stable.
//!
//! ```text
//! $ hello
//! Hello, World!
//! ```

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
