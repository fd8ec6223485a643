//! pid1 in a scene of the harness.

use std::path::PathBuf;

use anyhow::{Result, ensure};
use mote_tests::outcome::{End, text};
pub(crate) use mote_tests::scene::{Scene, actor, command_of, exits, fact, facts, send, with, words};
use mote_tests::variables::start_without_variables;
use mote_tests::{Case, Outcome, Start, dist};

/// A start of pid1 as process 1.
pub(crate) fn pid1(case: Case) -> Start {
    below_1(case).as_pid_1()
}

/// A start of pid1 that says nothing yet about which process it is.
pub(crate) fn below_1(case: Case) -> Start {
    start_without_variables(case, "pid1")
}

/// What runs pid1 as it is: an emulator if there must be one, and the file.
pub(crate) fn itself(case: Case) -> Result<Vec<PathBuf>> {
    Ok(case.emulator()?.into_iter().chain([dist::file(case.platform, "pid1")?]).collect())
}

/// It left with this status, and wrote one line to standard error that has all of these words.
pub(crate) fn complains(outcome: &Outcome, status: i32, words: &[&str]) -> Result<()> {
    let stderr = text(&outcome.stderr)?;
    let is_line = stderr.starts_with("pid1: ") && stderr.ends_with('\n') && stderr.lines().count() == 1;
    let has_words = words.iter().all(|word| stderr.contains(word));
    let right = outcome.end == End::Exited(status) && outcome.stdout.is_empty() && is_line && has_words;
    ensure!(right, "expected status {status} and one line with {words:?}: {outcome:?}");
    Ok(())
}
