//! The command line and the environment.

use core::ffi::CStr;

use mote_init::{
    Init,
    message::{self, invalid, lacking},
};
use mote_rt::{
    buffer::Text, env::Environment, getopt::Options, process, signal::Signal, stack::InitialStack,
    string::StackStr, sys::Fd, table, text,
};

use crate::policy::DumbInit;

/// What `--version` prints.
macro_rules! version {
    () => {
        concat!("dumb-init v", env!("CARGO_PKG_VERSION"), "\n")
    };
}

/// The same, as a text.
const VERSION: &[u8] = concat!(version!(), "\0").as_bytes();

/// What `--help` prints, with the program's name as `%s`.
const HELP: &[u8] = concat!(
    version!(),
    "Usage: %s [option] command [[arg] ...]

-c, --single-child Signal the child alone (DUMB_INIT_SETSID=0).
-r, --rewrite s:r  Send r for s; none if 0.
-v, --verbose      Say more (DUMB_INIT_DEBUG=1).
-h, --help         Help.
-V, --version      Version.
\0"
)
.as_bytes();

/// What is said if there is no command.
const USAGE: &[u8] = b"Usage: %s [option] program [args]
Try %s --help for full usage.
\0";

/// What is said of a value that `-r` can't take.
const REWRITE: &[u8] = b"Usage: -r option takes <signum>:<signum>, where <signum> is between 1 and 31.
This option can be specified multiple times.
Use --help for full usage.
\0";

/// The largest signal that is rewritten.
const LAST: u32 = 31;

/// Long options: in each line the letter that one stands for, and its name.
const NAMES: &[u8] = b"hhelp\ncsingle-child\nrrewrite\nvverbose\nVversion\n\0";

/// Reads the options and the environment, runs COMMAND and ends as it does.
pub(crate) extern "C" fn main(stack: InitialStack) -> ! {
    let policy = DumbInit { verbose: false, session: true, told: 0 };
    let mut init = Init::new(policy, Environment::of(stack));
    let name = stack.name();
    let Some(line) = read(&mut init, stack, name).operands() else { show(table!(USAGE), name, 1) };
    if is(&init.env, text!("DUMB_INIT_DEBUG="), text!("1")) {
        init.policy.verbose = true;
        init.policy.tell(text!("Running in debug mode."), [0; 2]);
    }
    if is(&init.env, text!("DUMB_INIT_SETSID="), text!("0")) {
        init.policy.session = false;
        init.policy.tell(text!("Not running in setsid mode."), [0; 2]);
    }
    init.group = init.policy.session;
    if init.group {
        // By these an orphaned process group, as the only one in its session is, can't be stopped (`setpgid(2)`).
        for signal in [Signal::TSTP, Signal::TTIN, Signal::TTOU] {
            if init.policy.told >> signal.number() & 1 == 0 {
                init.rewrite.set(signal.number(), Signal::STOP.number());
            }
        }
    }
    init.run(line)
}

/// Whether a variable has this value.
fn is(env: &Environment, name: StackStr, value: StackStr) -> bool {
    env.get(name).is_some_and(|text| text.is(value))
}

/// Takes the options.
fn read(init: &mut Init<DumbInit>, stack: InitialStack, name: StackStr) -> Options {
    let mut options = Options::of(stack, false);
    while let Some(mut letter) = options.take() {
        let is_long = letter == b'-';
        if is_long {
            letter = long(&mut options, name);
        }
        match letter {
            b'h' => show(table!(HELP), name, 0),
            b'V' => show(table!(VERSION), name, 0),
            b'v' => init.policy.verbose = true,
            b'c' => init.policy.session = false,
            b'r' => match options.value() {
                Some(value) if rewrite(init, value) => {}
                Some(_) => show(table!(REWRITE), name, 1),
                None if is_long => wrong(name, text!(": option '--rewrite' requires an argument"), name, 0),
                None => wrong(name, lacking(), name, letter),
            },
            _ => wrong(name, invalid(), name, letter),
        }
    }
    options
}

/// Takes `s:r`. What follows that does not matter.
fn rewrite(init: &mut Init<DumbInit>, value: StackStr) -> bool {
    let (from, rest) = value.take_number();
    if !(1..=LAST).contains(&from) || rest.first() != b':' {
        return false;
    }
    let (to, _) = rest.rest().take_number();
    init.rewrite.set(from as u8, to as u8);
    init.policy.told |= 1 << from;
    to <= LAST
}

/// The letter that a long option stands for.
#[inline(always)]
fn long(options: &mut Options, program: StackStr) -> u8 {
    let word = options.rest();
    let message = match options.take_long(table!(NAMES).into()) {
        Ok(letter) if letter == b'r' || options.rest().first() == 0 => return letter,
        Ok(_) => text!(": option '--%s' doesn't allow an argument"),
        Err(0) => text!(": unrecognized option '--%s'"),
        Err(_) => text!(": option '--%s' is ambiguous; possibilities: '--verbose' '--version'"),
    };
    wrong(program, message, word, 0)
}

/// Says what is wrong with an option, and ends.
fn wrong(program: StackStr, message: StackStr, word: StackStr, letter: u8) -> ! {
    message::complain(program, message, word, letter);
    process::end(1)
}

/// Shows a text, and ends: with another status if that can't be done.
fn show(message: &'static CStr, name: StackStr, status: i32) -> ! {
    let Some(mut text) = Text::large() else { process::end(1) };
    message::append(&mut text, StackStr::empty(), message.into(), name, [0; 2]);
    process::end(status | i32::from(!text.send_to(Fd::STDERR)))
}
