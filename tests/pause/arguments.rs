//! Its first argument may ask for the version. No other argument matters: engines pass odd ones.

use std::fs::File;

use anyhow::{Context, Result, ensure};
use mote_tests::outcome::End;
use mote_tests::{Outcome, Suite, Target};

use crate::{pause, sleeps_and_ends};

/// The version of the family is this package's as well.
const VERSION: &str = concat!("pause ", env!("CARGO_PKG_VERSION"), "\n");

/// The longest argument that the kernel passes on: 32 pages with the final zero.
const LONGEST: usize = 32 * 4096 - 1;

pub(crate) fn add(suite: Suite) -> Suite {
    let (all, native) = (Target::all(), Target::native());
    suite
        .each("pause::v_prints_name_and_version", &all, |target| prints_version(target, "-v"))
        .each("pause::version_prints_name_and_version", &all, |target| prints_version(target, "--version"))
        .each("pause::v_fails_on_a_full_disk", &all, fails_on_a_full_disk)
        .each("pause::v_counts_with_arguments_after_it", &all, v_with_others)
        .each("pause::v_makes_no_difference_as_second_argument", &all, |target| {
            sleeps_and_ends(pause(target).argument("x").argument("-v").argument("--version"))
        })
        .each("pause::ignores_what_looks_like_the_option", &all, ignores_similar)
        .each("pause::ignores_an_empty_argument", &all, |target| sleeps_and_ends(pause(target).argument("")))
        .each("pause::ignores_a_very_long_argument", &all, |target| {
            sleeps_and_ends(pause(target).argument("-v".repeat(LONGEST / 2)))
        })
        .each("pause::ignores_10000_arguments", &all, ignores_many)
        .each("pause::starts_without_arguments", &native, |target| {
            sleeps_and_ends(pause(target).without_arguments())
        })
}

fn prints_version(target: Target, option: &str) -> Result<()> {
    pause(target).argument(option).run()?.is(&Outcome::exited(VERSION, 0))
}

fn fails_on_a_full_disk(target: Target) -> Result<()> {
    let full = File::options().write(true).open("/dev/full").context("/dev/full")?;
    let outcome = pause(target).argument("-v").stdout(full).run()?;
    ensure!(matches!(outcome.end, End::Exited(1..)), "expected a failure: {outcome:?}");
    Ok(())
}

fn v_with_others(target: Target) -> Result<()> {
    pause(target).argument("-v").argument("--frobnicate").run()?.is(&Outcome::exited(VERSION, 0))
}

fn ignores_similar(target: Target) -> Result<()> {
    for argument in
        ["-", "--", "v", "-V", "-vv", "-v ", "--v", "--versio", "--versions", "--version=1", "--help"]
    {
        sleeps_and_ends(pause(target).argument(argument))?;
    }
    Ok(())
}

fn ignores_many(target: Target) -> Result<()> {
    sleeps_and_ends((0..10_000).fold(pause(target), |start, number| start.argument(number.to_string())))
}
