//! Says hello and ends: the smallest useful test of a container engine, and of an architecture.

#![no_std]
#![no_main]

mote_rt::entry!(bare main);

// Inlined, so that it is `_start` and not called by it.
#[inline(always)]
fn main() -> i32 {
    mote_rt::io::print(b"Hello, World!\n")
}
