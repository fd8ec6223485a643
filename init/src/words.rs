//! The words of an init: the names of signals and errors, and what it says about them.

use mote_rt::{Errno, buffer::Text, string::StackStr, table, text};

use crate::{policy::Step, report::NONE};

/// The names of signals by their numbers, without SIG, as a table for [`Text::entry`].
pub const SIGNALS: &[u8] = b"\x81HUP\x82INT\x83QUIT\x84ILL\x85TRAP\x86ABRT\x87BUS\x88FPE\x89KILL\x8aUSR1\x8bSEGV\x8cUSR2\
\x8dPIPE\x8eALRM\x8fTERM\x90STKFLT\x91CHLD\x92CONT\x93STOP\x94TSTP\x95TTIN\x96TTOU\x97URG\x98XCPU\x99XFSZ\x9aVTALRM\
\x9bPROF\x9cWINCH\x9dIO\x9ePWR\x9fSYS\xa2RTMIN";

/// More words for the same table: errors by their numbers plus [`ERRORS`], without E, where those that hardly anybody will
/// see have the number in place of a name; what lines say.
const OTHERS: &[u8] = b"\xc1PERM\xc2NOENT\xc33\xc4INTR\xc5IO\xc66\xc72BIG\xc8NOEXEC\xc99\xca10\xcbAGAIN\xccNOMEM\
\xcdACCES\xce14\xcf15\xd016\xd117\xd218\xd319\xd4NOTDIR\xd5ISDIR\xd6INVAL\xd7NFILE\xd8MFILE\xd925\xdaTXTBSY\
\xdb27\xdc28\xdd29\xde30\xdf31\xe032\xe133\xe234\xe335\xe4NAMETOOLONG\xe537\xe6NOSYS\xe739\xe8LOOP\
\xe9: E\xebsetgroups: E\xecsetgid: E\xedsetuid: E\xeeCOMMAND missing\xef: unknown\xf0: bad number\
\xf1: too many groups\xf2no memory\xf3started \xf4reaped \xf5forwarding to \xf6exiting with \
\xf7: no option, or value missing\xf8: bad value\xf9 SIG\xfasignals: E\xfbsetitimer: E\xfcchild: E\xfdprctl: E";

/// All of them.
const WORDS: &[u8] = &crate::joined!(SIGNALS, OTHERS);

fn words() -> StackStr {
    table!(WORDS).into()
}

/// Joins two tables, constants both of them, into the bytes of one that ends in a zero.
#[macro_export]
macro_rules! joined {
    ($one:expr, $other:expr) => {{
        const JOINED: [u8; $one.len() + $other.len() + 1] = {
            let (mut joined, mut end) = ([0; _], 0);
            while end + 1 < joined.len() {
                let is_first = end < $one.len();
                joined[end] = if is_first { $one[end] } else { $other[end - $one.len()] };
                end += 1;
            }
            joined
        };
        JOINED
    }};
}

/// What is added to an error's number in a table.
pub const ERRORS: u8 = 64;

/// The largest error in the table. What follows its place are no errors any more.
const LAST_ERROR: u32 = 40;

/// One of the words.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Word(u8);

impl Word {
    /// It failed; the name of an error follows.
    pub const ERROR: Self = Self(0x69);
    /// `setgroups` failed, with an error.
    pub const SETGROUPS: Self = Self(0x6b);
    /// `setgid` failed, with an error.
    pub const SETGID: Self = Self(0x6c);
    /// `setuid` failed, with an error.
    pub const SETUID: Self = Self(0x6d);
    /// There is no COMMAND.
    pub const NO_COMMAND: Self = Self(0x6e);
    /// There is no such user or group.
    pub const UNKNOWN: Self = Self(0x6f);
    /// The number of this user or group is none.
    pub const BAD_NUMBER: Self = Self(0x70);
    /// This user is in more groups than a process may be.
    pub const TOO_MANY_GROUPS: Self = Self(0x71);
    /// There is no memory.
    pub const NO_MEMORY: Self = Self(0x72);
    /// COMMAND was started; its number follows.
    pub const STARTED: Self = Self(0x73);
    /// A process was reaped; its number follows, and what killed it.
    pub const REAPED: Self = Self(0x74);
    /// A signal is forwarded; the number of COMMAND follows, and its name.
    pub const FORWARDING: Self = Self(0x75);
    /// The end; the exit status follows, and what killed COMMAND.
    pub const EXITING: Self = Self(0x76);
    /// This is no option, or lacks its value.
    pub const BAD_OPTION: Self = Self(0x77);
    /// This is no value for its option.
    pub const BAD_VALUE: Self = Self(0x78);
    /// In front of a signal's name.
    pub const SIG: Self = Self(0x79);
    /// The death of the parent can't be heard of, with an error.
    pub const PRCTL: Self = Self(0x7d);
    /// Nothing at all.
    pub const NONE: Self = Self(0);

    /// What stands behind the E of an error: its number or, of one that may be in the table, its name.
    pub fn error(error: Errno) -> (u32, Self) {
        let number = error.number();
        if number > LAST_ERROR { (number, Self::NONE) } else { (NONE, Self(ERRORS + number as u8)) }
    }

    /// What could not be done before COMMAND; the name of an error follows.
    pub const fn step(step: Step) -> Self {
        Self(0x7a + step as u8)
    }

    /// The name of a signal.
    pub const fn signal(number: u8) -> Self {
        Self(number)
    }

    /// Appends it, and ` SIG` in front of a signal.
    pub fn append(self, line: &mut Text<'_>) {
        let Self(mut key) = self;
        if (1..=ERRORS).contains(&key) {
            line.entry(words(), Self::SIG.0);
        }
        let offset = key.wrapping_sub(RTMIN);
        if offset <= ERRORS - RTMIN {
            key = RTMIN;
        }
        line.entry(words(), key);
        if offset <= ERRORS - RTMIN {
            line.byte(b'+');
            line.number(offset.into());
        }
    }
}

/// The first real-time signal as C libraries count, which keep the kernel's first two for themselves.
const RTMIN: u8 = 34;

/// The signal that a word begins with, and what follows that: a number, or a name with or without SIG. A number
/// larger than that of any signal if there is none.
pub fn take_signal(word: StackStr) -> (u32, StackStr) {
    take_signal_of(words(), word)
}

/// The same with a table of which only the signals count.
#[inline(always)]
pub fn take_signal_of(table: StackStr, word: StackStr) -> (u32, StackStr) {
    let word = word.after(text!("SIG")).unwrap_or(word);
    let (number, rest) = word.take_number();
    if number != u32::MAX {
        return (number, rest);
    }
    let mut table = table;
    // A word ends at the number of the next, or with the table.
    let is_letter = |byte: u8| byte as i8 > 0;
    while table.first() != 0 {
        let signal = table.first() & 127;
        let mut rest = word;
        table = table.rest();
        while is_letter(table.first()) && table.first() == rest.first() {
            (table, rest) = (table.rest(), rest.rest());
        }
        if !is_letter(table.first()) {
            let mut offset = 0;
            if signal == RTMIN && rest.first() == b'+' {
                (offset, rest) = rest.rest().take_number();
            }
            return (offset.saturating_add(signal.into()), rest);
        }
        while is_letter(table.first()) {
            table = table.rest();
        }
    }
    (u32::MAX, word)
}

#[cfg(test)]
mod tests {
    extern crate std;
    use std::{boxed::Box, ffi::CString, format, string::String, vec::Vec};

    use mote_rt::signal::Signal;

    use super::*;

    fn take(word: &str) -> (u32, String) {
        let word = Box::leak(Box::new(CString::new(word).expect("no zero in it")));
        let (number, rest) = take_signal(StackStr::from(&**word));
        let mut memory = Text::memory();
        let mut text = Text::new(&mut memory);
        text.string(rest);
        (number, String::from_utf8_lossy(text.as_bytes()).into())
    }

    fn text(word: Word) -> String {
        let mut memory = Text::memory();
        let mut line = Text::new(&mut memory);
        word.append(&mut line);
        String::from_utf8_lossy(line.as_bytes()).into()
    }

    #[test]
    fn every_name_and_every_number_leads_back_to_its_signal() {
        // 32 and 33 have no name: C libraries keep them to themselves.
        for signal in (1..=Signal::MAX).filter(|signal| !(32..34).contains(signal)) {
            let name = text(Word::signal(signal));
            let name = name.trim_start();
            let whole = (u32::from(signal), String::new());
            assert_eq!(take(name), whole, "{name}");
            assert_eq!(take(name.trim_start_matches("SIG")), whole, "{name}");
            assert_eq!(take(&format!("{signal}")), whole);
        }
        assert_eq!(take("0"), (0, String::new()));
    }

    #[test]
    fn names_are_the_usual_ones() {
        for (signal, expected) in [(1, " SIGHUP"), (9, " SIGKILL"), (15, " SIGTERM"), (31, " SIGSYS")] {
            assert_eq!(text(Word::signal(signal)), expected);
        }
        assert_eq!(text(Word::signal(34)), " SIGRTMIN+0");
        assert_eq!(text(Word::signal(64)), " SIGRTMIN+30");
        assert_eq!(take("SIGRTMIN"), (34, String::new()));
        assert_eq!(text(Word::NONE), "");
    }

    #[test]
    fn a_signal_ends_where_its_name_or_number_does() {
        for (word, signal, rest) in
            [("TERM:INT", 15, ":INT"), ("SIGTERMS", 15, "S"), ("15x", 15, "x"), ("RTMIN+3:", 37, ":")]
        {
            assert_eq!(take(word), (signal, rest.into()));
        }
    }

    #[test]
    fn other_words_are_no_signals() {
        let others =
            ["", "SIG", "TER", "term", "-1", " 1", "+1", "RTMIN+", "RTMIN+x", "RTMIN+31", "SIGSIGTERM"];
        let more = ["65", "99999999999", "RTMIN+4294967295", "NOENT", ": E", "fork: E", "\u{81}HUP"];
        for word in others.into_iter().chain(more) {
            assert!(take(word).0 > Signal::MAX.into(), "{word:?}");
        }
    }

    macro_rules! check {
        ($($name:ident)*) => {
            $(assert_eq!(text(Word(ERRORS + linux_raw_sys::errno::$name as u8)), stringify!($name)[1..]);)*
        };
    }

    #[test]
    fn errors_are_called_as_the_kernel_does() {
        check!(
            EPERM ENOENT EINTR EIO E2BIG ENOEXEC EAGAIN ENOMEM EACCES ENOTDIR EISDIR EINVAL ENFILE EMFILE ETXTBSY
            ENAMETOOLONG ENOSYS ELOOP
        );
    }

    #[test]
    fn other_errors_are_numbers() {
        for number in 1..4096_u32 {
            let (shown, word) = Word::error(Errno::new(number));
            let (name, digits) = (text(word), format!("{number}"));
            if number > LAST_ERROR {
                assert_eq!((shown, name), (number, String::new()));
            } else {
                let is_name = name.starts_with(|first: char| first.is_ascii_uppercase()) || name == "2BIG";
                assert!(shown == NONE && (is_name || name == digits), "{number}: {name}");
            }
        }
    }

    /// A number that were there twice would say two things at once.
    #[test]
    fn no_number_is_in_the_table_twice() {
        let numbers: Vec<u8> = WORDS.iter().copied().filter(|byte| !byte.is_ascii()).collect();
        assert!(numbers.is_sorted_by(|one, next| one < next), "{numbers:x?}");
    }
}
