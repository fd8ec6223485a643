//! Values of options that are invalid in themselves.

use anyhow::{Result, ensure};
use mote_tests::{Suite, Target};

use crate::failure::fails;
use crate::fixture::{exits, pid1, with};
use crate::usage::try_all;

/// Options with a value, and their invalid values.
const BAD_VALUES: [(&str, &str, &[&str]); 6] = [
    ("-e", "--env", &["NOVALUE", "", "=", "=value"]),
    (
        "-t",
        "--timeout",
        &[
            "soon",
            "-1",
            "+1",
            "1.5",
            "5s",
            " 5",
            "5 ",
            "",
            "0x5",
            "2147483648",
            "4294967295",
            "4294967297",
            "18446744073709551617",
            "99999999999999999999",
        ],
    ),
    (
        "-x",
        "--map-exit",
        &[
            "256",
            "1:256",
            "256:1",
            "1:",
            ":1",
            ":",
            "zz:1",
            "1:zz",
            "1:2:3",
            "-1",
            "1:-1",
            "",
            "1 ",
            "4294967297",
            "many",
        ],
    ),
    (
        "-r",
        "--rewrite",
        &[
            "TERM",
            "TERM:",
            ":TERM",
            ":",
            "NOPE:TERM",
            "TERM:NOPE",
            "TERM:SIG",
            "SIGSIGTERM:1",
            "TERMX:1",
            "term:1",
            "65:1",
            "1:65",
            "0:1",
            "0:0",
            "-1:1",
            "RTMIN+99:1",
            "RTMIN+31:1",
            "RTMIN+:1",
            "RTMIN-1:1",
            "1:2:3",
            "15 :2",
            "4294967311:2",
            "",
            // pid1 reaps for the first one, and never gets the others.
            "CHLD:TERM",
            "SIGCHLD:0",
            "17:1",
            "KILL:TERM",
            "SIGKILL:0",
            "9:1",
            "STOP:TERM",
            "SIGSTOP:0",
            "19:1",
        ],
    ),
    ("-p", "--parent-death", &["NOPE", "SIG", "65", "0", "-1", "TERM:1", ""]),
    (
        "-s",
        "--stop",
        &["NOPE", "SIG", "65", "0", "-1", "quit", "QUITX", "TERM:1", "TERM,INT", "RTMIN+31", " 1", ""],
    ),
];

pub(crate) fn add(suite: Suite) -> Suite {
    let all = Target::all();
    suite
        .each("pid1::a_bad_value_is_named_and_command_never_runs", &all, bad_values)
        .each("pid1::a_value_of_any_length_is_named", &all, long_value)
        .each("pid1::r_takes_chld_kill_and_stop_on_the_right", &all, rewritten_to)
}

/// As an argument of its own behind the letter, and behind `=`.
fn bad_values(target: Target) -> Result<()> {
    for (letter, long, values) in BAD_VALUES {
        let separate = values.iter().map(|value| (letter, vec![letter, *value], *value));
        try_all(target, separate.map(|(name, options, value)| (options, message(name, value))))?;
        let joined: Vec<String> = values.iter().map(|value| format!("{long}={value}")).collect();
        let rows =
            joined.iter().zip(values).map(|(option, value)| (vec![option.as_str()], message(long, value)));
        try_all(target, rows)?;
    }
    Ok(())
}

fn message(option: &str, value: &str) -> String {
    let value = if value.is_empty() { String::new() } else { format!(": {value}") };
    format!("{option}{value}: bad value; see pid1 --help")
}

/// The text behind the value is never lost.
fn long_value(target: Target) -> Result<()> {
    for length in [400, 420, 430, 440, 450, 500, 512, 513, 600, 5000, 100_000] {
        let value = "x".repeat(length);
        let outcome = with(pid1(target), ["-t", &value, "true"]).run()?;
        let stderr = String::from_utf8(outcome.stderr.clone())?;
        let shown = stderr.matches('x').count();
        ensure!(shown == length || shown > 400, "{stderr}");
        fails(&outcome, 125, &message("-t", &"x".repeat(shown)))?;
    }
    Ok(())
}

fn rewritten_to(target: Target) -> Result<()> {
    for pair in ["USR1:CHLD", "USR1:KILL", "USR1:STOP", "USR1:9", "RTMIN+1:SIGKILL"] {
        exits(&with(pid1(target), ["-r", pair, "sh", "-c", "exit 7"]).run()?, 7)?;
    }
    Ok(())
}
