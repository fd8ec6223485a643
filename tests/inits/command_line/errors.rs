//! Invalid command lines: status 125, one line that says why, and the child never runs.

use anyhow::{Context, Result, ensure};
use mote_tests::{Suite, Target};

use super::options_with_value;
use crate::failure::{fails, refuses, run_fails};
use crate::fixture::{pid1, with};

pub(crate) fn add(suite: Suite) -> Suite {
    let all = &Target::all();
    suite
        .test(all, a_wrong_option_is_named)
        .test(all, an_unusable_value_is_named)
        .test(all, an_invalid_value_is_named)
        .test(all, an_invalid_value_of_any_length_is_named)
        .test(all, a_missing_value_is_named)
        .test(all, a_missing_command_is_an_error)
}

/// The first wrong option is named.
fn a_wrong_option_is_named(target: Target) -> Result<()> {
    for (options, unknown) in [
        ("-z", "-z"),
        ("-kz", "-z"),
        ("-E", "-E"),
        ("-k-", "--"),
        ("--nonsense", "--nonsense"),
        ("--nonsense=1", "--nonsense"),
        ("--envX=1", "--envX"),
        ("--verbosely", "--verbosely"),
        ("--verb", "--verb"),
        ("---", "---"),
        ("--=", "--"),
        ("--e=X=1", "--e"),
        ("-k -t5 -z", "-z"),
    ] {
        let options: Vec<&str> = options.split(' ').collect();
        refuses(pid1(target), &options, &format!("{unknown}: unknown option; see pid1 --help"))?;
    }
    for option in ["--verbose", "--kill-group", "--wait-all", "--keep-tty", "--version", "--help"] {
        for value in ["=1", "="] {
            refuses(pid1(target), &[format!("{option}{value}")], &format!("{option}: takes no value"))?;
        }
    }
    Ok(())
}

/// These values are used after the fork.
fn an_unusable_value_is_named(target: Target) -> Result<()> {
    for (options, message) in [
        (&["-u", "no-such-user"][..], "no-such-user: unknown user"),
        (&["--user=no-such-user"], "no-such-user: unknown user"),
        (&["-u", "no-such-user:0"], "no-such-user: unknown user"),
        (&["-u", "0:no-such-group"], "no-such-group: unknown group"),
        (&["-u", "4294967296"], "4294967296: unknown user"),
        (&["-u", "99999999999999999999"], "99999999999999999999: unknown user"),
        (&["-u", "18446744073709551616"], "18446744073709551616: unknown user"),
        (&["-u", "0:4294967296"], "4294967296: unknown group"),
        (&["-u", "+1"], "+1: unknown user"),
        (&["-u", "0x10"], "0x10: unknown user"),
        (&["-u", " 1"], " 1: unknown user"),
        (&["--group=no-such-group"], "no-such-group: unknown group"),
        (&["-g", "4294967295"], "4294967295: unknown group"),
        (&["-g", "4294967296"], "4294967296: unknown group"),
        (&["-g", "-1"], "-1: unknown group"),
        (&["-g", "0:0"], "0:0: unknown group"),
        (&["-w", "/nonexistent/directory"], "/nonexistent/directory: ENOENT"),
        (&["--workdir=/nonexistent/directory"], "/nonexistent/directory: ENOENT"),
        (&["-w", "/dev/null"], "/dev/null: ENOTDIR"),
    ] {
        refuses(pid1(target), options, message)?;
    }
    Ok(())
}

/// Options with a value, and their invalid values with bars between them. pid1 reaps for SIGCHLD, and never receives
/// SIGKILL and SIGSTOP.
const INVALID: [(&str, &str, &str); 9] = [
    ("-e", "--env", "NOVALUE||=|=value"),
    ("-u", "--user", ""),
    ("-g", "--group", ""),
    ("-w", "--workdir", ""),
    (
        "-t",
        "--timeout",
        "soon|-1|+1|1.5|5s| 5|5 ||0x5|2147483648|4294967295|4294967297|18446744073709551617|99999999999999999999",
    ),
    ("-s", "--stop", "NOPE|NONE|SIG|65|0|-1|quit|QUITX|TERM:1|TERM:INT|TERM,|TERM,INT|RTMIN+31| 1|"),
    (
        "-r",
        "--rewrite",
        "TERM|TERM:|:TERM|:|NOPE:TERM|TERM:NOPE|TERM:SIG|SIGSIGTERM:1|TERMX:1|term:1|65:1|1:65|0:1|0:0|-1:1|\
         RTMIN+99:1|RTMIN+31:1|RTMIN+:1|RTMIN-1:1|1:2:3|15 :2|4294967311:2||\
         CHLD:TERM|SIGCHLD:0|17:1|KILL:TERM|SIGKILL:0|9:1|STOP:TERM|SIGSTOP:0|19:1",
    ),
    ("-x", "--map-exit", "256|1:256|256:1|1:|:1|:|zz:1|1:zz|1:2:3|-1|1:-1||1 |4294967297|many"),
    ("-p", "--parent-death", "NOPE|SIG|65|0|-1|TERM:1|"),
];

fn an_invalid_value_is_named(target: Target) -> Result<()> {
    for (letter, long, values) in INVALID {
        for value in values.split('|') {
            refuses(pid1(target), &[letter, value], &invalid(letter, value))?;
            refuses(pid1(target), &[format!("{long}={value}")], &invalid(long, value))?;
        }
    }
    // Behind the letter and behind other letters.
    refuses(pid1(target), &["-eNOVALUE"], &invalid("-e", "NOVALUE"))?;
    refuses(pid1(target), &["-t=5"], &invalid("-t", "=5"))?;
    refuses(pid1(target), &["-kt", "5s"], &invalid("-t", "5s"))
}

fn invalid(option: &str, value: &str) -> String {
    let colon = if value.is_empty() { "" } else { ": " };
    format!("{option}{colon}{value}: bad value; see pid1 --help")
}

/// A long value is cut, and the text behind it is not.
fn an_invalid_value_of_any_length_is_named(target: Target) -> Result<()> {
    for length in [400, 420, 430, 440, 450, 500, 512, 513, 600, 5000, 100_000] {
        let outcome = with(pid1(target), ["-t", &"x".repeat(length), "true"]).run()?;
        let shown = String::from_utf8_lossy(&outcome.stderr).matches('x').count();
        ensure!(shown == length || shown > 400, "{length}: {outcome:?}");
        fails(&outcome, 125, &invalid("-t", &"x".repeat(shown)))?;
    }
    Ok(())
}

fn a_missing_value_is_named(target: Target) -> Result<()> {
    for option in options_with_value() {
        run_fails(pid1(target).argument(option), 125, &format!("{option}: value missing"))?;
    }
    run_fails(pid1(target).argument("-kae"), 125, "-e: value missing")
}

fn a_missing_command_is_an_error(target: Target) -> Result<()> {
    for options in [&[][..], &["--"], &["-k"], &["-k", "--"], &["-e", "X=1"]] {
        run_fails(with(pid1(target), options), 125, "COMMAND missing; see pid1 --help")
            .with_context(|| format!("{options:?}"))?;
    }
    run_fails(pid1(target).env("PID1_OPTS", "-k"), 125, "COMMAND missing; see pid1 --help")
}
