//! Bad input: status 125, one line that names it, and COMMAND never runs.

use anyhow::{Context, Result, ensure};
use mote_tests::{Case, Suite};

use crate::scene::{Scene, complains, pid1, with};

/// Options that are wrong as they stand, and the word that the line must name.
const WRONG: &[(&[&str], &str)] = &[
    // Options that there aren't.
    (&["-z"], "z"),
    (&["-kz"], "z"),
    (&["-E"], "E"),
    (&["--nonsense"], "nonsense"),
    (&["--nonsense=1"], "nonsense"),
    (&["--envX=1"], "envX"),
    (&["--verbosely"], "verbosely"),
    (&["---"], "---"),
    // Flags take no argument.
    (&["--verbose=1"], "verbose"),
    (&["--kill-group=1"], "kill-group"),
    (&["--help=1"], "help"),
    // Variables.
    (&["-e", "NOVALUE"], "NOVALUE"),
    (&["-eNOVALUE"], "NOVALUE"),
    (&["--env=NOVALUE"], "NOVALUE"),
    (&["-e", ""], ""),
    // Seconds.
    (&["-t", "soon"], "soon"),
    (&["-t", "-1"], "-1"),
    (&["-t", "1.5"], "1.5"),
    (&["-t", "5s"], "5s"),
    (&["-t", " 5"], " 5"),
    (&["-t", ""], ""),
    (&["-t", "99999999999999999999"], "99999999999999999999"),
    (&["-t", "18446744073709551617"], "18446744073709551617"),
    (&["-t", "4294967297"], "4294967297"),
    (&["--timeout=soon"], "soon"),
    // Statuses.
    (&["-x", "256"], "256"),
    (&["-x", "1:256"], "256"),
    (&["-x", "256:1"], "256"),
    (&["-x", "1:"], "1:"),
    (&["-x", ":1"], ""),
    (&["-x", "zz:1"], "zz"),
    (&["-x", "1:zz"], "zz"),
    (&["-x", "1:2:3"], "2:3"),
    (&["-x", "-1"], "-1"),
    (&["-x", ""], ""),
    (&["-x", "4294967297"], "4294967297"),
    (&["--map-exit=many"], "many"),
    // Signals.
    (&["-r", "TERM"], "TERM"),
    (&["-r", "TERM:"], "TERM:"),
    (&["-r", ":TERM"], ""),
    (&["-r", "NOPE:TERM"], "NOPE"),
    (&["-r", "TERM:NOPE"], "NOPE"),
    (&["-r", "TERM:SIG"], "SIG"),
    (&["-r", "SIGSIGTERM:1"], "SIGSIGTERM"),
    (&["-r", "TERMX:1"], "TERMX"),
    (&["-r", "65:1"], "65"),
    (&["-r", "1:65"], "65"),
    (&["-r", "0:1"], "0"),
    (&["-r", "-1:1"], "-1"),
    (&["-r", "RTMIN+99:1"], "RTMIN+99"),
    (&["-r", "RTMIN+:1"], "RTMIN+"),
    (&["-r", "1:2:3"], "2:3"),
    (&["-r", "15 :2"], "15 "),
    (&["-r", "4294967311:2"], "4294967311"),
    (&["-r", ""], ""),
    (&["--rewrite=NOPE:1"], "NOPE"),
    (&["-p", "NOPE"], "NOPE"),
    (&["-p", "65"], "65"),
    (&["-p", ""], ""),
    (&["--parent-death=NOPE"], "NOPE"),
    // Users and groups. What is all digits is a number.
    (&["-u", ""], ""),
    (&["-u", ":"], ":"),
    (&["-u", "nobody-of-this-name"], "nobody-of-this-name"),
    (&["-u", "nobody-of-this-name:0"], "nobody-of-this-name"),
    (&["-u", "0:nobody-of-this-name"], "nobody-of-this-name"),
    (&["-u", "4294967295"], "4294967295"),
    (&["-u", "4294967296"], "4294967296"),
    (&["-u", "99999999999999999999"], "99999999999999999999"),
    (&["-u", "18446744073709551616"], "18446744073709551616"),
    (&["-u", "0:4294967295"], "4294967295"),
    (&["-u", "0:4294967296"], "4294967296"),
    (&["-u", "-1"], "-1"),
    (&["-u", "+1"], "+1"),
    (&["-u", "0x10"], "0x10"),
    (&["-g", ""], ""),
    (&["-g", "nobody-of-this-name"], "nobody-of-this-name"),
    (&["-g", "4294967295"], "4294967295"),
    (&["-g", "4294967296"], "4294967296"),
    (&["-g", "-1"], "-1"),
    (&["--user=nobody-of-this-name"], "nobody-of-this-name"),
    (&["--group=nobody-of-this-name"], "nobody-of-this-name"),
    // Folders.
    (&["-w", ""], "ENOENT"),
    (&["-w", "/nonexistent/folder"], "/nonexistent/folder"),
    (&["-w", "/nonexistent/folder"], "ENOENT"),
    (&["-w", "/dev/null"], "ENOTDIR"),
    (&["--workdir=/nonexistent/folder"], "/nonexistent/folder"),
];

/// Options that need an argument.
const NEEDY: [&str; 16] = [
    "-e",
    "-u",
    "-g",
    "-w",
    "-t",
    "-r",
    "-x",
    "-p",
    "--env",
    "--user",
    "--group",
    "--workdir",
    "--timeout",
    "--rewrite",
    "--map-exit",
    "--parent-death",
];

pub(crate) fn add(suite: Suite) -> Suite {
    let all = Case::all();
    suite
        .each("pid1::a_wrong_option_is_named_and_command_never_runs", &all, wrong)
        .each("pid1::a_wrong_option_after_right_ones_is_named", &all, wrong_after_right)
        .each("pid1::a_wrong_option_in_opts_is_named_and_command_never_runs", &all, wrong_in_environment)
        .each("pid1::a_missing_argument_is_named", &all, missing_argument)
        .each("pid1::an_argument_in_opts_is_not_taken_from_the_command_line", &all, missing_in_environment)
        .each("pid1::no_command_is_a_usage_error", &all, no_command)
}

/// Tries all of them, and then says which ones went wrong.
fn wrong(case: Case) -> Result<()> {
    let scene = Scene::new()?;
    let ran = scene.path("ran");
    let mut failures = Vec::new();
    for (options, word) in WRONG {
        let outcome = with(pid1(case), *options).argument("--").argument("touch").argument(&ran).run()?;
        if let Err(error) = complains(&outcome, 125, &[word]) {
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

fn wrong_after_right(case: Case) -> Result<()> {
    let scene = Scene::new()?;
    let ran = scene.path("ran");
    for wrong in ["--nonsense", "-z"] {
        let right = ["-k", "-e", "X=1", "-t5", "--rewrite=TERM:INT"];
        let start = with(pid1(case), right).argument(wrong).argument("--");
        complains(&with(start, ["touch".as_ref(), ran.as_os_str()]).run()?, 125, &[wrong.trim_matches('-')])?;
        ensure!(!ran.exists(), "COMMAND ran with {wrong}");
    }
    Ok(())
}

fn wrong_in_environment(case: Case) -> Result<()> {
    let scene = Scene::new()?;
    let ran = scene.path("ran");
    for (opts, word) in [
        ("--nonsense", "nonsense"),
        ("-k -z", "z"),
        ("-t soon", "soon"),
        ("-e NOVALUE", "NOVALUE"),
        ("nonsense", "nonsense"),
        ("-k nonsense", "nonsense"),
    ] {
        let start = pid1(case).env("PID1_OPTS", opts);
        complains(&with(start, ["touch".as_ref(), ran.as_os_str()]).run()?, 125, &[word])
            .with_context(|| format!("PID1_OPTS={opts}"))?;
        ensure!(!ran.exists(), "COMMAND ran with PID1_OPTS={opts}");
    }
    Ok(())
}

fn missing_argument(case: Case) -> Result<()> {
    for option in NEEDY {
        complains(&pid1(case).argument(option).run()?, 125, &[option.trim_matches('-')])?;
    }
    complains(&with(pid1(case), ["-kve"]).run()?, 125, &["e"])
}

fn missing_in_environment(case: Case) -> Result<()> {
    let scene = Scene::new()?;
    let ran = scene.path("ran");
    for option in NEEDY {
        let start = pid1(case).env("PID1_OPTS", option);
        let outcome = with(start, ["touch".as_ref(), ran.as_os_str()]).run()?;
        complains(&outcome, 125, &[option.trim_matches('-')])?;
        ensure!(!ran.exists(), "COMMAND ran with PID1_OPTS={option}");
    }
    Ok(())
}

fn no_command(case: Case) -> Result<()> {
    for options in [&[][..], &["--"], &["-k"], &["-k", "--"], &["-e", "X=1"]] {
        complains(&with(pid1(case), options).run()?, 125, &["COMMAND"])
            .with_context(|| format!("{options:?}"))?;
    }
    Ok(())
}
