//! The command lines of tini, dumb-init and catatonit, an argument in each line of the input.

use anyhow::{Context, Result, ensure};
use mote_tests::model::line::{number, signal};
use mote_tests::{End, Outcome};

use super::getopt::Options;
use crate::report::{has_run, status};
use crate::sandbox::Sandbox;
use crate::text::{arguments, text, texts};

/// The start of COMMAND.
#[derive(Debug, Default)]
struct Start {
    command: Vec<String>,
    /// Exit statuses that become 0.
    expected: Vec<i32>,
    becomes_subreaper: bool,
}

/// A message instead of a start: on one stream, with this part.
#[derive(Debug)]
pub(super) struct Message {
    is_error: bool,
    part: String,
    status: i32,
}

impl Message {
    fn stdout(part: &str) -> Self {
        Self { is_error: false, part: part.to_owned(), status: 0 }
    }

    fn stderr(part: &str) -> Self {
        Self { is_error: true, part: part.to_owned(), status: 0 }
    }

    pub(super) fn error(part: String) -> Self {
        Self { is_error: true, part, status: 1 }
    }

    pub(super) fn invalid(letter: char) -> Self {
        Self::error(format!(": invalid option -- '{letter}'\n"))
    }

    /// # Errors
    /// If the program did not exit with this message alone.
    fn is_in(&self, outcome: &Outcome) -> Result<()> {
        let (stream, other) = match self.is_error {
            true => (&outcome.stderr, &outcome.stdout),
            false => (&outcome.stdout, &outcome.stderr),
        };
        let is_whole = other.is_empty() && stream.ends_with(b"\n");
        let is_exit = outcome.end == End::Exited(self.status);
        ensure!(is_exit && is_whole && text(stream).contains(&self.part), "{outcome:?}");
        Ok(())
    }
}

type Model = fn(&[String]) -> Result<Start, Message>;

pub(crate) fn check_tini(sandbox: &Sandbox, input: &[u8]) -> Result<()> {
    check(sandbox, input, tini, &[126, 127])
}

pub(crate) fn check_dumb_init(sandbox: &Sandbox, input: &[u8]) -> Result<()> {
    check(sandbox, input, dumb_init, &[2])
}

/// Leaves out `-P`, with which catatonit does not end.
pub(crate) fn check_catatonit(sandbox: &Sandbox, input: &[u8]) -> Result<()> {
    let pauses = |argument: &Vec<u8>| {
        let letters = argument.strip_prefix(b"-").filter(|letters| !letters.starts_with(b"-"));
        letters.is_some_and(|letters| letters.contains(&b'P'))
    };
    if arguments(input).iter().any(pauses) {
        return Ok(());
    }
    check(sandbox, input, catatonit, &[1])
}

/// Compares the program with its model. `failures` are the statuses of a COMMAND that can't be executed.
fn check(sandbox: &Sandbox, input: &[u8], model: Model, failures: &[i32]) -> Result<()> {
    let arguments = arguments(input);
    let outcome = sandbox.run(&arguments, &[])?;
    let expected = match model(&texts(&arguments)) {
        // qemu-user does not know PR_SET_CHILD_SUBREAPER.
        Ok(start) if start.becomes_subreaper && sandbox.is_emulated => {
            Err(Message::error("Failed to register as child subreaper: 22\n".to_owned()))
        }
        expected => expected,
    };
    match &expected {
        Ok(start) => started(sandbox, start, failures, &outcome),
        Err(message) => message.is_in(&outcome),
    }
    .with_context(|| format!("the model says {expected:?}"))
}

fn started(sandbox: &Sandbox, start: &Start, failures: &[i32], outcome: &Outcome) -> Result<()> {
    let is_exit =
        |status: i32| outcome.end == End::Exited(if start.expected.contains(&status) { 0 } else { status });
    if let Some(status) = status(&start.command) {
        ensure!(is_exit(status), "{outcome:?}");
        return sandbox.report(&start.command)?.is_in(outcome);
    }
    let has_failed = failures.iter().any(|status| is_exit(*status)) && !has_run(outcome);
    ensure!(has_failed && outcome.stderr.ends_with(b"\n"), "{outcome:?}");
    Ok(())
}

fn tini(arguments: &[String]) -> Result<Start, Message> {
    let mut options = Options::new(arguments, "ep", &[], true);
    let mut start = Start::default();
    // The message has room for a part of the value.
    let wrong = |letter, value: &str| {
        let beginning: String = value.chars().take(60).collect();
        Message::error(format!(")] Not a valid option for -{letter}: {beginning}"))
    };
    while let Some(option) = options.take()? {
        match option {
            ('s', _) => start.becomes_subreaper = true,
            ('v' | 'w' | 'g', _) => {}
            ('h', _) => return Err(Message::stdout("tini (tini version ")),
            ('l', _) => return Err(Message::stdout("MIT or Apache-2.0")),
            ('e', Some(value)) => {
                let status = number(value, 255).ok_or_else(|| wrong('e', value))?;
                start.expected.push(status as i32);
            }
            ('p', Some(value)) => drop(signal(value).ok_or_else(|| wrong('p', value))?),
            ('-', Some("version")) => return Err(Message::stdout("tini version ")),
            (letter, _) => return Err(Message::invalid(letter)),
        }
    }
    start.command = options.operands();
    let usage = || Message::error("Usage: tini [OPTIONS] PROGRAM".to_owned());
    if start.command.is_empty() { Err(usage()) } else { Ok(start) }
}

fn dumb_init(arguments: &[String]) -> Result<Start, Message> {
    let long = [("help", 'h'), ("single-child", 'c'), ("rewrite", 'r'), ("verbose", 'v'), ("version", 'V')];
    let mut options = Options::new(arguments, "r", &long, false);
    while let Some(option) = options.take()? {
        match option {
            ('c' | 'v', _) => {}
            ('h', _) => return Err(Message::stderr("Usage: ")),
            ('V', _) => return Err(Message::stderr("dumb-init v")),
            ('r', Some(value)) if is_rewrite(value) => {}
            ('r', _) => return Err(Message::error("Usage: -r option takes <signum>:<signum>".to_owned())),
            (letter, _) => return Err(Message::invalid(letter)),
        }
    }
    let command = options.operands();
    let usage = || Message::error("[option] program [args]\n".to_owned());
    if command.is_empty() { Err(usage()) } else { Ok(Start { command, ..Start::default() }) }
}

/// Returns whether a value is two standard signals with a colon between them. The second may be 0, and have anything
/// behind it.
fn is_rewrite(value: &str) -> bool {
    let Some((from, to)) = value.split_once(':') else { return false };
    let is_standard = |name: &str| signal(name).is_some_and(|signal| signal <= 31);
    let name = to.strip_prefix("SIG").unwrap_or(to);
    let digits = &name[..name.find(|c: char| !c.is_ascii_digit()).unwrap_or(name.len())];
    let mut ends = to.char_indices().map(|(at, letter)| at + letter.len_utf8());
    let begins_with_signal = if digits.is_empty() {
        ends.any(|end| is_standard(&to[..end]))
    } else {
        number(digits, 31).is_some()
    };
    is_standard(from) && begins_with_signal
}

fn catatonit(arguments: &[String]) -> Result<Start, Message> {
    let mut options = Options::new(arguments, "", &[("version", 'V')], true);
    while let Some(option) = options.take()? {
        match option {
            ('g', _) => {}
            ('h', _) => return Err(Message::stderr("usage: catatonit ")),
            ('L', _) => return Err(Message::stdout("MIT or Apache-2.0")),
            ('V', _) => return Err(Message::stdout("_catatonit_mote\n")),
            (letter, _) => return Err(Message::invalid(letter)),
        }
    }
    let command = options.operands();
    let missing = || Message::error("): missing program name\n".to_owned());
    if command.is_empty() { Err(missing()) } else { Ok(Start { command, ..Start::default() }) }
}
