//! Names and numbers of signals, one in each line of the input.

use std::ffi::CString;

use anyhow::{Context, Result};
use mote_cli::parse_signal;
use mote_tests::model::line::signal;
use mote_tests::outcome::same;

use crate::text::{text, without_nul};

pub(crate) fn check(input: &[u8]) -> Result<()> {
    input.split(|byte| *byte == b'\n').try_for_each(|line| {
        let name = without_nul(line);
        let string = CString::new(name.as_slice())?;
        let found = parse_signal(string.as_c_str().into()).map(|signal| u32::from(signal.number()));
        same(found, signal(&text(&name))).with_context(|| format!("\"{}\"", name.escape_ascii()))
    })
}
