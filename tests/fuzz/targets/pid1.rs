//! pid1's command line, an argument in each line of the input; and `PID1_OPTS`, which is the whole input.

use std::collections::BTreeSet;
use std::ops::RangeInclusive;
use std::path::Path;

use anyhow::{Context, Result, ensure};
use mote_tests::model::line::{Effect, Meaning, meaning};
use mote_tests::{End, Outcome};

use crate::report::status;
use crate::sandbox::Sandbox;
use crate::text::{arguments, harmless, text, texts};

pub(crate) fn check_arguments(sandbox: &Sandbox, input: &[u8]) -> Result<()> {
    check(sandbox, None, &arguments(input))
}

/// COMMAND gets the argument to exit with 7.
pub(crate) fn check_opts(sandbox: &Sandbox, input: &[u8]) -> Result<()> {
    // Its words are arguments of a command line.
    let opts = input.split_inclusive(|byte| *byte <= b' ').flat_map(harmless).collect::<Vec<_>>();
    check(sandbox, Some(&opts), &["--", "probe", "7"].map(|argument| argument.as_bytes().to_vec()))
}

/// Returns whether an argument may contain `-c`, which would replace files of this machine. It is true of some others.
fn may_copy(argument: &[u8]) -> bool {
    let Some(option) = argument.strip_prefix(b"-") else { return false };
    option.starts_with(b"-copy-to") || !option.starts_with(b"-") && option.contains(&b'c')
}

fn check(sandbox: &Sandbox, opts: Option<&[u8]>, arguments: &[Vec<u8>]) -> Result<()> {
    let mut words = opts.unwrap_or_default().split(|byte| *byte <= b' ');
    if words.any(may_copy) || arguments.iter().any(|argument| may_copy(argument)) {
        return Ok(());
    }
    let (opts_text, texts) = (text(opts.unwrap_or_default()), texts(arguments));
    let expected = meaning(&opts_text, &texts);
    let variables: Vec<(&str, &[u8])> = opts.map(|opts| ("PID1_OPTS", opts)).into_iter().collect();
    let outcome = sandbox.run(arguments, &variables)?;
    judge(sandbox, &expected, &outcome).with_context(|| format!("the model says {expected:?}"))
}

fn judge(sandbox: &Sandbox, expected: &Meaning<'_>, outcome: &Outcome) -> Result<()> {
    match expected {
        Meaning::Open => Ok(()),
        Meaning::Refused => is_refused(outcome, 125..=125, false),
        Meaning::RefusedVerbosely => is_refused(outcome, 125..=125, true),
        Meaning::Prints(beginning) => {
            let is_exit = outcome.end == End::Exited(0) && outcome.stderr.is_empty();
            ensure!(is_exit && outcome.stdout.starts_with(beginning.as_bytes()), "{outcome:?}");
            Ok(())
        }
        Meaning::Runs(effect) => match status(&effect.command) {
            // No other PATH has a probe.
            Some(status) if !effect.variables.contains_key("PATH") => {
                has_run(sandbox, effect, status, outcome)
            }
            _ => is_refused(outcome, 126..=127, effect.is_verbose),
        },
    }
}

/// Expects one of these statuses, and a line with the reason, among others if `-v` was given.
pub(super) fn is_refused(outcome: &Outcome, statuses: RangeInclusive<i32>, is_verbose: bool) -> Result<()> {
    let is_exit = matches!(outcome.end, End::Exited(status) if statuses.contains(&status));
    ensure!(is_exit && outcome.stdout.is_empty(), "not {statuses:?}: {outcome:?}");
    has_lines(outcome, 1..=if is_verbose { 9 } else { 1 })
}

/// Expects so many whole lines of pid1 on standard error.
fn has_lines(outcome: &Outcome, count: RangeInclusive<usize>) -> Result<()> {
    let stderr = text(&outcome.stderr);
    let mut lines = stderr.split_inclusive('\n');
    let is_count = count.contains(&lines.clone().count());
    let are_whole = lines.all(|line| line.starts_with("pid1: ") && line.ends_with('\n'));
    ensure!(is_count && are_whole, "not {count:?} lines of pid1: {outcome:?}");
    Ok(())
}

fn has_run(sandbox: &Sandbox, effect: &Effect<'_>, status: i32, outcome: &Outcome) -> Result<()> {
    let status = effect.exits.get(&status).copied().unwrap_or(status);
    ensure!(outcome.end == End::Exited(status), "not {status}: {outcome:?}");
    has_lines(outcome, if effect.is_verbose { 1..=9 } else { 0..=0 })?;
    let mut report = sandbox.report(&effect.command)?;
    // `/etc/passwd` is empty: every user has this home, and no supplementary group.
    if effect.user.is_some() {
        report.set("HOME", "/");
    }
    for (name, value) in &effect.variables {
        report.set(name, value);
    }
    if let Some(directory) = effect.directory {
        report.directory = Path::new(directory).canonicalize()?.to_string_lossy().into_owned();
    }
    let group = effect.group.or(effect.users_group).unwrap_or(0);
    report.switch(effect.user.unwrap_or(0), group, BTreeSet::from([group]));
    report.is_in(outcome)
}
