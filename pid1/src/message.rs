//! Messages on standard error. They begin with `pid1: `, and errors have the kernel's names.

use core::mem::MaybeUninit;

use mote_cli::{Opt, push_errno, push_signal};
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
    say(subject, text);
    process::exit(status.into())
}

/// Reports an error of the kernel and exits with `status`: `pid1: SUBJECT: EACCES`.
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

/// Reports what is wrong with an option, and exits: `pid1: PID1_OPTS: -t: x: TEXT`. `source` is empty, or ends in a colon
/// and a blank.
pub(crate) fn fail_for_option(
    source: ThinCStr<'static>,
    option: Opt,
    value: Option<ThinCStr<'_>>,
    text: ThinCStr<'static>,
) -> ! {
    let mut memory: Memory = [MaybeUninit::uninit(); _];
    let mut line = begin(&mut memory, source, text!("-"));
    match option {
        Opt::Short(letter) => line.push(letter),
        Opt::Long(word) => {
            line.push(b'-');
            line.push_until(word, b'=', RESERVE);
        }
    }
    if let Some(value) = value
        && !value.is_empty()
    {
        line.push_str(text!(": "));
        line.push_until(value, 0, RESERVE);
    }
    line.push_str(text);
    send(&mut line);
    process::exit(EXIT_CANCELED.into())
}

/// Reports something: `pid1: SUBJECT: TEXT`.
pub(crate) fn say(subject: ThinCStr<'_>, text: ThinCStr<'static>) {
    let mut memory: Memory = [MaybeUninit::uninit(); _];
    send(&mut begin(&mut memory, subject, text));
}

/// Reports something about a signal: `pid1: SUBJECT: killed by SIGSEGV`.
pub(crate) fn say_signal(subject: ThinCStr<'_>, text: ThinCStr<'static>, signal: Signal) {
    let mut memory: Memory = [MaybeUninit::uninit(); _];
    let mut line = begin(&mut memory, subject, text);
    push_signal(&mut line, signal);
    send(&mut line);
}

/// Reports that a signal was not sent: `pid1: SIGTERM not sent: EPERM`.
pub(crate) fn say_refused(signal: Signal, error: Errno) {
    let mut memory: Memory = [MaybeUninit::uninit(); _];
    let mut line = begin(&mut memory, text!(""), text!(""));
    push_signal(&mut line, signal);
    line.push_str(text!(" not sent: "));
    push_errno(&mut line, error);
    send(&mut line);
}

/// Reports that a timeout has expired: `pid1: timeout after 5 s: sent SIGTERM to all processes`.
pub(crate) fn say_timeout(signal: Signal, seconds: u32) {
    let mut memory: Memory = [MaybeUninit::uninit(); _];
    let mut line = begin(&mut memory, text!(""), text!("timeout after "));
    line.push_decimal(seconds);
    line.push_str(text!(" s: sent "));
    push_signal(&mut line, signal);
    line.push_str(text!(" to all processes"));
    send(&mut line);
}

/// Reports an event: `pid1: forwarded to 7: SIGTERM`.
pub(crate) fn log(text: ThinCStr<'static>, number: u32, signal: Option<Signal>) {
    let mut memory: Memory = [MaybeUninit::uninit(); _];
    let mut line = begin(&mut memory, text!(""), text);
    line.push_decimal(number);
    if let Some(signal) = signal {
        line.push_str(text!(": "));
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

/// Ends a line and writes it. It is lost if it can't be written at once.
fn send(line: &mut StringBuf<'_>) {
    line.push(b'\n');
    sys::write_nonblocking(Fd::STDERR, line.as_bytes());
}
