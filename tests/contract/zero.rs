//! Breaks the contract: a variable that starts with zero lies in `.bss`.

#![no_std]
#![no_main]

use mote_rt::{process, sys};

mote_rt::entry!(bare main);

static mut VARIABLE: i32 = 0;

extern "C" fn main() -> ! {
    let variable = &raw mut VARIABLE;
    // SAFETY: there is one thread, and nothing else names the variable.
    unsafe { variable.write_volatile(2) };
    // SAFETY: as above.
    let status = unsafe { variable.read_volatile() };
    sys::exit(status);
    process::trap()
}
