//! What a drop-in's command line must come to.

use std::collections::BTreeMap;

use anyhow::{Context, Result, ensure};
use mote_tests::Outcome;
use mote_tests::outcome::End;

use super::said::{Said, began, status};
use super::words::{text, texts, words};
use crate::stage::Stage;

/// Where something is said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stream {
    Out,
    Error,
}

/// What must come of a command line.
#[derive(Debug)]
pub(super) enum Meaning {
    /// Nothing runs; this is said there, among other things, and nothing on the other stream.
    Says(Stream, String, i32),
    /// COMMAND runs.
    Runs(Runs),
    /// It does not end, which is for other tests to see.
    Sleeps,
    /// The rules leave it open, but for that there is an end.
    Open,
}

/// How COMMAND runs.
#[derive(Debug)]
pub(super) struct Runs {
    pub(super) command: Vec<String>,
    /// Statuses in place of others.
    pub(super) exits: BTreeMap<i32, i32>,
    /// Whether it has asked to adopt orphans.
    pub(super) adopts: bool,
    /// The statuses if it can't be executed, before that.
    pub(super) not_executed: &'static [i32],
}

/// An error that is told on standard error.
pub(super) fn wrong(message: String) -> Meaning {
    Meaning::Says(Stream::Error, message, 1)
}

/// What is said of a letter that is no option.
pub(super) fn invalid(letter: char) -> Meaning {
    wrong(format!(": invalid option -- '{letter}'\n"))
}

/// What is said of an option that lacks its value.
pub(super) fn lacking(letter: char) -> Meaning {
    wrong(format!(": option requires an argument -- '{letter}'\n"))
}

/// Runs the program with the words of an input, and compares what comes of it.
pub(super) fn check(stage: &Stage, input: &[u8], meaning: fn(&[String]) -> Meaning) -> Result<()> {
    let words = words(input);
    let expected = meaning(&texts(&words));
    if matches!(expected, Meaning::Sleeps) {
        return Ok(());
    }
    let outcome = stage.run(&words, &[])?;
    judge(stage, &expected, &outcome).with_context(|| format!("the rules say {expected:?}"))
}

fn judge(stage: &Stage, expected: &Meaning, outcome: &Outcome) -> Result<()> {
    match expected {
        Meaning::Open | Meaning::Sleeps => Ok(()),
        Meaning::Says(stream, part, status) => {
            let (said, other) = match stream {
                Stream::Out => (&outcome.stdout, &outcome.stderr),
                Stream::Error => (&outcome.stderr, &outcome.stdout),
            };
            let right = outcome.end == End::Exited(*status) && other.is_empty();
            ensure!(right && text(said).contains(part) && said.ends_with(b"\n"), "{outcome:?}");
            Ok(())
        }
        Meaning::Runs(Runs { adopts: true, .. }) if stage.is_emulated() => {
            // qemu-user does not know PR_SET_CHILD_SUBREAPER.
            judge(stage, &wrong("Failed to register as child subreaper: 22\n".to_owned()), outcome)
        }
        Meaning::Runs(Runs { command, exits, not_executed, .. }) => {
            let mapped = |status: i32| exits.get(&status).copied().unwrap_or(status);
            let Some(status) = status(command) else {
                let right = not_executed.iter().any(|status| outcome.end == End::Exited(mapped(*status)));
                ensure!(right && began(&outcome.stdout).is_none(), "{outcome:?}");
                ensure!(outcome.stderr.ends_with(b"\n"), "{outcome:?}");
                return Ok(());
            };
            ensure!(outcome.end == End::Exited(mapped(status)), "{outcome:?}");
            let said = Said::of(outcome)?;
            said.has_arguments(command)?;
            said.has_environment(stage, [])
        }
    }
}
