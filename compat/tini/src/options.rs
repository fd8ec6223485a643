//! The command line and the environment.

use mote_cli::{Opt, Options, parse_signal};
use mote_compat::{invalid_option, missing_argument, show};
use mote_init::Init;
use mote_rt::{InitialStack, Signal, ThinCStr, sys::Fd, text};

use crate::policy::Tini;

/// The version, in the form from which Docker Engine parses the version and the commit.
macro_rules! version {
    () => {
        concat!("tini version ", env!("CARGO_PKG_VERSION"), "_mote - git.", env!("MOTE_COMMIT"))
    };
}

/// The output of `--version`.
macro_rules! version_line {
    () => {
        concat!(version!(), "\n")
    };
}

/// The help, with the program's name as `%p`.
macro_rules! help {
    () => {
        concat!(
            "%p (",
            version!(),
            ")
Usage: %p [OPTIONS] PROGRAM -- [ARGS] | --version

  --version: Show the version.
  -h: Show this help.
  -s: Adopt orphans below PID 1, too (or TINI_SUBREAPER).
  -p SIGNAL: Get SIGNAL when the parent dies, as in -p SIGKILL.
  -v: Say more, up to 3 times (or TINI_VERBOSITY 1 to 4).
  -w: Warn of each reaped orphan.
  -g: Signal the process group (or TINI_KILL_PROCESS_GROUP).
  -e EXIT_CODE: Exit with 0 for it; repeatable.
  -l: Show the licence.
"
        )
    };
}

/// The output of `-l`.
macro_rules! licence {
    () => {
        "MIT or Apache-2.0, at your option.\n"
    };
}

pub(crate) extern "C" fn main(stack: InitialStack) -> ! {
    let (standalone, args, env) = stack.into_parts();
    let name = args.get(0).unwrap_or(text!(""));
    let policy = Tini { verbosity: 1, is_subreaper: false, warns: false, parent_death: None };
    let mut init = Init::new(standalone, policy, env);
    let mut options = Options::<true>::new(args);
    if init.env.get(text!("POSIXLY_CORRECT")).is_some() {
        options.stop_at_operand();
    }
    parse(&mut init, &mut options, name);
    let Some(command) = options.into_command() else { show_help(name, Fd::STDERR, 1) };
    if init.env.get(text!("TINI_SUBREAPER")).is_some() {
        init.policy.is_subreaper = true;
    }
    if init.env.get(text!("TINI_KILL_PROCESS_GROUP")).is_some() {
        init.forwards_to_group = true;
    }
    if let Some(verbosity) = init.env.get(text!("TINI_VERBOSITY")) {
        init.policy.verbosity = verbosity.parse_u32().unwrap_or(0);
    }
    // A terminal sends these signals to background processes. The init does not forward them.
    init.rewrite.set(Signal::TTIN, None);
    init.rewrite.set(Signal::TTOU, None);
    init.run(command)
}

/// Takes the options.
fn parse(init: &mut Init<Tini>, options: &mut Options<true>, name: ThinCStr<'static>) {
    while let Some(option) = options.take() {
        match option {
            Opt::Short(b's') => init.policy.is_subreaper = true,
            Opt::Short(b'v') => init.policy.verbosity = init.policy.verbosity.saturating_add(1),
            Opt::Short(b'w') => init.policy.warns = true,
            Opt::Short(b'g') => init.forwards_to_group = true,
            Opt::Short(b'h') => show_help(name, Fd::STDOUT, 0),
            Opt::Short(b'l') => show(Fd::STDOUT, 0, text!(licence!()), name),
            Opt::Short(letter @ (b'p' | b'e')) => {
                let Some(value) = options.value() else {
                    missing_argument(name, letter);
                    show_help(name, Fd::STDERR, 1)
                };
                if apply(init, letter, value).is_none() {
                    init.policy.fail(text!("Not a valid option for -%c: %s"), value, letter.into(), 1);
                }
            }
            Opt::Long(word) if word == text!("version") => show(Fd::STDOUT, 0, text!(version_line!()), name),
            Opt::Short(letter) => fail_for_letter(name, letter),
            // tini knows no other long option, and takes the second dash for a letter.
            Opt::Long(_) => fail_for_letter(name, b'-'),
        }
    }
}

/// Applies an option that has a value. Returns `None` if the value is invalid.
fn apply(init: &mut Init<Tini>, letter: u8, value: ThinCStr<'_>) -> Option<()> {
    if letter == b'e' {
        init.statuses.set(u8::try_from(value.parse_u32()?).ok()?, 0);
    } else {
        init.policy.parent_death = Some(parse_signal(value)?);
    }
    Some(())
}

fn fail_for_letter(name: ThinCStr<'_>, letter: u8) -> ! {
    invalid_option(name, letter);
    show_help(name, Fd::STDERR, 1)
}

/// Shows the help under the program's name without its directory, and exits.
fn show_help(name: ThinCStr<'_>, fd: Fd, status: i32) -> ! {
    let mut base = name;
    while let Some(behind) = base.behind(b'/') {
        base = behind;
    }
    show(fd, status, text!(help!()), base)
}
