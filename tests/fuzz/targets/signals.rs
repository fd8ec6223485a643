//! Names and numbers of signals, one in each line of the input.

use std::ffi::{CStr, CString};

use anyhow::{Context, Result};
use mote_init::words::take_signal;
use mote_rt::signal::Signal;
use mote_tests::model::line::signal;
use mote_tests::outcome::same;

use super::words::{text, without_zeros};

pub(super) const DICTIONARY: &[&str] = &[
    "SIG",
    "HUP",
    "INT",
    "QUIT",
    "ILL",
    "TRAP",
    "ABRT",
    "BUS",
    "FPE",
    "KILL",
    "USR1",
    "SEGV",
    "USR2",
    "PIPE",
    "ALRM",
    "TERM",
    "STKFLT",
    "CHLD",
    "CONT",
    "STOP",
    "TSTP",
    "TTIN",
    "TTOU",
    "URG",
    "XCPU",
    "XFSZ",
    "VTALRM",
    "PROF",
    "WINCH",
    "IO",
    "PWR",
    "SYS",
    "RTMIN",
    "RTMIN+",
    "RTMIN+30",
    "RTMIN+31",
    "0",
    "1",
    "64",
    "65",
    "4294967295",
    "4294967297",
];

pub(super) fn check(input: &[u8]) -> Result<()> {
    input.split(|byte| *byte == b'\n').try_for_each(|line| {
        let word = without_zeros(line);
        same(found(&word)?, signal(&text(&word))).with_context(|| format!("\"{}\"", word.escape_ascii()))
    })
}

/// The signal that the library finds, if nothing follows it.
fn found(word: &[u8]) -> Result<Option<u32>> {
    let word = CString::new(word)?;
    // SAFETY: it outlives what is taken of it here.
    let text: &'static CStr = unsafe { CStr::from_ptr(word.as_ptr()) };
    let (number, rest) = take_signal(text.into());
    let is_one = rest.first() == 0 && (1..=Signal::MAX.into()).contains(&number);
    Ok(is_one.then_some(number))
}
