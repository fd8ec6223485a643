//! The command line and the environment.

use mote_cli::{Opt, Options, take_signal_number};
use mote_compat::{complain, invalid_option, is_abbreviation, missing_argument, show};
use mote_init::Init;
use mote_rt::{InitialStack, Signal, SignalSet, ThinCStr, process, sys::Fd, text};

use crate::policy::DumbInit;

/// The output of `--version`.
macro_rules! version {
    () => {
        concat!("dumb-init v", env!("CARGO_PKG_VERSION"), "_mote\n")
    };
}

/// The output of `--help`, with the program's name as `%p`.
macro_rules! help {
    () => {
        concat!(
            version!(),
            "Usage: %p [option] command [[arg] ...]

-c, --single-child Signal the child alone (DUMB_INIT_SETSID=0).
-r, --rewrite s:r  Send r for s; none if 0.
-v, --verbose      Say more (DUMB_INIT_DEBUG=1).
-h, --help         Help.
-V, --version      Version.
"
        )
    };
}

/// The message about a command line without a command.
macro_rules! usage {
    () => {
        "Usage: %p [option] program [args]
Try %p --help for full usage.
"
    };
}

/// The message about a value that `-r` does not take.
macro_rules! rewrite_usage {
    () => {
        "Usage: -r option takes <signum>:<signum>, where <signum> is between 1 and 31.
This option can be specified multiple times.
Use --help for full usage.
"
    };
}

pub(crate) extern "C" fn main(stack: InitialStack) -> ! {
    let (standalone, args, env) = stack.into_parts();
    let name = args.get(0).unwrap_or(text!(""));
    let policy = DumbInit { verbose: false, session: true, rewritten: SignalSet::EMPTY };
    let mut init = Init::new(standalone, policy, env);
    let mut options = Options::<false>::new(args);
    parse(&mut init, &mut options, name);
    let Some(command) = options.into_command() else { show(Fd::STDERR, 1, text!(usage!()), name) };
    if variable_is(&init, text!("DUMB_INIT_DEBUG"), text!("1")) {
        init.policy.verbose = true;
        init.policy.report(text!("Running in debug mode."), [0; 2]);
    }
    if variable_is(&init, text!("DUMB_INIT_SETSID"), text!("0")) {
        init.policy.session = false;
        init.policy.report(text!("Not running in setsid mode."), [0; 2]);
    }
    init.forwards_to_group = init.policy.session;
    if init.policy.session {
        // These signals do not stop an orphaned process group, and the only group of a session is one (setpgid(2)).
        for signal in [Signal::TSTP, Signal::TTIN, Signal::TTOU] {
            if !init.policy.rewritten.contains(signal) {
                init.rewrite.set(signal, Some(Signal::STOP));
            }
        }
    }
    init.run(command)
}

/// Returns whether a variable has this value.
fn variable_is(init: &Init<DumbInit>, name: ThinCStr<'_>, value: ThinCStr<'_>) -> bool {
    init.env.get(name).is_some_and(|found| found == value)
}

/// Takes the options.
fn parse(init: &mut Init<DumbInit>, options: &mut Options<false>, name: ThinCStr<'static>) {
    while let Some(option) = options.take() {
        let (letter, value) = match option {
            Opt::Short(letter) => (letter, None),
            Opt::Long(word) => parse_long(name, word),
        };
        match letter {
            b'h' => show(Fd::STDERR, 0, text!(help!()), name),
            b'V' => show(Fd::STDERR, 0, text!(version!()), name),
            b'v' => init.policy.verbose = true,
            b'c' => init.policy.session = false,
            b'r' => {
                let Some(value) = value.or_else(|| options.value()) else {
                    match option {
                        Opt::Short(letter) => missing_argument(name, letter),
                        Opt::Long(_) => {
                            fail_for_long(name, text!(": option '--rewrite' requires an argument"), name)
                        }
                    }
                    process::exit(1)
                };
                if set_rewrite(init, value).is_none() {
                    show(Fd::STDERR, 1, text!(rewrite_usage!()), name);
                }
            }
            _ => {
                invalid_option(name, letter);
                process::exit(1)
            }
        }
    }
}

/// Parses `s:r`, two standard signals by name or number. Anything behind them is ignored, as by sscanf(3). Returns
/// `None` if the value is invalid.
fn set_rewrite(init: &mut Init<DumbInit>, value: ThinCStr<'_>) -> Option<()> {
    let mut rest = value;
    let from = Signal::new(take_signal_number(&mut rest)?)?;
    if !rest.take_byte(b':') {
        return None;
    }
    let to = take_signal_number(&mut rest)?;
    if from.number() > Signal::MAX_STANDARD || to > Signal::MAX_STANDARD.into() {
        return None;
    }
    init.rewrite.set(from, Signal::new(to));
    init.policy.rewritten.insert(from);
    Some(())
}

/// Returns the letter of a long option, whose beginning is enough if no other begins so, and the value behind `=`.
fn parse_long(program: ThinCStr<'_>, word: ThinCStr<'static>) -> (u8, Option<ThinCStr<'static>>) {
    let mut letters = 0;
    let mut letter = 0;
    let mut names = Some(text!("h=help c=single-child r=rewrite v=verbose V=version"));
    while let Some(name) = names {
        if let Some((first, rest)) = name.split_first()
            && is_abbreviation(word, rest.behind(b'=').unwrap_or(rest))
        {
            (letter, letters) = (first, letters + 1);
        }
        names = name.behind(b' ');
    }
    let value = word.behind(b'=');
    let message = match letters {
        1 if letter == b'r' || value.is_none() => return (letter, value),
        1 => fail_for_long(program, text!(": option '--%s' doesn't allow an argument"), long_name(letter)),
        0 => text!(": unrecognized option '--%s'"),
        _ => text!(": option '--%s' is ambiguous; possibilities: '--verbose' '--version'"),
    };
    fail_for_long(program, message, word)
}

/// Returns the long name of an option that takes no value.
fn long_name(letter: u8) -> ThinCStr<'static> {
    match letter {
        b'h' => text!("help"),
        b'c' => text!("single-child"),
        b'v' => text!("verbose"),
        _ => text!("version"),
    }
}

/// Reports what is wrong with a long option, and exits.
fn fail_for_long(program: ThinCStr<'_>, message: ThinCStr<'static>, word: ThinCStr<'_>) -> ! {
    complain(program, message, word, 0);
    process::exit(1)
}
