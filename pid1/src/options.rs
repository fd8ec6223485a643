//! The command line.

use mote_cli::{Opt, Options, parse_signal, take_signal_number};
use mote_init::Init;
use mote_rt::{
    Signal, ThinCStr, process,
    sys::{self, Fd},
    table, text,
};

use crate::{
    message::{fail, fail_without_memory},
    policy::Pid1,
};

/// The output of `--version`.
macro_rules! version {
    () => {
        concat!("pid1 ", env!("CARGO_PKG_VERSION"), "\n")
    };
}

/// Lists the options: letter, long name, value. Defines the help, and the lists of letters and of long names in the
/// same order.
macro_rules! options {
    ($($letter:literal $name:literal $value:literal,)*) => {
        /// The output of `--help`.
        const HELP: &[u8] = concat!(
            version!(),
            "Usage: pid1 [OPTION]... [--] COMMAND [ARG]... (and PID1_OPTS)\n",
            $("-", $letter, " --", $name, $value, "\n",)*
            "\0"
        )
        .as_bytes();

        const LETTERS: &[u8] = concat!($($letter,)* "\0").as_bytes();

        const NAMES: &[u8] = concat!($($name, " ",)* "\0").as_bytes();
    };
}

options! {
    "e" "env" " NAME=VALUE",
    "u" "user" " USER[:GROUP]",
    "g" "group" " GROUP",
    "w" "workdir" " DIR",
    "t" "timeout" " SECONDS",
    "k" "kill-group" "",
    "r" "rewrite" " A:B",
    "x" "map-exit" " A[:B]",
    "p" "parent-death" " SIG",
    "v" "verbose" "",
    "V" "version" "",
    "h" "help" "",
}

/// Takes the options before the operands.
pub(crate) fn parse(init: &mut Init<Pid1>, options: &mut Options<false>) {
    while let Some(option) = options.take() {
        let (letter, value) = match option {
            Opt::Short(letter) => (Some(letter), None),
            Opt::Long(word) => split_long(word),
        };
        match (letter, value) {
            (Some(b'k'), None) => init.forwards_to_group = true,
            (Some(b'v'), None) => init.policy.verbose = true,
            (Some(b'V'), None) => print(text!(version!())),
            (Some(b'h'), None) => print(table!(HELP).into()),
            (Some(letter), value) if takes_value(letter) => {
                let Some(value) = value.or_else(|| options.value()) else { fail_for_option(options) };
                if apply(init, letter, value).is_none() {
                    fail(value, text!(": bad value"));
                }
            }
            _ => fail_for_option(options),
        }
    }
}

/// Reports that the current argument is no option or lacks its value, and exits.
pub(crate) fn fail_for_option(options: &Options<false>) -> ! {
    let argument = options.current().unwrap_or(text!(""));
    fail(argument, text!(": no option, or value missing"))
}

/// Returns the letter of a long option, and the value behind `=`.
fn split_long(word: ThinCStr<'static>) -> (Option<u8>, Option<ThinCStr<'static>>) {
    let mut rest = word;
    let position = rest.take_word(table!(NAMES).into());
    let letter = position.and_then(|position| table!(LETTERS).to_bytes().get(position as usize).copied());
    if rest.is_empty() {
        (letter, None)
    } else if rest.take_byte(b'=') {
        (letter, Some(rest))
    } else {
        (None, None)
    }
}

fn takes_value(letter: u8) -> bool {
    matches!(letter, b'e' | b'u' | b'g' | b'w' | b't' | b'r' | b'x' | b'p')
}

/// Applies an option that has a value. Returns `None` if the value is invalid.
fn apply(init: &mut Init<Pid1>, letter: u8, value: ThinCStr<'static>) -> Option<()> {
    let mut rest = value;
    match letter {
        b'e' => set_variable(init, value)?,
        b'u' => init.policy.user = Some(value),
        b'g' => init.policy.group = Some(value),
        b'w' => init.policy.workdir = Some(value),
        b't' => init.timeout = Some(value.parse_u32().filter(|seconds| *seconds <= i32::MAX as u32)?),
        b'r' => {
            let from = Signal::new(take_signal_number(&mut rest)?)?;
            let is_pair = rest.take_byte(b':');
            let to = take_signal_number(&mut rest)?;
            if !is_pair || !rest.is_empty() {
                return None;
            }
            init.rewrite.set(from, Signal::new(to));
        }
        b'x' => {
            let from = take_status(&mut rest)?;
            let to = if rest.take_byte(b':') { take_status(&mut rest)? } else { 0 };
            if !rest.is_empty() {
                return None;
            }
            init.statuses.set(from, to);
        }
        _ => init.policy.parent_death = Some(parse_signal(value)?),
    }
    Some(())
}

/// Sets a variable of the form `NAME=VALUE`.
fn set_variable(init: &mut Init<Pid1>, variable: ThinCStr<'static>) -> Option<()> {
    let (first, _) = variable.split_first()?;
    if first == b'=' || variable.find(b'=').is_empty() {
        return None;
    }
    init.policy.keeps_home |= variable.strip_prefix(text!("HOME=")).is_some();
    if init.env.set(variable).is_err() {
        fail_without_memory();
    }
    Some(())
}

fn take_status(digits: &mut ThinCStr<'_>) -> Option<u8> {
    u8::try_from(digits.take_u32()?).ok()
}

/// Writes a text to standard output and exits.
fn print(text: ThinCStr<'static>) -> ! {
    let text = text.to_bytes();
    let written = sys::write(Fd::STDOUT, text);
    process::exit(i32::from(written != Ok(text.len())))
}
