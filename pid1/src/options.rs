//! The command line.

use mote_cli::{Opt, Options, parse_signal, take_signal_number};
use mote_init::Init;
use mote_rt::{
    Signal, ThinCStr, process,
    sys::{self, Fd},
    table, text,
};

use crate::{
    copy::copy_to,
    message::{fail_for_option, fail_with, fail_without_memory},
    policy::Pid1,
};

/// The output of `--version`.
macro_rules! version {
    () => {
        concat!("pid1 ", env!("CARGO_PKG_VERSION"), " - git.", env!("MOTE_COMMIT"), "\n")
    };
}

/// Lists the options: letter, long name, value, description. Defines the help, and the lists of letters and of long
/// names in the same order.
macro_rules! options {
    ($($letter:literal $name:literal $value:literal $description:literal,)*) => {
        /// The output of `--help`.
        const HELP: &[u8] = concat!(
            version!(),
            "Usage: pid1 [OPTION]... [--] COMMAND [ARG]...\n",
            "Runs COMMAND, forwards signals to it, reaps zombies, and exits with its status.\n",
            "PID1_OPTS may hold options, too.\n",
            $("-", $letter, ", --", $name, $value, "\n\t", $description, "\n",)*
            "Exit status: that of COMMAND, or 128+N if signal N killed it;\n",
            "127: COMMAND was not found; 126: it can't be executed; 125: pid1 failed.\n",
            "\0"
        )
        .as_bytes();

        const LETTERS: &[u8] = concat!($($letter,)* "\0").as_bytes();

        const NAMES: &[u8] = concat!($($name, " ",)* "\0").as_bytes();
    };
}

options! {
    "e" "env" " NAME=VALUE" "set a variable for COMMAND",
    "u" "user" " USER[:GROUP]" "run COMMAND as USER, by name or ID",
    "g" "group" " GROUP" "run COMMAND with this group, and no other",
    "w" "workdir" " DIR" "run COMMAND in DIR",
    "t" "timeout" " SECONDS" "after a stop signal: wait, SIGTERM to all, wait, SIGKILL to all",
    "s" "stop" " SIGNAL" "another stop signal beside TERM and INT",
    "k" "kill-group" "" "forward signals to COMMAND's process group",
    "r" "rewrite" " A:B" "forward signal B in place of A, or none if B is 0",
    "x" "map-exit" " A[:B]" "exit with B, or 0, in place of COMMAND's status A",
    "a" "wait-all" "" "when COMMAND has ended, wait for all other processes",
    "T" "keep-tty" "" "leave the terminal to pid1, which forwards Ctrl-C and the like",
    "p" "parent-death" " SIGNAL" "get SIGNAL when the parent dies",
    "c" "copy-to" " FILE" "write this program to FILE, and exit",
    "v" "verbose" "" "report each start, forward, reap and exit",
    "V" "version" "" "print the version",
    "h" "help" "" "print this help",
}

/// Takes the options before the operands. `source` begins the messages about them.
pub(crate) fn parse(init: &mut Init<Pid1>, options: &mut Options<false>, source: ThinCStr<'static>) {
    while let Some(option) = options.take() {
        let (letter, value) = match option {
            Opt::Short(letter) => (Some(letter), None),
            Opt::Long(word) => split_long(word),
        };
        match letter {
            Some(letter) if takes_value(letter) => {
                let Some(value) = value.or_else(|| options.value()) else {
                    fail_for_option(source, option, None, text!(": value missing"))
                };
                if apply(init, letter, value).is_none() {
                    fail_for_option(source, option, Some(value), text!(": bad value; see pid1 --help"));
                }
            }
            Some(letter) if value.is_none() && set(init, letter).is_some() => {}
            Some(_) if value.is_some() => fail_for_option(source, option, None, text!(": takes no value")),
            _ => fail_for_option(source, option, None, text!(": unknown option; see pid1 --help")),
        }
    }
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
    matches!(letter, b'e' | b'u' | b'g' | b'w' | b't' | b's' | b'r' | b'x' | b'p' | b'c')
}

/// Applies an option without a value. Returns `None` if there is none.
fn set(init: &mut Init<Pid1>, letter: u8) -> Option<()> {
    match letter {
        b'k' => init.forwards_to_group = true,
        b'a' => init.waits_for_orphans = true,
        b'T' => init.policy.keeps_terminal = true,
        b'v' => init.policy.verbose = true,
        b'V' => print(text!(version!())),
        b'h' => print(table!(HELP).into()),
        _ => return None,
    }
    Some(())
}

/// Applies an option that has a value. Returns `None` if the value is invalid.
fn apply(init: &mut Init<Pid1>, letter: u8, value: ThinCStr<'static>) -> Option<()> {
    let mut rest = value;
    match letter {
        b'e' => set_variable(init, value)?,
        b'u' | b'g' | b'w' | b'c' if value.is_empty() => return None,
        b'u' => init.policy.user = Some(value),
        b'g' => init.policy.group = Some(value),
        b'w' => init.policy.workdir = Some(value),
        b't' => init.timeout = Some(value.parse_u32().filter(|seconds| *seconds <= i32::MAX as u32)?),
        b's' => init.stop_signals.insert(parse_signal(value)?),
        b'r' => {
            let from = Signal::new(take_signal_number(&mut rest)?)?;
            let is_pair = rest.take_byte(b':');
            let to = take_signal_number(&mut rest)?;
            // pid1 reaps for SIGCHLD, and never receives the others.
            let is_fixed = matches!(from, Signal::CHLD | Signal::KILL | Signal::STOP);
            if !is_pair || !rest.is_empty() || is_fixed {
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
            // From now on the status of pid1 itself has to be told from COMMAND's.
            init.policy.has_executed = init.policy.has_executed.or_else(sys::mmap_shared_flag);
            if init.policy.has_executed.is_none() {
                fail_without_memory();
            }
            init.statuses.set(from, to);
        }
        b'c' => {
            let error = copy_to(value);
            fail_with(value, error);
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
    if init.policy.variables.push(variable).is_err() {
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
