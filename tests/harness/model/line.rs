//! What a command line means, by the rules.

use std::collections::BTreeMap;

use nix::sys::signal::Signal;

/// Names of the options, and whether an argument follows.
const OPTIONS: [(char, &str, bool); 16] = [
    ('e', "env", true),
    ('u', "user", true),
    ('g', "group", true),
    ('w', "workdir", true),
    ('t', "timeout", true),
    ('s', "stop", true),
    ('k', "kill-group", false),
    ('r', "rewrite", true),
    ('x', "map-exit", true),
    ('a', "wait-all", false),
    ('T', "keep-tty", false),
    ('p', "parent-death", true),
    ('c', "copy-to", true),
    ('v', "verbose", false),
    ('V', "version", false),
    ('h', "help", false),
];

/// The result of a command line.
#[derive(Debug)]
pub enum Meaning<'a> {
    /// An error, and COMMAND never runs.
    Refused,
    /// An error after the fork, which `-v` reports, too.
    RefusedVerbosely,
    /// A text that begins so.
    Prints(&'static str),
    /// COMMAND runs.
    Runs(Box<Effect<'a>>),
    /// The rules don't say which of two errors is reported, or whether a value that a later one replaces is an error.
    Open,
}

/// The effect of the options on COMMAND.
#[derive(Debug, Default)]
pub struct Effect<'a> {
    /// Its arguments, the name first.
    pub command: Vec<String>,
    /// The variables that are set for it.
    pub variables: BTreeMap<&'a str, &'a str>,
    /// The working directory.
    pub directory: Option<&'a str>,
    /// The ID in the value of `-u`, before the colon.
    pub user: Option<u32>,
    /// The ID behind that colon.
    pub users_group: Option<u32>,
    /// The ID in the value of `-g`.
    pub group: Option<u32>,
    /// The statuses that replace others.
    pub exits: BTreeMap<i32, i32>,
    /// Whether pid1 reports events.
    pub is_verbose: bool,
    /// Whether the group behind the colon is unknown, which does not matter if `-g` names another.
    has_unknown_group: bool,
    /// Options whose values turn out wrong when they are used.
    doomed: Vec<char>,
}

/// Returns the meaning of `PID1_OPTS` and of the arguments on the command line together.
pub fn meaning<'a>(opts: &'a str, line: &'a [String]) -> Meaning<'a> {
    let mut effect = Effect::default();
    // Blanks and control characters separate words.
    let opts: Vec<&str> = opts.split(|c| c <= ' ').filter(|word| !word.is_empty()).collect();
    let line: Vec<&str> = line.iter().map(String::as_str).collect();
    match effect.read(&opts) {
        Ok([]) => {}
        Ok(_) => return Meaning::Refused,
        Err(end) => return end,
    }
    match effect.read(&line) {
        Ok(["--", rest @ ..] | rest) => effect.command = rest.iter().map(|word| (*word).to_owned()).collect(),
        Err(end) => return end,
    }
    let is_doomed = !effect.doomed.is_empty() || effect.has_unknown_group && effect.group.is_none();
    match (effect.command.is_empty(), !is_doomed) {
        (true, _) => Meaning::Refused,
        (false, true) => Meaning::Runs(Box::new(effect)),
        (false, false) if effect.is_verbose => Meaning::RefusedVerbosely,
        (false, false) => Meaning::Refused,
    }
}

impl<'a> Effect<'a> {
    /// Takes the options, and returns the words behind them, `--` included.
    fn read<'w>(&mut self, mut words: &'w [&'a str]) -> Result<&'w [&'a str], Meaning<'a>> {
        while let [word, rest @ ..] = words {
            let letters = word.strip_prefix('-').filter(|letters| !["", "-"].contains(letters));
            let Some(letters) = letters else { break };
            words = rest;
            let mut next = || {
                let (first, rest) = words.split_first().ok_or(Meaning::Refused)?;
                words = rest;
                Ok(*first)
            };
            if let Some(long) = letters.strip_prefix('-') {
                let (name, attached) = long.split_once('=').map_or((long, None), |(n, v)| (n, Some(v)));
                let option = OPTIONS.iter().find(|(_, long, _)| *long == name);
                match (option.ok_or(Meaning::Refused)?, attached) {
                    ((letter, _, true), Some(value)) => self.set(*letter, value)?,
                    ((letter, _, true), None) => self.set(*letter, next()?)?,
                    ((letter, _, false), None) => self.flag(*letter)?,
                    ((_, _, false), Some(_)) => return Err(Meaning::Refused),
                }
                continue;
            }
            for (index, letter) in letters.char_indices() {
                let option = OPTIONS.iter().find(|(short, ..)| *short == letter);
                let (_, _, takes_argument) = option.ok_or(Meaning::Refused)?;
                if *takes_argument {
                    let (_, attached) = letters.split_at(index + letter.len_utf8());
                    self.set(letter, if attached.is_empty() { next()? } else { attached })?;
                    break;
                }
                self.flag(letter)?;
            }
        }
        Ok(words)
    }

    fn flag(&mut self, letter: char) -> Result<(), Meaning<'a>> {
        match letter {
            'V' | 'h' if !self.doomed.is_empty() => Err(Meaning::Open),
            'V' => Err(Meaning::Prints(concat!("pid1 ", env!("CARGO_PKG_VERSION"), " - git."))),
            'h' => Err(Meaning::Prints("")),
            _ => {
                self.is_verbose |= letter == 'v';
                Ok(())
            }
        }
    }

    /// Returns an error if the value is invalid in itself.
    fn set(&mut self, letter: char, value: &'a str) -> Result<(), Meaning<'a>> {
        if self.doomed.contains(&letter) {
            return Err(Meaning::Open);
        }
        let is_right = match letter {
            'e' => match value.split_once('=') {
                Some((name, value)) if !name.is_empty() => {
                    self.variables.insert(name, value);
                    true
                }
                _ => false,
            },
            't' => number(value, i32::MAX as u32).is_some(),
            'p' | 's' => signal(value).is_some(),
            'r' => value.split_once(':').is_some_and(|(from, to)| {
                let from = signal(from).filter(|from| !NOT_REWRITTEN.contains(from));
                from.is_some() && (number(to, 0).is_some() || signal(to).is_some())
            }),
            // The tests only name files that can't be written.
            'c' => false,
            'x' => {
                let (from, to) = value.split_once(':').unwrap_or((value, "0"));
                let pair = number(from, 255).zip(number(to, 255));
                self.exits.extend(pair.map(|(from, to)| (from as i32, to as i32)));
                pair.is_some()
            }
            _ => {
                self.use_later(letter, value);
                !value.is_empty()
            }
        };
        if is_right { Ok(()) } else { Err(Meaning::Refused) }
    }

    /// Takes a value that is used when COMMAND is started.
    fn use_later(&mut self, letter: char, value: &'a str) {
        let id = |word: &str| number(word, u32::MAX - 1);
        let is_right = match letter {
            'w' => {
                self.directory = Some(value);
                std::path::Path::new(value).is_dir()
            }
            'g' => {
                self.group = id(value);
                self.group.is_some()
            }
            _ => {
                let (user, group) = value.split_once(':').unwrap_or((value, ""));
                self.user = id(user);
                self.users_group = id(group);
                self.has_unknown_group = !group.is_empty() && self.users_group.is_none();
                self.user.is_some() || user.is_empty() && !group.is_empty()
            }
        };
        if !is_right {
            self.doomed.push(letter);
        }
    }
}

/// Parses a decimal number that is not greater than `most`.
pub fn number(word: &str, most: u32) -> Option<u32> {
    let is_number = word.chars().all(|digit| digit.is_ascii_digit());
    word.parse().ok().filter(|number| is_number && *number <= most)
}

/// Numbers of SIGKILL, SIGCHLD and SIGSTOP.
const NOT_REWRITTEN: [u32; 3] = [9, 17, 19];

/// Returns the number of a signal: itself, a name with or without SIG, or an offset from RTMIN.
pub fn signal(word: &str) -> Option<u32> {
    let name = word.strip_prefix("SIG").unwrap_or(word);
    if let Some(offset) = name.strip_prefix("RTMIN") {
        let offset = if offset.is_empty() { "0" } else { offset.strip_prefix('+')? };
        return number(offset, 30).map(|offset| 34 + offset);
    }
    let named = format!("SIG{name}").parse::<Signal>().ok().map(|signal| signal as u32);
    named.or_else(|| number(name, 64).filter(|number| *number > 0))
}
