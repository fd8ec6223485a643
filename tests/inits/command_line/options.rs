//! The forms of options, and their end.

use std::fs;

use anyhow::{Context, Result, ensure};
use mote_tests::outcome::{End, same};
use mote_tests::{Outcome, Suite, Target};

use crate::fixture::{TestDir, exits, pid1, with, words};

pub(crate) fn add(suite: Suite) -> Suite {
    let all = &Target::all();
    suite
        .test(all, an_option_takes_its_value_in_every_form)
        .test(all, flags_can_be_bundled)
        .test(all, s_takes_any_signal)
        .test(all, r_takes_chld_kill_and_stop_on_the_right)
        .test(all, the_first_argument_that_is_no_option_ends_the_options)
        .test(all, two_dashes_end_the_options)
        .test(all, a_value_may_look_like_an_option)
}

/// The status shows that the child has run, and 4 in place of 3 that the option counts.
fn an_option_takes_its_value_in_every_form(target: Target) -> Result<()> {
    for (short, long, value) in [
        ("-e", "--env", "X=4"),
        ("-u", "--user", "0:0"),
        ("-g", "--group", "0"),
        ("-w", "--workdir", "/tmp"),
        ("-t", "--timeout", "5"),
        ("-s", "--stop", "QUIT"),
        ("-r", "--rewrite", "TERM:QUIT"),
        ("-x", "--map-exit", "3:4"),
        ("-p", "--parent-death", "TERM"),
    ] {
        let status = if ["-e", "-x"].contains(&short) { 4 } else { 3 };
        let letter = short.trim_start_matches('-');
        for options in [
            format!("{short} {value}"),
            format!("{short}{value}"),
            format!("{long} {value}"),
            format!("{long}={value}"),
            format!("-ka{letter} {value}"),
            format!("-Tka{letter}{value}"),
        ] {
            let launcher = words(pid1(target).without_env("X"), &options);
            exits(&with(launcher, ["sh", "-c", "exit ${X-3}"]).run()?, status).context(options)?;
        }
    }
    Ok(())
}

fn flags_can_be_bundled(target: Target) -> Result<()> {
    for options in
        ["-kv", "-vk", "-k -v", "--kill-group --verbose", "-kkvv", "-aTvk", "--wait-all --keep-tty -v"]
    {
        let outcome = with(words(pid1(target), options), ["sh", "-c", "exit 7"]).run()?;
        same(outcome.end, End::Exited(7))?;
        ensure!(!outcome.stderr.is_empty(), "{options}: -v did not count");
    }
    exits(&with(words(pid1(target), "-kx7"), ["sh", "-c", "exit 7"]).run()?, 0)
}

/// Names, with SIG and without, numbers, and RTMIN+n.
fn s_takes_any_signal(target: Target) -> Result<()> {
    for signal in
        ["QUIT", "SIGQUIT", "3", "003", "USR1", "RTMIN", "SIGRTMIN+0", "RTMIN+30", "1", "31", "32", "64"]
    {
        exits(&with(pid1(target), ["-s", signal, "sh", "-c", "exit 7"]).run()?, 7)
            .with_context(|| signal.to_owned())?;
    }
    Ok(())
}

fn r_takes_chld_kill_and_stop_on_the_right(target: Target) -> Result<()> {
    for pair in ["USR1:CHLD", "USR1:KILL", "USR1:STOP", "USR1:9", "RTMIN+1:SIGKILL"] {
        exits(&with(pid1(target), ["-r", pair, "sh", "-c", "exit 7"]).run()?, 7)
            .with_context(|| pair.to_owned())?;
    }
    Ok(())
}

fn the_first_argument_that_is_no_option_ends_the_options(target: Target) -> Result<()> {
    let dir = TestDir::new()?;
    let script = dir.file("script", "#!/bin/sh\necho \"$0\" \"$@\"\n", 0o755)?.display().to_string();
    let outcome = with(words(pid1(target), "-e X=1"), [&script, "-V", "-e", "--", "-z"]).run()?;
    outcome.is(&Outcome::exited(&format!("{script} -V -e -- -z\n"), 0))
}

fn two_dashes_end_the_options(target: Target) -> Result<()> {
    let dir = TestDir::new()?;
    let script = dir.file("-V", "#!/bin/sh\necho \"$0\" \"$@\"\n", 0o755)?;
    let outcome = words(pid1(target).env("PATH", dir.path()), "-- -V --").run()?;
    outcome.is(&Outcome::exited(&format!("{} --\n", script.display()), 0))
}

fn a_value_may_look_like_an_option(target: Target) -> Result<()> {
    let dir = TestDir::new()?;
    fs::create_dir(dir.join("-k"))?;
    let launcher = words(pid1(target).cwd(dir.path()), "-w -k -- sh -c");
    let expected = format!("{}\n", dir.join("-k").canonicalize()?.display());
    launcher.argument("pwd -P").run()?.is(&Outcome::exited(&expected, 0))
}
