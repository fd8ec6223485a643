//! The fuzz targets in the normal run: the corpus on every platform, and a fixed number of other inputs on this
//! machine's, which are the same every time. They are edits of the corpus, and what the model of pid1 generates.

use std::process::ExitCode;

use anyhow::{Context, Result, anyhow};
use mote_fuzz::inputs::{self, Input};
use mote_fuzz::{
    CATATONIT, DUMB_INIT, FuzzTarget, PASSWD, PID1, PID1_OPTS, SIGNALS, STEP, TINI, exit_if_probe,
};
use mote_tests::model::{random_etc, random_line};
use mote_tests::{Suite, Target};
use proptest::prelude::Strategy;
use proptest::test_runner::{Config, RngAlgorithm, TestCaseError, TestRng, TestRunner};

fn main() -> ExitCode {
    exit_if_probe();
    let all = Target::all();
    let host: Vec<Target> = Target::host().into_iter().collect();
    // Most of the time is spent waiting.
    Suite::new()
        .threads(4)
        .test(&all, pid1_takes_its_command_line_as_the_model_does)
        .test(&all, pid1_takes_pid1_opts_as_the_model_does)
        .test(&all, pid1_reads_passwd_and_group_as_the_model_does)
        .test(&all, tini_takes_its_command_line_as_the_model_does)
        .test(&all, dumb_init_takes_its_command_line_as_the_model_does)
        .test(&all, catatonit_takes_its_command_line_as_the_model_does)
        .test(&host, signals_are_parsed_as_the_model_does)
        .test(&host, decisions_break_no_rule_in_any_order_of_events)
        .run()
}

fn pid1_takes_its_command_line_as_the_model_does(target: Target) -> Result<()> {
    run(PID1, target, 1000)?;
    run_generated(PID1, target, random_line::command_lines())
}

fn pid1_takes_pid1_opts_as_the_model_does(target: Target) -> Result<()> {
    run(PID1_OPTS, target, 600)?;
    run_generated(PID1_OPTS, target, random_line::opts())
}

fn pid1_reads_passwd_and_group_as_the_model_does(target: Target) -> Result<()> {
    run(PASSWD, target, 1000)?;
    run_generated(PASSWD, target, random_etc::files())
}

fn tini_takes_its_command_line_as_the_model_does(target: Target) -> Result<()> {
    run(TINI, target, 600)
}

fn dumb_init_takes_its_command_line_as_the_model_does(target: Target) -> Result<()> {
    run(DUMB_INIT, target, 600)
}

fn catatonit_takes_its_command_line_as_the_model_does(target: Target) -> Result<()> {
    run(CATATONIT, target, 600)
}

fn signals_are_parsed_as_the_model_does(target: Target) -> Result<()> {
    run(SIGNALS, target, 20_000)
}

fn decisions_break_no_rule_in_any_order_of_events(target: Target) -> Result<()> {
    run(STEP, target, 5000)
}

/// Tries the corpus, and on the platform of this machine `edits` edits of it.
fn run(fuzz_target: FuzzTarget, target: Target, edits: u32) -> Result<()> {
    let corpus = inputs::corpus(fuzz_target.corpus)?;
    let check = fuzz_target.check(target)?;
    for (name, input) in &corpus {
        check(input).with_context(|| format!("corpus/{}/{name}", fuzz_target.corpus))?;
    }
    drop(check);
    let inputs = inputs::edited(corpus.into_iter().map(|(_, input)| input).collect());
    run_random(fuzz_target, target, edits, inputs)
}

/// Tries 600 generated inputs on the platform of this machine.
fn run_generated(
    fuzz_target: FuzzTarget,
    target: Target,
    inputs: impl Strategy<Value = Vec<u8>>,
) -> Result<()> {
    run_random(fuzz_target, target, 600, inputs.prop_map(Input))
}

fn run_random(
    fuzz_target: FuzzTarget,
    target: Target,
    cases: u32,
    inputs: impl Strategy<Value = Input>,
) -> Result<()> {
    if Target::host() != Some(target) {
        return Ok(());
    }
    let check = fuzz_target.check(target)?;
    let config = Config { cases, failure_persistence: None, max_shrink_iters: 500, ..Config::default() };
    let mut runner = TestRunner::new_with_rng(config, TestRng::deterministic_rng(RngAlgorithm::ChaCha));
    runner
        .run(&inputs, |Input(input)| check(&input).map_err(|error| TestCaseError::fail(format!("{error:#}"))))
        .map_err(|error| anyhow!("{error}"))
}
