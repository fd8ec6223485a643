//! Breaks the contract: a variable that starts with a value lies in `.data`.

#![no_std]
#![no_main]

mote_rt::entry!(bare main);

static mut VARIABLE: i32 = 1;

fn main() -> i32 {
    let variable = &raw mut VARIABLE;
    // SAFETY: there is one thread, and nothing else names the variable.
    unsafe { variable.write_volatile(2) };
    // SAFETY: as above.
    unsafe { variable.read_volatile() }
}
