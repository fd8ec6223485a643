//! Lines for people, on standard error.

use core::ffi::CStr;

use mote_rt::{
    Errno,
    buffer::{Memory, Text, memory},
    process,
    stack::StackStr,
};

use crate::names;

/// The exit status of an init in trouble of its own.
pub const TROUBLE: i32 = 125;

/// Writes lines that begin with the program's name.
#[derive(Clone, Copy)]
pub struct Report {
    /// `NAME: `.
    pub prefix: &'static CStr,
}

impl Report {
    /// Says what an error was about and why, and ends the process as being in trouble.
    #[inline(never)]
    pub fn fail(self, what: StackStr, why: &'static CStr) -> ! {
        let mut memory = memory::<512>();
        let mut line = self.begin(&mut memory, what, why);
        line.byte(b'\n');
        line.send();
        process::exit(TROUBLE)
    }

    /// The same, where the kernel said why, with an exit status to choose.
    #[inline(never)]
    pub fn fail_with(self, what: StackStr, error: Errno, status: i32) -> ! {
        let mut memory = memory::<512>();
        let mut line = self.begin(&mut memory, what, c": E");
        line.name(Errno::NAMES.into(), error.number() as u8);
        line.byte(b'\n');
        line.send();
        process::exit(status)
    }

    /// Tells of a process: what, its number, and a signal or a status.
    #[inline(never)]
    pub fn event(self, what: StackStr, why: &'static CStr, number: u32, status: u32, signal: u8) {
        let mut memory = memory::<512>();
        let mut line = self.begin(&mut memory, what, why);
        line.number(number);
        if signal != 0 {
            names::append(&mut line, signal);
        } else if status != NO_STATUS {
            line.byte(b' ');
            line.number(status);
        }
        line.byte(b'\n');
        line.send();
    }

    fn begin<'a>(self, memory: &'a mut Memory<512>, what: StackStr, why: &'static CStr) -> Text<'a> {
        let mut line = Text::new(memory);
        line.literal(self.prefix);
        line.string(what);
        line.literal(why);
        line
    }
}

/// In the place of an exit status: there is none to tell.
pub const NO_STATUS: u32 = u32::MAX;
