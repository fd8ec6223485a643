//! The first argument may ask for the version. No other argument has an effect.

use std::fs::File;

use anyhow::{Context, Result, ensure};
use mote_tests::outcome::End;
use mote_tests::{Outcome, Suite, Target};

use crate::{pause, sleeps_and_ends};

/// All crates of the workspace have one version.
const VERSION: &str = concat!("pause ", env!("CARGO_PKG_VERSION"), "\n");

/// The longest argument that execve(2) accepts: 32 pages with the final zero.
const LONGEST: usize = 32 * 4096 - 1;

const UNKNOWN: [&str; 12] =
    ["", "-", "--", "v", "-V", "-vv", "-v ", "--v", "--versio", "--versions", "--version=1", "--help"];

pub(crate) fn add(suite: Suite) -> Suite {
    let all = Target::all();
    suite
        .test(&all, v_and_version_print_the_version)
        .test(&all, v_fails_on_a_full_disk)
        .test(&all, v_ignores_further_arguments)
        .test(&all, v_is_ignored_as_the_second_argument)
        .test(&all, unknown_arguments_are_ignored)
        .test(&all, a_very_long_argument_is_ignored)
        .test(&all, ten_thousand_arguments_are_ignored)
        .test(&Target::native(), it_starts_without_arguments)
}

fn v_and_version_print_the_version(target: Target) -> Result<()> {
    let prints = |option| pause(target).argument(option).run()?.is(&Outcome::exited(VERSION, 0));
    ["-v", "--version"].into_iter().try_for_each(prints)
}

fn v_fails_on_a_full_disk(target: Target) -> Result<()> {
    let full = File::options().write(true).open("/dev/full").context("/dev/full")?;
    let outcome = pause(target).argument("-v").stdout(full).run()?;
    ensure!(matches!(outcome.end, End::Exited(1..)), "expected a failure: {outcome:?}");
    Ok(())
}

fn v_ignores_further_arguments(target: Target) -> Result<()> {
    pause(target).argument("-v").argument("--frobnicate").run()?.is(&Outcome::exited(VERSION, 0))
}

fn v_is_ignored_as_the_second_argument(target: Target) -> Result<()> {
    sleeps_and_ends(pause(target).argument("x").argument("-v").argument("--version"))
}

fn unknown_arguments_are_ignored(target: Target) -> Result<()> {
    let ignores = |argument: &str| {
        sleeps_and_ends(pause(target).argument(argument)).with_context(|| format!("{argument:?}"))
    };
    UNKNOWN.into_iter().try_for_each(ignores)
}

fn a_very_long_argument_is_ignored(target: Target) -> Result<()> {
    sleeps_and_ends(pause(target).argument("-v".repeat(LONGEST / 2)))
}

fn ten_thousand_arguments_are_ignored(target: Target) -> Result<()> {
    sleeps_and_ends((0..10_000).fold(pause(target), |launcher, number| launcher.argument(number.to_string())))
}

fn it_starts_without_arguments(target: Target) -> Result<()> {
    sleeps_and_ends(pause(target).without_arguments())
}
