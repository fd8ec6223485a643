//! The command line and the environment.

use core::ffi::CStr;

use mote_init::{
    Init,
    message::{self, invalid, lacking},
    words::take_signal_of,
};
use mote_rt::{
    buffer::Text, env::Environment, getopt::Options, process, signal::Signal, stack::InitialStack,
    string::StackStr, sys::Fd, table, text,
};

use crate::policy::{Tini, words};

/// What it is, in the form from which Docker Engine takes the version and the commit.
macro_rules! version {
    () => {
        concat!("tini version ", env!("CARGO_PKG_VERSION"), " - git.", env!("MOTE_COMMIT"))
    };
}

/// What `--version` prints.
const VERSION: &[u8] = concat!(version!(), "\n\0").as_bytes();

/// The help, with the program's name as `%s`.
const HELP: &[u8] = concat!(
    "%s (",
    version!(),
    ")
Usage: %s [OPTIONS] PROGRAM -- [ARGS] | --version

  --version: Show the version.
  -h: Show this help.
  -s: Adopt orphans below PID 1, too (or TINI_SUBREAPER).
  -p SIGNAL: Get SIGNAL when the parent dies, as in -p SIGKILL.
  -v: Say more, up to 3 times (or TINI_VERBOSITY 1 to 4).
  -w: Warn of each reaped orphan.
  -g: Signal the process group (or TINI_KILL_PROCESS_GROUP).
  -e EXIT_CODE: Exit with 0 for it; repeatable.
  -l: Show the licence.
\0"
)
.as_bytes();

/// The help is shown from several places, but is there once.
fn help() -> &'static CStr {
    table!(HELP)
}

/// What `-l` prints.
const LICENCE: &[u8] = b"MIT or Apache-2.0, at your option.\n\0";

/// Reads the options and the environment, runs PROGRAM and ends as it does.
pub(crate) extern "C" fn main(stack: InitialStack) -> ! {
    let env = Environment::of(stack);
    let options = Options::of(stack, env.get(text!("POSIXLY_CORRECT=")).is_none());
    let policy = Tini { verbosity: 1, adopts: false, warns: false, parent_death: None };
    let mut init = Init::new(policy, env);
    let name = stack.name();
    let Some(line) = read(&mut init, options, name).operands() else { show(help(), name, Fd::STDERR, 1) };
    init.policy.adopts |= init.env.get(text!("TINI_SUBREAPER=")).is_some();
    init.group |= init.env.get(text!("TINI_KILL_PROCESS_GROUP=")).is_some();
    if let Some(verbosity) = init.env.get(text!("TINI_VERBOSITY=")) {
        let number = verbosity.number();
        init.policy.verbosity = if number == u32::MAX { 0 } else { number };
    }
    // Those that a terminal sends to whoever is in the background are nobody else's business.
    for signal in [Signal::TTIN, Signal::TTOU] {
        init.rewrite.set(signal.number(), 0);
    }
    init.run(line)
}

/// Takes the options.
fn read(init: &mut Init<Tini>, mut options: Options, name: StackStr) -> Options {
    while let Some(letter) = options.take() {
        match letter {
            b's' => init.policy.adopts = true,
            b'v' => init.policy.verbosity += 1,
            b'w' => init.policy.warns = true,
            b'g' => init.group = true,
            b'h' => show(help(), name, Fd::STDOUT, 0),
            b'l' => show(table!(LICENCE), name, Fd::STDOUT, 0),
            b'p' | b'e' => {
                let Some(value) = options.value() else { wrong(name, lacking(), letter) };
                if !apply(init, letter, value) {
                    init.policy.fail(text!("Not a valid option for -%c: %s"), value, letter.into(), 1);
                }
            }
            _ => {
                if letter == b'-' && options.value().is_some_and(|value| value.is(text!("version"))) {
                    show(table!(VERSION), name, Fd::STDOUT, 0);
                }
                wrong(name, invalid(), letter)
            }
        }
    }
    options
}

/// Does what an option with a value says. False if the value makes no sense.
fn apply(init: &mut Init<Tini>, letter: u8, value: StackStr) -> bool {
    if letter == b'e' {
        let status = value.number();
        init.exits.set(status as u8, 0);
        return status <= u8::MAX.into();
    }
    let (signal, rest) = take_signal_of(words(), value);
    init.policy.parent_death = Some(Signal::new(signal as u8));
    (1..=Signal::MAX.into()).contains(&signal) && rest.first() == 0
}

/// Says what is wrong with an option, and how to do better.
fn wrong(name: StackStr, message: StackStr, letter: u8) -> ! {
    message::complain(name, message, name, letter);
    show(help(), name, Fd::STDERR, 1)
}

/// Shows a text, and ends: with another status if that can't be done.
fn show(message: &'static CStr, name: StackStr, fd: Fd, status: i32) -> ! {
    let Some(mut text) = Text::large() else { process::end(1) };
    message::append(&mut text, words(), message.into(), name.behind_last(b'/'), [0; 2]);
    process::end(status | i32::from(!text.send_to(fd)))
}
