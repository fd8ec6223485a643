//! `PID1_OPTS`.

use anyhow::{Context, Result, ensure};
use mote_tests::{Launcher, Outcome, Suite, Target};

use super::options_with_value;
use crate::failure::refuses;
use crate::fixture::{TestDir, exits, facts, pid1, with, words};

pub(crate) fn add(suite: Suite) -> Suite {
    let all = &Target::all();
    suite
        .test(all, opts_are_split_on_blanks)
        .test(all, opts_precede_the_command_line)
        .test(all, opts_are_not_passed_on)
        .test(all, variables_of_a_similar_name_are_passed_on)
        .test(all, a_wrong_option_in_opts_is_named_with_its_source)
        .test(all, a_value_in_opts_is_not_taken_from_the_command_line)
}

fn opts_are_split_on_blanks(target: Target) -> Result<()> {
    for (opts, status) in [
        ("-x 7:9", 9),
        ("--map-exit=7:9 -k", 9),
        ("  -x   7:9  -k ", 9),
        ("-x\t7:9\t", 9),
        ("-x 7:9 ", 9),
        ("   -k", 7),
        (" ", 7),
        ("", 7),
    ] {
        let launcher = with(pid1(target).env("PID1_OPTS", opts), ["sh", "-c", "exit 7"]);
        exits(&launcher.run()?, status).with_context(|| format!("{opts:?}"))?;
    }
    Ok(())
}

fn opts_precede_the_command_line(target: Target) -> Result<()> {
    for (options, expected) in [("-e X=line", "line"), ("", "variable")] {
        let launcher = words(pid1(target).env("PID1_OPTS", "-e X=variable"), options);
        let outcome = with(launcher, ["sh", "-c", "printf %s \"$X\""]).run()?;
        outcome.is(&Outcome::exited(expected, 0))?;
    }
    Ok(())
}

/// Returns the child's environment.
fn environment(launcher: Launcher) -> Result<Vec<String>> {
    let dir = TestDir::new()?;
    exits(&dir.play(launcher, "", "report")?.run()?, 0)?;
    Ok(facts(&dir.lines(), "env").map(str::to_owned).collect())
}

fn opts_are_not_passed_on(target: Target) -> Result<()> {
    for opts in ["", "-k", "-e X=1"] {
        let environment = environment(pid1(target).env("PID1_OPTS", opts))?;
        let found = environment.iter().find(|variable| variable.starts_with("PID1_OPTS"));
        ensure!(found.is_none(), "the child has {found:?}");
    }
    Ok(())
}

fn variables_of_a_similar_name_are_passed_on(target: Target) -> Result<()> {
    let launcher = pid1(target).env("PID1_OPTS", "-k").env("PID1_OPTSX", "1").env("PID1_OPT", "2");
    let environment = environment(launcher)?;
    for variable in ["PID1_OPTSX=1", "PID1_OPT=2"] {
        ensure!(environment.iter().any(|other| other == variable), "no {variable} in {environment:?}");
    }
    Ok(())
}

const NO_OPTIONS: [&str; 0] = [];

fn a_wrong_option_in_opts_is_named_with_its_source(target: Target) -> Result<()> {
    for (opts, message) in [
        ("--nonsense", "PID1_OPTS: --nonsense: unknown option; see pid1 --help"),
        ("-k -z", "PID1_OPTS: -z: unknown option; see pid1 --help"),
        ("-t soon", "PID1_OPTS: -t: soon: bad value; see pid1 --help"),
        ("--timeout=soon", "PID1_OPTS: --timeout: soon: bad value; see pid1 --help"),
        ("-e NOVALUE", "PID1_OPTS: -e: NOVALUE: bad value; see pid1 --help"),
        ("--verbose=1", "PID1_OPTS: --verbose: takes no value"),
        ("nonsense", "nonsense: not an option; PID1_OPTS can't hold COMMAND"),
        ("-k x=1 -v", "x=1: not an option; PID1_OPTS can't hold COMMAND"),
        ("-k -- y", "--: not an option; PID1_OPTS can't hold COMMAND"),
        ("-", "-: not an option; PID1_OPTS can't hold COMMAND"),
    ] {
        refuses(pid1(target).env("PID1_OPTS", opts), &NO_OPTIONS, message)?;
    }
    Ok(())
}

fn a_value_in_opts_is_not_taken_from_the_command_line(target: Target) -> Result<()> {
    for option in options_with_value() {
        let message = format!("PID1_OPTS: {option}: value missing");
        refuses(pid1(target).env("PID1_OPTS", option), &NO_OPTIONS, &message)?;
    }
    Ok(())
}
