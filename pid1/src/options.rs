//! The command line.

use core::ffi::CStr;

use mote_init::{Policy, Report, identity::Identity, names, spawn::Command, step::Limits};
use mote_rt::{
    env::{self, CommandLine, Environment, Words},
    process,
    signal::Signal,
    stack::{InitialStack, StackStr, Strings},
    sys::{self, Fd},
};

const REPORT: Report = Report { prefix: c"pid1: " };

const VERSION: &str = concat!("pid1 ", env!("CARGO_PKG_VERSION"), "\n");

/// The help, and the table of options: of each line that begins with `-` the letter, the name, and whether a
/// value follows.
const HELP: &CStr = c"pid1 [OPTION]... [--] COMMAND [ARG]...
-e, --env NAME=VALUE
-u, --user USER[:GROUP]
-g, --group GROUP
-w, --workdir DIR
-t, --timeout SECONDS
-k, --kill-group
-r, --rewrite A:B
-x, --map-exit A[:B]
-p, --parent-death SIGNAL
-v, --verbose
-V, --version
-h, --help
Options may stand in PID1_OPTS, too.
";

/// Where words come from.
struct Source {
    /// The words of PID1_OPTS, as long as it is their turn.
    variable: Option<Words>,
    /// The command line from the last word that was taken.
    line: Strings,
}

impl Source {
    fn next(&mut self) -> Option<StackStr> {
        if let Some(words) = &mut self.variable {
            return words.next();
        }
        let mut rest = self.line;
        rest.next();
        let word = rest.first();
        if word.is_some() {
            self.line = rest;
        }
        word
    }
}

/// What the options have said so far.
struct Settings {
    policy: Policy,
    env: Environment,
    user: Option<StackStr>,
    group: Option<StackStr>,
    folder: Option<StackStr>,
    /// Whether an `-e` has set HOME.
    home: bool,
}

/// Reads the options, runs COMMAND and ends as it does.
pub(crate) extern "C" fn main(stack: InitialStack) -> ! {
    let mut settings = Settings {
        policy: Policy {
            report: REPORT,
            limits: Limits { step: None, rest: 4 },
            group: false,
            verbose: false,
            rewrite: [0; Signal::MAX as usize + 1],
            exits: [0; 256],
            parent_death: None,
        },
        env: Environment::of(stack),
        user: None,
        group: None,
        folder: None,
        home: false,
    };
    let mut source = Source { variable: settings.env.take(b"PID1_OPTS="), line: stack.args() };
    if source.variable.is_some() {
        settings.read(&mut source);
        source.variable = None;
    }
    settings.read(&mut source);
    settings.start(CommandLine::behind_first(source.line))
}

impl Settings {
    /// Takes options up to the first word that is not one.
    fn read(&mut self, source: &mut Source) {
        loop {
            let before = source.line;
            let Some(word) = source.next() else { return };
            let mut letters = word.rest();
            if word.first() != b'-' || letters.first() == 0 {
                if source.variable.is_some() {
                    REPORT.fail(word, c": not an option");
                }
                source.line = before;
                return;
            }
            if letters.first() == b'-' {
                let name = letters.rest();
                if name.first() == 0 {
                    return;
                }
                let value = env::split(name, b'=');
                self.option(source, word, find(name, 6), value);
                continue;
            }
            while letters.first() != 0 {
                let option = find(letters, 1);
                letters = letters.rest();
                let value = if letters.first() == 0 { None } else { Some(letters) };
                if self.option(source, word, option, value) {
                    break;
                }
            }
        }
    }

    /// Takes an option that was found in [`HELP`]. True if it used up the value.
    fn option(
        &mut self,
        source: &mut Source,
        word: StackStr,
        option: StackStr,
        value: Option<StackStr>,
    ) -> bool {
        let letter = option.rest().first();
        let valued = !b"kvVh".contains(&letter);
        // A value that is none of this option: more letters, or behind a `=` a mistake.
        let is_mistake = !valued && value.is_some() && word.second_byte() == b'-';
        if letter == 0 || is_mistake {
            REPORT.fail(word, c": unknown option");
        }
        let value = if valued { value.or_else(|| source.next()) } else { Some(word) };
        let Some(value) = value else { REPORT.fail(word, c": value missing") };
        if !self.apply(letter, value) {
            REPORT.fail(if value.first() == 0 { word } else { value }, c": bad value");
        }
        valued
    }

    /// Does what an option says. False if its value makes no sense.
    fn apply(&mut self, letter: u8, value: StackStr) -> bool {
        match letter {
            b'e' => {
                self.home |= value.after(b"HOME=").is_some();
                return value.first() != b'=' && value.from_byte(b'=').first() != 0 && self.env.set(value);
            }
            b'u' => self.user = Some(value),
            b'g' => self.group = Some(value),
            b'w' => self.folder = Some(value),
            b't' => {
                let seconds = value.number();
                self.policy.limits = Limits { step: Some(seconds), rest: seconds };
                return seconds <= i32::MAX as u32;
            }
            b'r' => return self.pair(value, false),
            b'x' => return self.pair(value, true),
            b'p' => {
                let signal = names::parse(value);
                self.policy.parent_death = Some(Signal::new(signal));
                return signal != 0 && signal != names::NONE;
            }
            b'k' => self.policy.group = true,
            b'v' => self.policy.verbose = true,
            b'V' => print(VERSION.as_bytes()),
            _ => print(HELP.to_bytes()),
        }
        true
    }

    /// Takes `A:B`, a pair of signals or of statuses; of the latter B may be missing.
    fn pair(&mut self, value: StackStr, are_statuses: bool) -> bool {
        let second = env::split(value, b':');
        let parse = |word: StackStr| if are_statuses { word.number() } else { names::parse(word).into() };
        let (from, to) = (parse(value), second.map_or(0, parse));
        let slot = if are_statuses {
            self.policy.exits.get_mut(from as usize)
        } else {
            self.policy.rewrite.get_mut(from as usize).filter(|_| from != 0 && second.is_some())
        };
        let most = if are_statuses { 255 } else { u32::from(Signal::MAX) };
        if let Some(slot) = slot.filter(|_| to <= most) {
            *slot = (from ^ to) as u8;
            return true;
        }
        if second.is_some() {
            env::join(value, b':');
        }
        false
    }

    fn start(&mut self, line: CommandLine) -> ! {
        if line.strings().first().is_none() {
            REPORT.fail(c"COMMAND".into(), c": missing");
        }
        let mut memory = mote_rt::buffer::memory::<512>();
        let mut identity = Identity::unchanged(&mut memory);
        if let Some(user) = self.user {
            identity.set_user(REPORT, user);
        }
        if let Some(group) = self.group {
            identity.set_group(REPORT, group);
        }
        if !identity.home.is_empty()
            && !self.home
            && let Some(home) = identity.home.as_string()
        {
            self.env.set(home);
        }
        let mut command = Command { line, env: &mut self.env, identity: &identity, folder: self.folder };
        process::exit(mote_init::run(&self.policy, &mut command))
    }
}

/// Finds the line of [`HELP`] that has at this place the letter or the name that begins `option`. The end of the
/// help if there is none.
fn find(option: StackStr, place: usize) -> StackStr {
    let mut line = StackStr::from(HELP).from_byte(b'\n').rest();
    while line.first() == b'-' {
        let mut at = line;
        for _ in 0..place {
            at = at.rest();
        }
        let mut rest = option;
        while at.first() == rest.first() {
            (at, rest) = (at.rest(), rest.rest());
            if place == 1 || rest.first() == 0 && at.first() <= b' ' {
                return line;
            }
        }
        line = line.from_byte(b'\n').rest();
    }
    c"".into()
}

/// Prints a text and ends.
fn print(text: &[u8]) -> ! {
    let written = sys::write(Fd::STDOUT, text);
    process::exit(i32::from(written != Ok(text.len())))
}
