//! Random input, compared with models of the rules. Input that the rules leave open is not generated.

mod files;
mod line;
mod options;

use std::cell::Cell;
use std::env;

use anyhow::{Result, anyhow, ensure};
use mote_tests::{Launcher, Outcome, Suite, Target};
use proptest::prop_oneof;
use proptest::strategy::Strategy;
use proptest::test_runner::{Config, RngAlgorithm, TestCaseError, TestRng, TestRunner};

use crate::fixture::{complains, exits, pid1};

/// The number of inputs that a property is tried with.
const CASES: u32 = 300;

/// The number of runs in which a failing input may be made smaller.
const SHRINKS: u32 = 500;

pub(crate) fn add(suite: Suite) -> Suite {
    let native = Target::native();
    suite.each("pid1::random_command_lines_mean_what_the_rules_say", &native, line::property).each(
        "pid1::random_users_and_groups_are_who_the_rules_say",
        &native,
        files::property,
    )
}

/// Tries a property, with the same inputs every time. `inputs` gets the share of invalid input that it has to make, in
/// sixteenths. The property returns whether COMMAND ran, which must happen in a fifth of the targets, and not happen in
/// another fifth.
fn holds<S: Strategy>(
    target: Target,
    inputs: fn(u32) -> S,
    property: impl Fn(S::Value) -> Result<bool>,
) -> Result<()> {
    // A missing prerequisite is found here: inside of a property it would be a failure.
    exits(&pid1(target).argument("true").run()?, 0)?;
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

/// Removes every variable from the environment.
fn without_environment(launcher: Launcher) -> Launcher {
    env::vars_os().fold(launcher, |launcher, (name, _)| launcher.without_env(name))
}

/// Expects status 125, one line, and no output of COMMAND.
fn is_refused(outcome: &Outcome) -> Result<bool> {
    // The line repeats arguments, which need not be text.
    let stderr = String::from_utf8_lossy(&outcome.stderr).into_owned();
    complains(&Outcome { stderr: stderr.into(), ..outcome.clone() }, 125, &[]).map(|()| false)
}
