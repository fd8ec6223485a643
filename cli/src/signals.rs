//! Names of signals.

use mote_rt::{Signal, StringBuf, ThinCStr, table, text};

/// The names of the standard signals without SIG, from number 1 on. The numbers are the same on every architecture of
/// mote.
const NAMES: &[u8] =
    b"HUP INT QUIT ILL TRAP ABRT BUS FPE KILL USR1 SEGV USR2 PIPE ALRM TERM STKFLT CHLD CONT STOP TSTP \
TTIN TTOU URG XCPU XFSZ VTALRM PROF WINCH IO PWR SYS\0";

/// The first real-time signal to C libraries, which keep the kernel's first two to themselves.
const RTMIN: u8 = 34;

/// Appends the name of a signal: `SIGTERM`, `SIGRTMIN+3`, or `SIG32` and `SIG33`, which have none.
pub fn push_signal(string: &mut StringBuf<'_>, signal: Signal) {
    let mut number = signal.number();
    string.push_str(text!("SIG"));
    if string.push_word(table!(NAMES).into(), u32::from(number) - 1) {
        return;
    }
    if let Some(offset) = number.checked_sub(RTMIN) {
        string.push_str(text!("RTMIN+"));
        number = offset;
    }
    string.push_decimal(number.into());
}

/// Appends the name of a signal as tini does, without SIG: that of a standard signal, `RTMIN`, or else the number.
pub fn push_signal_or_number(string: &mut StringBuf<'_>, signal: Signal) {
    if string.push_word(table!(NAMES).into(), u32::from(signal.number()) - 1) {
        return;
    }
    if signal.number() == RTMIN {
        string.push_str(text!("RTMIN"));
    } else {
        string.push_decimal(signal.number().into());
    }
}

/// Parses a signal: a name with or without SIG, `RTMIN`, `RTMIN+n`, or a number from 1 to 64.
pub fn parse_signal(word: ThinCStr<'_>) -> Option<Signal> {
    let mut rest = word;
    let number = take_signal_number(&mut rest)?;
    if rest.is_empty() { Signal::new(number) } else { None }
}

/// Takes a signal, or the number 0, from the front. Returns the number, which is 64 at most.
pub fn take_signal_number(word: &mut ThinCStr<'_>) -> Option<u32> {
    if let Some(name) = word.strip_prefix(text!("SIG")) {
        *word = name;
    }
    let number = if word.split_first().is_some_and(|(first, _)| first.is_ascii_digit()) {
        word.take_u32()?
    } else if let Some(position) = word.take_word(table!(NAMES).into()) {
        position + 1
    } else {
        *word = word.strip_prefix(text!("RTMIN"))?;
        let offset = if word.take_byte(b'+') { word.take_u32()? } else { 0 };
        offset.checked_add(RTMIN.into())?
    };
    (number <= Signal::MAX.into()).then_some(number)
}

#[cfg(test)]
mod tests {
    extern crate std;
    use core::mem::MaybeUninit;
    use std::{format, string::String};

    use super::*;

    fn name(signal: Signal) -> String {
        let mut memory = [MaybeUninit::uninit(); 32];
        let mut string = StringBuf::new(&mut memory);
        push_signal(&mut string, signal);
        String::from_utf8_lossy(string.as_bytes()).into()
    }

    fn parse(word: &str) -> Option<Signal> {
        let word = format!("{word}\0");
        parse_signal(ThinCStr::from_bytes_until_nul(word.as_bytes()).expect("a NUL"))
    }

    fn signals() -> impl Iterator<Item = Signal> {
        (1..=u32::from(Signal::MAX)).filter_map(Signal::new)
    }

    #[test]
    fn every_name_and_every_number_leads_back_to_its_signal() {
        for signal in signals() {
            assert_eq!(parse(&format!("{}", signal.number())), Some(signal));
            let name = name(signal);
            let bare = name.strip_prefix("SIG").expect("SIG");
            assert_eq!(parse(&name), Some(signal), "{name}");
            assert_eq!(parse(bare), Some(signal), "{name}");
        }
    }

    #[test]
    fn names_are_those_of_the_kernel() {
        for (signal, expected) in
            [(Signal::HUP, "SIGHUP"), (Signal::KILL, "SIGKILL"), (Signal::TERM, "SIGTERM")]
        {
            assert_eq!(name(signal), expected);
        }
        assert_eq!(Signal::new(31).map(name).as_deref(), Some("SIGSYS"));
        assert_eq!(Signal::new(34).map(name).as_deref(), Some("SIGRTMIN+0"));
        assert_eq!(Signal::new(64).map(name).as_deref(), Some("SIGRTMIN+30"));
        assert_eq!(parse("SIGRTMIN").map(Signal::number), Some(34));
    }

    #[test]
    fn zero_is_a_number_but_no_signal() {
        let mut word = ThinCStr::from(c"0:");
        assert_eq!((take_signal_number(&mut word), parse("0")), (Some(0), None));
        assert_eq!(word.to_bytes(), b":");
    }

    #[test]
    fn other_words_are_no_signals() {
        for word in [
            "",
            "SIG",
            "TER",
            "term",
            "-1",
            " 1",
            "+1",
            "1 ",
            "RTMIN+",
            "RTMIN+x",
            "RTMIN+31",
            "SIGSIGTERM",
            "65",
            "99999999999",
            "RTMIN+4294967295",
            "TERMS",
            "HUP INT",
            " ",
            "RTMIN-1",
        ] {
            assert_eq!(parse(word), None, "{word:?}");
        }
    }
}
