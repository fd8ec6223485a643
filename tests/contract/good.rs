//! Keeps the contract: constants, a stack, and nothing that is written to.

#![no_std]
#![no_main]

mote_rt::entry!(bare main);

fn main() -> i32 {
    mote_rt::io::print(b"good\n")
}
