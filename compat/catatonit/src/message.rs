//! Messages on standard error.

use core::mem::MaybeUninit;

use mote_cli::Opt;
use mote_compat::{MESSAGE_SIZE, RESERVE, push_strerror};
use mote_rt::{
    Errno, StringBuf, ThinCStr, process,
    sys::{self, Fd},
    text,
};

/// Reports an error: `ERROR (catatonit:1): MESSAGE` and, if there is an error of the kernel, its description.
pub(crate) fn report(message: ThinCStr<'static>, error: Option<Errno>) {
    let mut memory = [MaybeUninit::uninit(); MESSAGE_SIZE];
    let mut line = StringBuf::new(&mut memory);
    line.push_str(text!("ERROR (catatonit:"));
    line.push_decimal(sys::getpid().map_or(0, |pid| pid.as_raw() as u32));
    line.push_str(text!("): "));
    line.push_str(message);
    if let Some(error) = error {
        push_strerror(&mut line, error.number());
    }
    send(&mut line);
}

/// Reports an error of the kernel, and exits. The message ends before the error's description.
pub(crate) fn fail(message: ThinCStr<'static>, error: Errno) -> ! {
    report(message, Some(error));
    process::exit(1)
}

/// Reports an option that catatonit does not have, or a value of `--version` (`None`), as getopt_long(3) does. `name` is
/// the program's own.
pub(crate) fn report_option(name: ThinCStr<'_>, option: Option<Opt>) {
    let mut memory = [MaybeUninit::uninit(); MESSAGE_SIZE];
    let mut line = StringBuf::new(&mut memory);
    line.push_until(name, 0, RESERVE);
    match option {
        Some(Opt::Short(letter)) => {
            line.push_str(text!(": invalid option -- '"));
            line.push(letter);
            line.push(b'\'');
        }
        None => line.push_str(text!(": option '--version' doesn't allow an argument")),
        Some(Opt::Long(word)) => {
            line.push_str(text!(": unrecognized option '--"));
            line.push_until(word, 0, RESERVE);
            line.push(b'\'');
        }
    }
    send(&mut line);
}

/// Ends a line and writes it. It is lost if it can't be written at once.
fn send(line: &mut StringBuf<'_>) {
    line.push(b'\n');
    sys::write_nonblocking(Fd::STDERR, line.as_bytes());
}
