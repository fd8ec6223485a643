//! Lines for people, on standard error.

use mote_rt::{Errno, buffer::Text, process, string::StackStr};

use crate::words::Word;

/// The exit status of an init in trouble of its own.
pub const TROUBLE: i32 = 125;

/// No number to tell.
pub const NONE: u32 = u32::MAX;

/// How an init speaks.
pub trait Report {
    /// What each line begins with.
    fn prefix() -> StackStr;

    /// Writes a line: what it is about, what is said of it, a number, and a name.
    #[inline(never)]
    fn line(what: Option<StackStr>, word: Word, number: u32, name: Word) {
        let mut memory = Text::memory();
        let mut line = Text::new(&mut memory);
        line.string(Self::prefix());
        if let Some(what) = what {
            line.string(what);
        }
        word.append(&mut line);
        if number != NONE {
            line.number(number);
        }
        name.append(&mut line);
        line.byte(b'\n');
        line.send();
    }

    /// Says what an error was about and why, and ends the process as being in trouble.
    #[inline(never)]
    fn fail(what: Option<StackStr>, word: Word) -> ! {
        Self::line(what, word, NONE, Word::NONE);
        process::end(TROUBLE)
    }

    /// The same, where the kernel said why, with an exit status to choose.
    #[inline(never)]
    fn fail_with(what: Option<StackStr>, word: Word, error: Errno, status: i32) -> ! {
        let (number, name) = Word::error(error);
        Self::line(what, word, number, name);
        process::end(status)
    }

    /// Ends the process as being in trouble if something failed without which COMMAND must not run.
    #[inline(never)]
    fn check(what: Option<StackStr>, word: Word, result: Result<(), Errno>) {
        if let Err(error) = result {
            Self::fail_with(what, word, error, TROUBLE);
        }
    }
}
