//! Breaks the contract: a thread-local variable needs someone to set it up for each thread.

#![no_std]
#![no_main]

mote_rt::entry!(bare main);

// All that such a variable is before someone uses it: some linkers refuse the use in words of their own. The
// letter R keeps the section although nothing refers to it.
core::arch::global_asm!(".pushsection .tdata.variable, \"awTR\", %progbits", ".4byte 1", ".popsection");

fn main() -> i32 {
    0
}
