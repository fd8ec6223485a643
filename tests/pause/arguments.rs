//! Its first argument may ask for the version. No other argument matters: engines pass odd ones.

use std::fs::File;

use anyhow::{Context, Result, ensure};
use mote_tests::outcome::End;
use mote_tests::{Case, Outcome, Suite};

use crate::{pause, sleeps_and_ends};

/// The version of the family is this package's as well.
const VERSION: &str = concat!("pause ", env!("CARGO_PKG_VERSION"), "\n");

/// The longest argument that the kernel passes on: 32 pages with the final zero.
const LONGEST: usize = 32 * 4096 - 1;

pub(crate) fn add(suite: Suite) -> Suite {
    let (all, native) = (Case::all(), Case::native());
    suite
        .each("pause::v_prints_name_and_version", &all, |case| prints_version(case, "-v"))
        .each("pause::version_prints_name_and_version", &all, |case| prints_version(case, "--version"))
        .each("pause::v_fails_on_a_full_disk", &all, fails_on_a_full_disk)
        .each("pause::v_counts_with_arguments_after_it", &all, v_with_others)
        .each("pause::v_makes_no_difference_as_second_argument", &all, |case| {
            sleeps_and_ends(pause(case).argument("x").argument("-v").argument("--version"))
        })
        .each("pause::ignores_what_looks_like_the_option", &all, ignores_similar)
        .each("pause::ignores_an_empty_argument", &all, |case| sleeps_and_ends(pause(case).argument("")))
        .each("pause::ignores_a_very_long_argument", &all, |case| {
            sleeps_and_ends(pause(case).argument("-v".repeat(LONGEST / 2)))
        })
        .each("pause::ignores_10000_arguments", &all, ignores_many)
        .each("pause::starts_without_arguments", &native, |case| {
            sleeps_and_ends(pause(case).without_arguments())
        })
}

fn prints_version(case: Case, option: &str) -> Result<()> {
    pause(case).argument(option).run()?.is(&Outcome::exited(VERSION, 0))
}

fn fails_on_a_full_disk(case: Case) -> Result<()> {
    let full = File::options().write(true).open("/dev/full").context("/dev/full")?;
    let outcome = pause(case).argument("-v").stdout(full).run()?;
    ensure!(matches!(outcome.end, End::Exited(1..)), "expected a failure: {outcome:?}");
    Ok(())
}

fn v_with_others(case: Case) -> Result<()> {
    pause(case).argument("-v").argument("--frobnicate").run()?.is(&Outcome::exited(VERSION, 0))
}

fn ignores_similar(case: Case) -> Result<()> {
    for argument in
        ["-", "--", "v", "-V", "-vv", "-v ", "--v", "--versio", "--versions", "--version=1", "--help"]
    {
        sleeps_and_ends(pause(case).argument(argument))?;
    }
    Ok(())
}

fn ignores_many(case: Case) -> Result<()> {
    sleeps_and_ends((0..10_000).fold(pause(case), |start, number| start.argument(number.to_string())))
}
