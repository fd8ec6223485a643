//! Messages on standard error. They begin with `pid1: `, and errors have the kernel's names.

use core::mem::MaybeUninit;

use mote_cli::{push_errno, push_signal};
use mote_init::run::EXIT_CANCELED;
use mote_rt::{
    Errno, Signal, StringBuf, ThinCStr, process,
    sys::{self, Fd},
    text,
};

/// Memory of a message.
type Memory = [MaybeUninit<u8>; 513];

/// Bytes of a message that a long subject leaves to the text behind it.
const RESERVE: usize = 64;

/// Reports an error and exits with [`EXIT_CANCELED`]: `pid1: SUBJECT: TEXT`.
pub(crate) fn fail(subject: ThinCStr<'_>, text: ThinCStr<'static>) -> ! {
    exit(subject, text, EXIT_CANCELED)
}

/// Reports an error and exits with `status`: `pid1: SUBJECT: TEXT`.
pub(crate) fn exit(subject: ThinCStr<'_>, text: ThinCStr<'static>, status: u8) -> ! {
    let mut memory: Memory = [MaybeUninit::uninit(); _];
    send(&mut begin(&mut memory, subject, text));
    process::exit(status.into())
}

/// Reports an error of the kernel and exits with `status`: `pid1: SUBJECT: ENOENT`.
pub(crate) fn fail_with(subject: ThinCStr<'_>, error: Errno, status: u8) -> ! {
    let mut memory: Memory = [MaybeUninit::uninit(); _];
    let mut line = begin(&mut memory, subject, text!(": "));
    push_errno(&mut line, error);
    send(&mut line);
    process::exit(status.into())
}

/// Reports that there is no memory, and exits.
pub(crate) fn fail_without_memory() -> ! {
    fail(text!(""), text!("no memory"))
}

/// Reports an event: `pid1: forwarding to 7 SIGTERM`.
pub(crate) fn log(text: ThinCStr<'static>, number: u32, signal: Option<Signal>) {
    let mut memory: Memory = [MaybeUninit::uninit(); _];
    let mut line = begin(&mut memory, text!(""), text);
    line.push_decimal(number);
    if let Some(signal) = signal {
        line.push_str(text!(" SIG"));
        push_signal(&mut line, signal);
    }
    send(&mut line);
}

/// Begins a line.
fn begin<'a>(memory: &'a mut Memory, subject: ThinCStr<'_>, text: ThinCStr<'static>) -> StringBuf<'a> {
    let mut line = StringBuf::new(memory);
    line.push_str(text!("pid1: "));
    line.push_until(subject, 0, RESERVE);
    line.push_str(text);
    line
}

/// Ends a line and writes it. It is lost if it can't be written.
fn send(line: &mut StringBuf<'_>) {
    line.push(b'\n');
    let _ = sys::write(Fd::STDERR, line.as_bytes());
}
