//! Breaks the contract: a variable that starts with zero lies in `.bss`.

#![no_std]
#![no_main]

mote_rt::entry!(bare main);

static mut VARIABLE: i32 = 0;

fn main() -> i32 {
    let variable = &raw mut VARIABLE;
    // SAFETY: there is one thread, and nothing else names the variable.
    unsafe { variable.write_volatile(2) };
    // SAFETY: as above.
    unsafe { variable.read_volatile() }
}
