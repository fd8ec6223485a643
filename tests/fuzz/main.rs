//! The fuzz targets in the normal run: the corpus on every platform, and a fixed number of edits of it on this
//! machine's, which are the same every time.

use std::process::ExitCode;

use anyhow::{Context, Result, anyhow};
use mote_fuzz::inputs::{self, Input};
use mote_fuzz::{
    CATATONIT, DUMB_INIT, FuzzTarget, PASSWD, PID1, PID1_OPTS, SIGNALS, STEP, TINI, exit_if_probe,
};
use mote_tests::{Suite, Target};
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
    run(PID1, target, 1000)
}

fn pid1_takes_pid1_opts_as_the_model_does(target: Target) -> Result<()> {
    run(PID1_OPTS, target, 600)
}

fn pid1_reads_passwd_and_group_as_the_model_does(target: Target) -> Result<()> {
    run(PASSWD, target, 1000)
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
    if Target::host() != Some(target) {
        return Ok(());
    }
    let config =
        Config { cases: edits, failure_persistence: None, max_shrink_iters: 500, ..Config::default() };
    let mut runner = TestRunner::new_with_rng(config, TestRng::deterministic_rng(RngAlgorithm::ChaCha));
    runner
        .run(&inputs::edited(corpus.into_iter().map(|(_, input)| input).collect()), |Input(input)| {
            check(&input).map_err(|error| TestCaseError::fail(format!("{error:#}")))
        })
        .map_err(|error| anyhow!("{error}"))
}
