//! The command line.

use core::ffi::CStr;

use mote_init::{Init, Map, Policy, Report, Word, words::take_signal};
use mote_rt::{
    env::{Environment, Words},
    process,
    signal::Signal,
    stack::{Args, InitialStack},
    string::{OwnStr, StackStr},
    sys::{self, Fd},
    table, text,
};

use crate::policy::Pid1;

/// What `--version` prints: so much of the help.
const VERSION_LENGTH: usize = concat!("pid1 ", env!("CARGO_PKG_VERSION"), "\n").len();

/// The help, and the table of long options: behind the first lines, one letter and one name in each.
fn help() -> &'static CStr {
    table!(
        concat!(
            "pid1 ",
            env!("CARGO_PKG_VERSION"),
            "
Usage: pid1 [OPTION]... [--] COMMAND [ARG]... (and PID1_OPTS)
-e --env NAME=VALUE
-u --user USER[:GROUP]
-g --group GROUP
-w --workdir DIR
-t --timeout SECONDS
-k --kill-group
-r --rewrite A:B
-x --map-exit A[:B]
-p --parent-death SIG
-v --verbose
-V --version
-h --help
\0"
        )
        .as_bytes()
    )
}

/// Where words come from.
struct Source {
    /// The words of PID1_OPTS, as long as it is their turn.
    variable: Option<Words>,
    /// The command line.
    args: Args,
}

impl Source {
    fn next(&mut self) -> Option<OwnStr> {
        match &mut self.variable {
            Some(words) => words.next(),
            None => self.args.next(),
        }
    }
}

/// Reads the options, runs COMMAND and ends as it does.
pub(crate) extern "C" fn main(stack: InitialStack) -> ! {
    let mut init = Init::new(Pid1::default(), Environment::of(stack));
    let name = text!("PID1_OPTS=");
    let mut source = Source { variable: init.env.get(name).map(Words), args: stack.args() };
    init.env.remove(name);
    // The program's own name.
    source.args.next();
    read(&mut init, &mut source);
    let Some(line) = source.args.from_last() else { Pid1::fail(None, Word::NO_COMMAND) };
    init.run(line)
}

/// Takes options up to the first word that is not one, which is left to be the last that was taken.
fn read(init: &mut Init<Pid1>, source: &mut Source) {
    'words: loop {
        let Some(word) = source.next() else {
            if source.variable.take().is_none() {
                return;
            }
            continue;
        };
        let mut letters = word.rest();
        let is_long = letters.first() == b'-';
        if is_long {
            letters = letters.rest();
        }
        if word.first() != b'-' || letters.first() == 0 {
            if source.variable.is_some() {
                Pid1::fail(Some(*word), Word::BAD_OPTION);
            }
            if word.first() == b'-' && is_long {
                source.args.next();
            }
            return;
        }
        if is_long {
            letters = word;
        }
        while letters.first() != 0 {
            let mut letter = letters.first();
            if is_long {
                letter = find(&mut letters);
            } else {
                letters = letters.rest();
            }
            match letter {
                b'k' => init.group = true,
                b'v' => init.policy.verbose = true,
                b'V' => print(help().to_bytes().get(..VERSION_LENGTH).unwrap_or_default()),
                b'h' => print(help().to_bytes()),
                _ => {
                    let mut value = letters;
                    if value.first() == 0 {
                        let Some(next) = source.next() else { Pid1::fail(Some(*word), Word::BAD_OPTION) };
                        value = next;
                    } else if is_long {
                        // The equals sign.
                        value = value.rest();
                    }
                    match apply(init, letter, value) {
                        Some(true) => continue 'words,
                        Some(false) => Pid1::fail(Some(*value), Word::BAD_VALUE),
                        None => Pid1::fail(Some(*word), Word::BAD_OPTION),
                    }
                }
            }
        }
    }
}

/// Does what an option with a value says. False if the value makes no sense, `None` if the option doesn't exist.
fn apply(init: &mut Init<Pid1>, letter: u8, value: OwnStr) -> Option<bool> {
    let Init { policy, .. } = init;
    match letter {
        b'e' => {
            policy.keeps_home |= value.after(text!("HOME=")).is_some();
            if value.first() == b'=' || value.from_byte(b'=').first() == 0 {
                return Some(false);
            }
            if init.env.set(value).is_none() {
                policy.no_memory();
            }
        }
        b'u' => policy.user = Some(value),
        b'g' => policy.group = Some(value),
        b'w' => policy.folder = Some(value),
        b't' => {
            let seconds = value.number();
            init.timeout = Some(seconds);
            return Some(seconds <= i32::MAX as u32);
        }
        b'r' => return Some(pair(&mut init.rewrite, *value, true)),
        b'x' => return Some(pair(&mut init.exits, *value, false)),
        b'p' => {
            let (signal, rest) = take_signal(*value);
            policy.parent_death = Some(Signal::new(signal as u8));
            return Some((1..=Signal::MAX.into()).contains(&signal) && rest.first() == 0);
        }
        _ => return None,
    }
    Some(true)
}

/// Takes `A:B`, a pair of signals or of statuses; of the latter B may be missing.
#[inline(always)]
fn pair(map: &mut Map, value: StackStr, of_signals: bool) -> bool {
    let (from, mut rest) = take(value, of_signals);
    let mut to = 0;
    let mut is_complete = !of_signals;
    if rest.first() == b':' {
        (to, rest) = take(rest.rest(), of_signals);
        is_complete |= from != 0;
    }
    let most = if of_signals { Signal::MAX } else { u8::MAX }.into();
    map.set(from as u8, to as u8);
    is_complete && rest.first() == 0 && from <= most && to <= most
}

/// Takes off a signal or a status.
fn take(word: StackStr, is_signal: bool) -> (u32, StackStr) {
    if is_signal { take_signal(word) } else { word.take_number() }
}

/// Takes off `--` and the name of an option, and returns its letter, or 0 if there is no such option. Only one that has
/// a value may be followed by `=`.
fn find(word: &mut OwnStr) -> u8 {
    // The bytes before this place, of which the letter of an option is the second last.
    let (mut place, mut before) = (StackStr::from(help()), 0_u16);
    while place.first() != 0 {
        let (mut name, mut rest) = (place, *word);
        while name.first() == rest.first() && name.first() > b' ' {
            (name, rest) = (name.rest(), rest.rest());
        }
        if name.first() <= b' ' && (rest.first() == 0 || rest.first() == b'=' && name.first() == b' ') {
            *word = rest;
            return (before >> 8) as u8;
        }
        before = before << 8 | u16::from(place.first());
        place = place.rest();
    }
    0
}

/// Prints a text and ends.
fn print(text: &[u8]) -> ! {
    let written = sys::write(Fd::STDOUT, text);
    process::end(i32::from(written != Ok(text.len())))
}
