//! Names and numbers of signals, one in each line of the input.

use std::ffi::CString;

use anyhow::{Context, Result};
use mote_cli::parse_signal;
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
        let string = CString::new(word.as_slice())?;
        let found = parse_signal(string.as_c_str().into()).map(|signal| u32::from(signal.number()));
        same(found, signal(&text(&word))).with_context(|| format!("\"{}\"", word.escape_ascii()))
    })
}
