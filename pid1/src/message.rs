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

/// Bytes of a message that a long string leaves to the text behind it.
const RESERVE: usize = 64;

/// Writes a line. In its format `%s` is a string, which is cut if it is too long, `%d` a number, `%e` the name of the
/// error that has the number, and `%g` the name of a signal. `%:` is the signal behind a colon, or nothing without one.
pub(crate) fn say(format: ThinCStr<'static>, string: ThinCStr<'_>, number: u32, signal: Option<Signal>) {
    let mut memory: Memory = [MaybeUninit::uninit(); _];
    let mut line = begin(&mut memory);
    let mut rest = format;
    while let Some((byte, behind)) = rest.split_first() {
        rest = behind;
        if byte != b'%' {
            line.push(byte);
            continue;
        }
        let Some((placeholder, behind)) = rest.split_first() else { break };
        rest = behind;
        match placeholder {
            b's' => line.push_until(string, 0, RESERVE),
            b'd' => line.push_decimal(number),
            b'e' => {
                if let Some(error) = Errno::new(number) {
                    push_errno(&mut line, error);
                }
            }
            _ => {
                if let Some(signal) = signal {
                    if placeholder == b':' {
                        line.push_str(text!(": "));
                    }
                    push_signal(&mut line, signal);
                }
            }
        }
    }
    send(&mut line);
}

/// Reports an error and exits with [`EXIT_CANCELED`]. The string is the format's `%s`.
pub(crate) fn fail(format: ThinCStr<'static>, string: ThinCStr<'_>) -> ! {
    exit(format, string, 0, EXIT_CANCELED)
}

/// Reports an error of the kernel and exits with [`EXIT_CANCELED`]: `pid1: SUBJECT: EACCES`.
pub(crate) fn fail_with(subject: ThinCStr<'_>, error: Errno) -> ! {
    exit(text!("%s: %e"), subject, error.number(), EXIT_CANCELED)
}

/// Reports an error and exits with `status`.
pub(crate) fn exit(format: ThinCStr<'static>, string: ThinCStr<'_>, number: u32, status: u8) -> ! {
    say(format, string, number, None);
    process::exit(status.into())
}

/// Reports that there is no memory, and exits.
pub(crate) fn fail_without_memory() -> ! {
    fail(text!("no memory"), text!(""))
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
    let mut line = begin(&mut memory);
    line.push_str(source);
    line.push(b'-');
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

/// Begins a line.
fn begin(memory: &mut Memory) -> StringBuf<'_> {
    let mut line = StringBuf::new(memory);
    line.push_str(text!("pid1: "));
    line
}

/// Ends a line and writes it. It is lost if it can't be written at once.
fn send(line: &mut StringBuf<'_>) {
    line.push(b'\n');
    sys::write_nonblocking(Fd::STDERR, line.as_bytes());
}
