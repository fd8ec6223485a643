//! The command line.

use core::ffi::CStr;

use mote_init::{Init, hold::hold, message};
use mote_rt::{
    env::Environment,
    getopt::Options,
    process,
    signal::Signal,
    stack::InitialStack,
    string::StackStr,
    sys::{self, Fd},
    table, text,
};

use crate::policy::{Catatonit, adopt, let_go};

/// What `-V` prints, in the form that Docker Engine understands.
const VERSION: &[u8] = concat!("tini version ", env!("CARGO_PKG_VERSION"), "_catatonit\n\0").as_bytes();

/// The first line of the help.
macro_rules! usage {
    () => {
        "usage: catatonit [-ghLPV] [--] <progname> [<arguments>...]\n"
    };
}

/// What is said of a command line that is wrong.
const USAGE: &[u8] = concat!(usage!(), "\0").as_bytes();

/// What `-h` prints.
const HELP: &[u8] = concat!(
    usage!(),
    "
options:
  -g             Signal the whole process group.
  -h             Print this help.
  -L             Print the licence.
  -P             Pause until SIGTERM or SIGINT.
  -V, --version  Print the version.
\0"
)
.as_bytes();

/// What `-L` prints.
const LICENCE: &[u8] = b"MIT or Apache-2.0, at your option.\n\0";

/// Reads the options, runs COMMAND and ends as it does.
pub(crate) extern "C" fn main(stack: InitialStack) -> ! {
    let env = Environment::of(stack);
    let mut options = Options::of(stack, env.get(text!("POSIXLY_CORRECT=")).is_none());
    let mut init = Init::new(Catatonit, env);
    let mut pauses = false;
    while let Some(letter) = options.take() {
        match letter {
            b'g' => init.group = true,
            b'P' => pauses = true,
            b'h' => show(table!(HELP), Fd::STDERR, 0),
            b'L' => show(table!(LICENCE), Fd::STDOUT, 0),
            b'V' => version(),
            b'-' => long(options.value(), stack),
            _ => {
                message::complain(stack.name(), message::invalid(), StackStr::empty(), letter);
                wrong()
            }
        }
    }
    if pauses {
        adopt(sys::getpid());
        let_go();
        hold(&Catatonit);
    }
    let Some(line) = options.operands() else {
        Catatonit::say(text!("missing program name"), 0);
        wrong()
    };
    // Those that stop whoever is in the background of a terminal are nobody else's business.
    for signal in [Signal::TSTP, Signal::TTIN, Signal::TTOU] {
        init.rewrite.set(signal.number(), 0);
    }
    init.run(line)
}

/// The one long option, of whose name the beginning is enough.
fn long(word: Option<StackStr>, stack: InitialStack) -> ! {
    let word = word.unwrap_or_else(StackStr::empty);
    if text!("version").after(word).is_some() {
        version();
    }
    message::complain(stack.name(), text!(": unrecognized option '--%s'"), word, 0);
    wrong()
}

/// Says what the program is, and ends.
fn version() -> ! {
    show(table!(VERSION), Fd::STDOUT, 0)
}

/// Says how the program is used, and ends.
fn wrong() -> ! {
    show(table!(USAGE), Fd::STDERR, 1)
}

/// Shows a text, and ends: with another status if that can't be done.
#[inline(never)]
fn show(text: &'static CStr, fd: Fd, status: i32) -> ! {
    let written = sys::write(fd, text.to_bytes());
    process::end(status | i32::from(written != Ok(text.count_bytes())))
}
