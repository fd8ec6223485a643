//! Invalid command lines: status 125, one line that says why, and COMMAND never runs.

use anyhow::{Context, Result, ensure};
use mote_tests::{Suite, Target};

use crate::failure::{fails, run_fails};
use crate::fixture::{TestDir, pid1, with};

/// Options, and the message about the first one that is wrong.
const WRONG: &[(&[&str], &str)] = &[
    (&["-z"], "-z: unknown option; see pid1 --help"),
    (&["-kz"], "-z: unknown option; see pid1 --help"),
    (&["-E"], "-E: unknown option; see pid1 --help"),
    (&["-k-"], "--: unknown option; see pid1 --help"),
    (&["--nonsense"], "--nonsense: unknown option; see pid1 --help"),
    (&["--nonsense=1"], "--nonsense: unknown option; see pid1 --help"),
    (&["--envX=1"], "--envX: unknown option; see pid1 --help"),
    (&["--verbosely"], "--verbosely: unknown option; see pid1 --help"),
    (&["--verb"], "--verb: unknown option; see pid1 --help"),
    (&["---"], "---: unknown option; see pid1 --help"),
    (&["--="], "--: unknown option; see pid1 --help"),
    (&["--e=X=1"], "--e: unknown option; see pid1 --help"),
    (&["--verbose=1"], "--verbose: takes no value"),
    (&["--verbose="], "--verbose: takes no value"),
    (&["--kill-group=1"], "--kill-group: takes no value"),
    (&["--wait-all=1"], "--wait-all: takes no value"),
    (&["--keep-tty=1"], "--keep-tty: takes no value"),
    (&["--version=1"], "--version: takes no value"),
    (&["--help=1"], "--help: takes no value"),
    (&["-eNOVALUE"], "-e: NOVALUE: bad value; see pid1 --help"),
    (&["-t=5"], "-t: =5: bad value; see pid1 --help"),
    (&["-kt", "5s"], "-t: 5s: bad value; see pid1 --help"),
    (&["-k", "-t5", "-z"], "-z: unknown option; see pid1 --help"),
    // Values that are used after the fork.
    (&["-u", "nobody-of-this-name"], "nobody-of-this-name: unknown user"),
    (&["-u", "nobody-of-this-name:0"], "nobody-of-this-name: unknown user"),
    (&["-u", "0:nobody-of-this-name"], "nobody-of-this-name: unknown group"),
    (&["-u", ""], "-u: bad value; see pid1 --help"),
    (&["-u", ":"], ":: unknown user"),
    (&["-u", "4294967295"], "4294967295: unknown user"),
    (&["-u", "4294967296"], "4294967296: unknown user"),
    (&["-u", "99999999999999999999"], "99999999999999999999: unknown user"),
    (&["-u", "18446744073709551616"], "18446744073709551616: unknown user"),
    (&["-u", "0:4294967295"], "4294967295: unknown group"),
    (&["-u", "0:4294967296"], "4294967296: unknown group"),
    (&["-u", "-1"], "-1: unknown user"),
    (&["-u", "+1"], "+1: unknown user"),
    (&["-u", "0x10"], "0x10: unknown user"),
    (&["-u", " 1"], " 1: unknown user"),
    (&["-g", ""], "-g: bad value; see pid1 --help"),
    (&["-g", "nobody-of-this-name"], "nobody-of-this-name: unknown group"),
    (&["-g", "4294967295"], "4294967295: unknown group"),
    (&["-g", "4294967296"], "4294967296: unknown group"),
    (&["-g", "-1"], "-1: unknown group"),
    (&["-g", "0:0"], "0:0: unknown group"),
    (&["--user=nobody-of-this-name"], "nobody-of-this-name: unknown user"),
    (&["--group=nobody-of-this-name"], "nobody-of-this-name: unknown group"),
    (&["-w", ""], "-w: bad value; see pid1 --help"),
    (&["-w", "/nonexistent/directory"], "/nonexistent/directory: ENOENT"),
    (&["-w", "/dev/null"], "/dev/null: ENOTDIR"),
    (&["--workdir=/nonexistent/directory"], "/nonexistent/directory: ENOENT"),
];

/// Options that need a value.
const WITH_VALUE: [(&str, &str); 10] = [
    ("-e", "--env"),
    ("-u", "--user"),
    ("-g", "--group"),
    ("-w", "--workdir"),
    ("-t", "--timeout"),
    ("-s", "--stop"),
    ("-r", "--rewrite"),
    ("-x", "--map-exit"),
    ("-p", "--parent-death"),
    ("-c", "--copy-to"),
];

pub(crate) fn add(suite: Suite) -> Suite {
    let all = Target::all();
    suite
        .each("pid1::a_wrong_option_is_named_and_command_never_runs", &all, wrong)
        .each("pid1::a_wrong_option_in_opts_is_named_with_its_source", &all, wrong_in_environment)
        .each("pid1::a_missing_value_is_named", &all, missing_value)
        .each("pid1::a_value_in_opts_is_not_taken_from_the_command_line", &all, missing_in_environment)
        .each("pid1::no_command_is_a_usage_error", &all, no_command)
}

/// Tries each row, and reports all that fail.
pub(crate) fn try_all<'a>(
    target: Target,
    rows: impl IntoIterator<Item = (Vec<&'a str>, String)>,
) -> Result<()> {
    let dir = TestDir::new()?;
    let ran = dir.join("ran");
    let mut failures = Vec::new();
    for (options, message) in rows {
        let outcome = with(pid1(target), &options).argument("--").argument("touch").argument(&ran).run()?;
        if let Err(error) = fails(&outcome, 125, &message) {
            failures.push(format!("{options:?}: {error:#}"));
        }
        if ran.exists() {
            failures.push(format!("{options:?}: COMMAND ran"));
            std::fs::remove_file(&ran)?;
        }
    }
    ensure!(failures.is_empty(), "{}", failures.join("\n"));
    Ok(())
}

fn wrong(target: Target) -> Result<()> {
    try_all(target, WRONG.iter().map(|(options, message)| (options.to_vec(), (*message).to_owned())))
}

fn wrong_in_environment(target: Target) -> Result<()> {
    let dir = TestDir::new()?;
    let ran = dir.join("ran");
    for (opts, message) in [
        ("--nonsense", "--nonsense: unknown option; see pid1 --help"),
        ("-k -z", "-z: unknown option; see pid1 --help"),
        ("-t soon", "-t: soon: bad value; see pid1 --help"),
        ("--timeout=soon", "--timeout: soon: bad value; see pid1 --help"),
        ("-e NOVALUE", "-e: NOVALUE: bad value; see pid1 --help"),
        ("--verbose=1", "--verbose: takes no value"),
    ] {
        let start = with(pid1(target).env("PID1_OPTS", opts), ["touch".as_ref(), ran.as_os_str()]);
        run_fails(start, 125, &format!("PID1_OPTS: {message}")).with_context(|| opts.to_owned())?;
    }
    for (opts, word) in [("nonsense", "nonsense"), ("-k x=1 -v", "x=1"), ("-k -- y", "--"), ("-", "-")] {
        let start = with(pid1(target).env("PID1_OPTS", opts), ["touch".as_ref(), ran.as_os_str()]);
        run_fails(start, 125, &format!("{word}: not an option; PID1_OPTS can't hold COMMAND"))?;
    }
    ensure!(!ran.exists(), "COMMAND ran");
    Ok(())
}

fn missing_value(target: Target) -> Result<()> {
    for option in WITH_VALUE.iter().flat_map(|(letter, long)| [letter, long]) {
        run_fails(pid1(target).argument(option), 125, &format!("{option}: value missing"))?;
    }
    run_fails(pid1(target).argument("-kae"), 125, "-e: value missing")
}

fn missing_in_environment(target: Target) -> Result<()> {
    let dir = TestDir::new()?;
    let ran = dir.join("ran");
    for option in WITH_VALUE.iter().flat_map(|(letter, long)| [letter, long]) {
        let start = pid1(target).env("PID1_OPTS", option);
        let start = with(start, ["touch".as_ref(), ran.as_os_str()]);
        run_fails(start, 125, &format!("PID1_OPTS: {option}: value missing"))?;
        ensure!(!ran.exists(), "COMMAND ran with PID1_OPTS={option}");
    }
    Ok(())
}

fn no_command(target: Target) -> Result<()> {
    for options in [&[][..], &["--"], &["-k"], &["-k", "--"], &["-e", "X=1"]] {
        run_fails(with(pid1(target), options), 125, "COMMAND missing; see pid1 --help")
            .with_context(|| format!("{options:?}"))?;
    }
    run_fails(pid1(target).env("PID1_OPTS", "-k"), 125, "COMMAND missing; see pid1 --help")
}
