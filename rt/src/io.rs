//! Text for people.

use crate::sys::{self, Fd};

/// The largest errno that the kernel gives to programs.
const MAX_ERRNO: usize = linux_raw_sys::errno::EHWPOISON as usize;

/// Writes `text` to standard output. The result is an exit status: 0 if all of it was written, another if
/// not.
///
/// One call writes and none repeats: whoever waits for the text learns of a full disk or a closed pipe from
/// the status.
#[inline(always)]
pub fn print<const LEN: usize>(text: &'static [u8; LEN]) -> i32 {
    // The kernel answers with a count or a negative errno. So the difference to LEN is zero if all was
    // written, at least -LEN if less was, at least -LEN - MAX_ERRNO if none was. Of an exit status the kernel
    // keeps the low eight bits, so the largest distance from zero must not reach 256.
    const { assert!(LEN + MAX_ERRNO < 256, "too long for an exit status to tell the outcomes apart") }
    sys::write_raw(Fd::STDOUT, text) as i32 - LEN as i32
}
