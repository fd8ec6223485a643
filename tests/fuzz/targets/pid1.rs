//! pid1's command line, a word in each line of the input; and `PID1_OPTS`, which is the whole input.

use std::path::Path;

use anyhow::{Context, Result, ensure};
use mote_tests::Outcome;
use mote_tests::model::line::{Effect, Meaning, meaning};
use mote_tests::outcome::{End, same};

use super::said::{Said, complains, status};
use super::words::{harmless, text, texts, words};
use crate::stage::Stage;

/// What lines of pid1 begin with.
const NAME: &str = "pid1: ";

pub(super) const DICTIONARY: &[&str] = &[
    "-e",
    "--env",
    "--env=",
    "-u",
    "--user",
    "--user=",
    "-g",
    "--group",
    "--group=",
    "-w",
    "--workdir",
    "--workdir=",
    "-t",
    "--timeout",
    "--timeout=",
    "-s",
    "--stop",
    "--stop=",
    "-k",
    "--kill-group",
    "-a",
    "--wait-all",
    "-T",
    "--keep-tty",
    "-r",
    "--rewrite",
    "--rewrite=",
    "-x",
    "--map-exit",
    "--map-exit=",
    "-p",
    "--parent-death",
    "--parent-death=",
    "-v",
    "--verbose",
    "-V",
    "--version",
    "-h",
    "--help",
    "--",
    "probe",
    "probe\n7",
    "7",
    "M_A=1",
    "M_B=x=y",
    "PATH=",
    "HOME=/",
    "TERM:INT",
    "SIGHUP:0",
    "0:1",
    "-r0:TERM",
    "RTMIN+3:USR1",
    "RTMIN",
    "7:9",
    "137:1",
    "255",
    "256",
    "64",
    "65",
    "0",
    "1000:1001",
    ":1001",
    "CHLD:0",
    "4294967294",
    "4294967295",
    "4294967296",
    "18446744073709551617",
    "2147483647",
    "2147483648",
    "/",
    "/proc",
    "/dev/null",
    "/nonexistent/directory",
    "SIG",
    "KILL",
    "SIGSTKFLT",
];

/// The input is the words behind the program's name.
pub(super) fn line(stage: &Stage, input: &[u8]) -> Result<()> {
    check(stage, None, &words(input))
}

/// The input is the variable; COMMAND is told to exit with 7.
pub(super) fn opts(stage: &Stage, input: &[u8]) -> Result<()> {
    // Words in it are words of a command line.
    let opts = input.split_inclusive(|byte| *byte <= b' ').flat_map(harmless).collect::<Vec<_>>();
    check(stage, Some(&opts), &["--", "probe", "7"].map(|word| word.as_bytes().to_vec()))
}

/// Returns whether a word may be or contain `-c`, which would replace files of this machine. Other words that do are
/// left out, too.
fn may_copy(word: &[u8]) -> bool {
    let Some(option) = word.strip_prefix(b"-") else { return false };
    option.starts_with(b"-copy-to") || !option.starts_with(b"-") && option.contains(&b'c')
}

fn check(stage: &Stage, opts: Option<&[u8]>, words: &[Vec<u8>]) -> Result<()> {
    let mut words_of_opts = opts.unwrap_or_default().split(|byte| *byte <= b' ');
    if words_of_opts.any(may_copy) || words.iter().any(|word| may_copy(word)) {
        return Ok(());
    }
    let (opts_text, line) = (text(opts.unwrap_or_default()), texts(words));
    let expected = meaning(&opts_text, &line);
    let variables: Vec<(&str, &[u8])> = opts.map(|opts| ("PID1_OPTS", opts)).into_iter().collect();
    let outcome = stage.run(words, &variables)?;
    judge(stage, &expected, &outcome).with_context(|| format!("the rules say {expected:?}"))
}

fn judge(stage: &Stage, expected: &Meaning<'_>, outcome: &Outcome) -> Result<()> {
    match expected {
        Meaning::Open => Ok(()),
        Meaning::Refused => is_refused(outcome, 125..=125, false),
        Meaning::RefusedVerbosely => is_refused(outcome, 125..=125, true),
        Meaning::Prints(beginning) => {
            let right = outcome.end == End::Exited(0) && outcome.stderr.is_empty();
            ensure!(right && outcome.stdout.starts_with(beginning.as_bytes()), "{outcome:?}");
            Ok(())
        }
        Meaning::Runs(effect) => match status(&effect.command) {
            // Wherever else it is looked for there is none.
            Some(status) if !effect.variables.contains_key("PATH") => is(stage, effect, status, outcome),
            _ => is_refused(outcome, 126..=127, effect.is_verbose),
        },
    }
}

/// It left with one of these statuses, and a line that says why, between others if it is verbose.
pub(super) fn is_refused(
    outcome: &Outcome,
    statuses: std::ops::RangeInclusive<i32>,
    is_verbose: bool,
) -> Result<()> {
    let status = matches!(outcome.end, End::Exited(status) if statuses.contains(&status));
    ensure!(status && outcome.stdout.is_empty(), "not {statuses:?}: {outcome:?}");
    complains(outcome, NAME, 1..=if is_verbose { 9 } else { 1 })
}

fn is(stage: &Stage, effect: &Effect<'_>, status: i32, outcome: &Outcome) -> Result<()> {
    let status = effect.exits.get(&status).copied().unwrap_or(status);
    ensure!(outcome.end == End::Exited(status), "not {status}: {outcome:?}");
    complains(outcome, NAME, if effect.is_verbose { 1..=9 } else { 0..=0 })?;
    let said = Said::of(outcome)?;
    said.has_arguments(&effect.command)?;
    // Without entries, each user has this home.
    let home = effect.user.map(|_| ("HOME", "/"));
    let variables = effect.variables.iter().map(|(name, value)| (*name, *value));
    said.has_environment(stage, home.into_iter().chain(variables))?;
    let directory = Path::new(effect.directory.unwrap_or(".")).canonicalize()?;
    same(said.fact('d'), &*directory.to_string_lossy()).context("working directory")?;
    same(said.numbers('u')?, vec![effect.user.unwrap_or(0); 3]).context("user")?;
    same(said.numbers('g')?, vec![effect.group.or(effect.users_group).unwrap_or(0); 3]).context("group")
}
