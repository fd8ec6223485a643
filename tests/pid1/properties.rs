//! Random input, and the models of the rules that say what comes of it. What the rules leave open is not generated.

mod files;
mod line;

use std::cell::Cell;
use std::env;

use anyhow::{Result, anyhow, ensure};
use mote_tests::{Case, Outcome, Start, Suite};
use proptest::prop_oneof;
use proptest::strategy::Strategy;
use proptest::test_runner::{Config, RngAlgorithm, TestCaseError, TestRng, TestRunner};

use crate::scene::{complains, exits, pid1};

/// How many inputs a property is tried with.
const CASES: u32 = 300;

/// How often a failing input may be made smaller, which takes a run each.
const SHRINKS: u32 = 500;

pub(crate) fn add(suite: Suite) -> Suite {
    let native = Case::native();
    suite.each("pid1::random_command_lines_mean_what_the_rules_say", &native, line::property).each(
        "pid1::random_users_and_groups_are_who_the_rules_say",
        &native,
        files::property,
    )
}

/// Tries a property, with the same inputs every time. `inputs` is told how much of what it makes is to be
/// wrong, out of about 16. The property returns whether COMMAND ran: one that sees nothing else shows little.
fn holds<S: Strategy>(
    case: Case,
    inputs: fn(u32) -> S,
    property: impl Fn(S::Value) -> Result<bool>,
) -> Result<()> {
    // What the machine lacks is found out here: inside of a property it would be a failure.
    exits(&pid1(case).argument("true").run()?, 0)?;
    let config =
        Config { cases: CASES, failure_persistence: None, max_shrink_iters: SHRINKS, ..Config::default() };
    let mut runner = TestRunner::new_with_rng(config, TestRng::deterministic_rng(RngAlgorithm::ChaCha));
    let ran = Cell::new(0);
    runner
        .run(&prop_oneof![inputs(1), inputs(4)], |input| match property(input) {
            Ok(has_run) => {
                ran.set(ran.get() + u32::from(has_run));
                Ok(())
            }
            Err(error) => Err(TestCaseError::fail(format!("{error:#}"))),
        })
        .map_err(|error| anyhow!("{error}"))?;
    let some = CASES / 5;
    ensure!((some..=CASES - some).contains(&ran.get()), "COMMAND ran in {} of {CASES} cases", ran.get());
    Ok(())
}

/// Takes everything out of the environment, so that what is there is known.
fn without_environment(start: Start) -> Start {
    env::vars_os().fold(start, |start, (name, _)| start.without_env(name))
}

/// Status 125, one line, and not a word from COMMAND.
fn is_refused(outcome: &Outcome) -> Result<bool> {
    // The line has the words as they were given, which need not be text.
    let stderr = String::from_utf8_lossy(&outcome.stderr).into_owned();
    complains(&Outcome { stderr: stderr.into(), ..outcome.clone() }, 125, &[]).map(|()| false)
}
