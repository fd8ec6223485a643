//! The names of signals.

use core::ffi::CStr;

use mote_rt::{buffer::Text, signal::Signal, stack::StackStr};

/// The names of the signals without SIG, as a table for [`Text::name`].
const NAMES: &CStr = c"\x01HUP\x02INT\x03QUIT\x04ILL\x05TRAP\x06ABRT\x07BUS\x08FPE\x09KILL\x0aUSR1\x0bSEGV\x0cUSR2\
\x0dPIPE\x0eALRM\x0fTERM\x10STKFLT\x11CHLD\x12CONT\x13STOP\x14TSTP\x15TTIN\x16TTOU\x17URG\x18XCPU\x19XFSZ\x1aVTALRM\
\x1bPROF\x1cWINCH\x1dIO\x1ePWR\x1fSYS";

/// The first real-time signal as C libraries count, which keep the kernel's first two for themselves.
const RTMIN: u8 = 34;

/// What [`parse`] returns for a word that names no signal.
pub const NONE: u8 = u8::MAX;

/// Appends a signal's name, such as ` SIGTERM` or ` SIGRTMIN+2`.
pub fn append(line: &mut Text<'_>, signal: u8) {
    line.literal(c" SIG");
    if signal >= RTMIN {
        line.literal(c"RTMIN+");
        line.number((signal - RTMIN).into());
    } else {
        line.name(NAMES.into(), signal);
    }
}

/// The number of the signal that a word names, with or without SIG, or as a number; [`NONE`] if it doesn't.
pub fn parse(word: StackStr) -> u8 {
    let name = word.after(b"SIG").unwrap_or(word);
    if name == *c"RTMIN" {
        return RTMIN;
    }
    let (digits, base) = match name.after(b"RTMIN+") {
        Some(offset) => (offset, RTMIN),
        None => (name, 0),
    };
    let number = digits.number().saturating_add(base.into());
    if number <= Signal::MAX.into() {
        return number as u8;
    }
    let mut table = StackStr::from(NAMES);
    while table.first() != 0 {
        let signal = table.first();
        table = table.rest();
        let mut rest = name;
        while table.first() >= b'0' && table.first() == rest.first() {
            (table, rest) = (table.rest(), rest.rest());
        }
        if table.first() < b'0' && rest.first() == 0 {
            return signal;
        }
        while table.first() >= b'0' {
            table = table.rest();
        }
    }
    NONE
}

#[cfg(test)]
mod tests {
    extern crate std;
    use std::{boxed::Box, ffi::CString, format, string::String};

    use mote_rt::buffer::memory;

    use super::*;

    fn parsed(word: &str) -> u8 {
        let word = Box::leak(Box::new(CString::new(word).expect("no zero in it")));
        parse(StackStr::from(&**word))
    }

    fn name(signal: u8) -> String {
        let mut memory = memory::<128>();
        let mut line = Text::new(&mut memory);
        append(&mut line, signal);
        String::from_utf8_lossy(line.as_bytes()).trim().into()
    }

    #[test]
    fn every_name_and_every_number_leads_back_to_its_signal() {
        // 32 and 33 have no name: C libraries keep them to themselves.
        for signal in (1..=Signal::MAX).filter(|signal| !(32..34).contains(signal)) {
            let name = name(signal);
            assert_eq!(parsed(&name), signal, "{name}");
            assert_eq!(parsed(name.trim_start_matches("SIG")), signal, "{name}");
            assert_eq!(parsed(&format!("{signal}")), signal);
        }
        assert_eq!(parsed("0"), 0);
    }

    #[test]
    fn names_are_the_usual_ones() {
        for (signal, expected) in [(1, "SIGHUP"), (9, "SIGKILL"), (15, "SIGTERM"), (31, "SIGSYS")] {
            assert_eq!(name(signal), expected);
        }
        assert_eq!(name(34), "SIGRTMIN+0");
        assert_eq!(parsed("SIGRTMIN"), 34);
        assert_eq!(name(64), "SIGRTMIN+30");
    }

    #[test]
    fn other_words_are_no_signals() {
        for word in [
            "",
            "SIG",
            "TER",
            "TERMS",
            "term",
            "65",
            "-1",
            "99999999999",
            "1x",
            " 1",
            "RTMIN+",
            "RTMIN+31",
            "RTMIN+x",
            "SIGSIGTERM",
            "RTMIN+4294967295",
        ] {
            assert_eq!(parsed(word), NONE, "{word:?}");
        }
    }
}
