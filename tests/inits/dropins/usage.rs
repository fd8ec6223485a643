//! What each says of itself and of a command line that is wrong: the texts, the stream that they go to, the status.

use anyhow::{Context, Result, ensure};
use mote_tests::dist::commit;
use mote_tests::outcome::{End, same, text};
use mote_tests::test_dir::{TestDir, with};
use mote_tests::{Suite, Target};

use crate::init::{CATATONIT, DUMB_INIT, Init, TINI, each, of, says};

const VERSION: &str = env!("CARGO_PKG_VERSION");

pub(crate) fn add(suite: Suite) -> Suite {
    let all = Target::all();
    let suite = of(suite, TINI, "version_names_the_commit_on_stdout", &all, |target, init| {
        let version = format!("tini version {VERSION}_mote - git.{}\n", commit()?);
        says(&init.start(target).argument("--version").run()?, &version, "", 0)
    });
    let suite = of(suite, DUMB_INIT, "version_goes_to_stderr", &all, |target, init| {
        ["-V", "--version", "--vers"].into_iter().try_for_each(|option| {
            says(&init.start(target).argument(option).run()?, "", &format!("dumb-init v{VERSION}_mote\n"), 0)
        })
    });
    let suite = of(suite, CATATONIT, "version_goes_to_stdout", &all, |target, init| {
        ["-V", "--version", "--vers"].into_iter().try_for_each(|option| {
            let version = format!("tini version {VERSION}_catatonit_mote\n");
            says(&init.start(target).argument(option).run()?, &version, "", 0)
        })
    });
    let suite = each(suite, "help_names_every_option_on_its_stream", &all, help);
    let suite = each(suite, "no_command_is_an_error", &all, no_command);
    let suite = each(suite, "a_wrong_option_is_named_and_command_does_not_run", &all, wrong);
    let suite = of(suite, TINI, "a_wrong_value_is_named_and_command_does_not_run", &all, wrong_values);
    let suite = of(suite, DUMB_INIT, "an_empty_value_is_a_value", &all, empty_value);
    let suite = of(suite, TINI, "licence_goes_to_stdout", &all, licence);
    let suite = of(suite, CATATONIT, "licence_goes_to_stdout", &all, licence);
    each(suite, "options_may_be_told_behind_command_as_in_the_program_replaced", &all, permuting)
}

/// The lines that a help begins with, and what must be in it.
fn expected_help(target: Target, init: Init) -> Result<(String, &'static [&'static str])> {
    Ok(match init.name {
        "tini" => (
            format!(
                "tini (tini version {VERSION}_mote - git.{})\n\
                 Usage: tini [OPTIONS] PROGRAM -- [ARGS] | --version\n",
                commit()?
            ),
            &[
                "--version:",
                "-h:",
                "-s:",
                "-p SIGNAL:",
                "-v:",
                "-w:",
                "-g:",
                "-e EXIT_CODE:",
                "-l:",
                "TINI_SUBREAPER",
                "TINI_VERBOSITY",
                "TINI_KILL_PROCESS_GROUP",
            ],
        ),
        "dumb-init" => (
            format!(
                "dumb-init v{VERSION}_mote\nUsage: {} [option] command [[arg] ...]\n",
                init.path(target)?
            ),
            &[
                "-c, --single-child",
                "-r, --rewrite s:r",
                "-v, --verbose",
                "-h, --help",
                "-V, --version",
                "DUMB_INIT_SETSID",
                "DUMB_INIT_DEBUG",
            ],
        ),
        _ => (
            "usage: catatonit [-ghLPV] [--] <progname> [<arguments>...]\n".to_owned(),
            &["-g ", "-h ", "-L ", "-P ", "-V, --version"],
        ),
    })
}

fn help(target: Target, init: Init) -> Result<()> {
    let (first, words) = expected_help(target, init)?;
    let options: &[&str] = if init.name == "dumb-init" { &["-h", "--help"] } else { &["-h"] };
    for option in options {
        let outcome = init.start(target).argument(option).run()?;
        let (shown, other) = if init.name == "tini" {
            (&outcome.stdout, &outcome.stderr)
        } else {
            (&outcome.stderr, &outcome.stdout)
        };
        same((outcome.end, other.len()), (End::Exited(0), 0))?;
        let shown = text(shown)?;
        ensure!(shown.starts_with(&first) && shown.ends_with('\n'), "expected {first:?}: {shown}");
        for word in words {
            ensure!(shown.contains(word), "no {word:?}: {shown}");
        }
    }
    Ok(())
}

/// What follows a complaint: the help, two lines, or the usage line.
fn usage(target: Target, init: Init) -> Result<String> {
    Ok(match init.name {
        "tini" => text(&init.start(target).argument("-h").run()?.stdout)?.to_owned(),
        "dumb-init" => {
            let name = init.path(target)?;
            format!("Usage: {name} [option] program [args]\nTry {name} --help for full usage.\n")
        }
        _ => expected_help(target, init)?.0,
    })
}

fn no_command(target: Target, init: Init) -> Result<()> {
    let usage = usage(target, init)?;
    let line = if init.name == "catatonit" { "ERROR (catatonit:1): missing program name\n" } else { "" };
    for options in [&[][..], &["--"], &[init.harmless()], &[init.harmless(), "--"]] {
        says(&with(init.start(target), options).run()?, "", &format!("{line}{usage}"), 1)
            .with_context(|| format!("{options:?}"))?;
    }
    Ok(())
}

/// Options that are wrong, and what is said of them behind the program's name.
fn complaints(init: Init) -> Vec<(&'static [&'static str], &'static str)> {
    match init.name {
        "tini" => vec![
            (&["-x"], "invalid option -- 'x'"),
            (&["-gx"], "invalid option -- 'x'"),
            (&["-?"], "invalid option -- '?'"),
            (&["--help"], "invalid option -- '-'"),
            (&["--version="], "invalid option -- '-'"),
            (&["-g-v"], "invalid option -- '-'"),
            (&["-v-"], "invalid option -- '-'"),
            (&["-p"], "option requires an argument -- 'p'"),
            (&["-ge"], "option requires an argument -- 'e'"),
        ],
        "dumb-init" => vec![
            (&["-x"], "invalid option -- 'x'"),
            (&["-cx"], "invalid option -- 'x'"),
            (&["-W"], "invalid option -- 'W'"),
            (&["--nope"], "unrecognized option '--nope'"),
            (&["--nope=1"], "unrecognized option '--nope=1'"),
            (&["--verbose=1"], "option '--verbose' doesn't allow an argument"),
            (&["--verbose="], "option '--verbose' doesn't allow an argument"),
            (&["--verb="], "option '--verbose' doesn't allow an argument"),
            (&["--help="], "option '--help' doesn't allow an argument"),
            (&["--version="], "option '--version' doesn't allow an argument"),
            (&["--single-child=x"], "option '--single-child' doesn't allow an argument"),
            (&["-c-v"], "invalid option -- '-'"),
            (&["-v-"], "invalid option -- '-'"),
            (&["--ver=1"], "option '--ver=1' is ambiguous; possibilities: '--verbose' '--version'"),
            (&["--ver"], "option '--ver' is ambiguous; possibilities: '--verbose' '--version'"),
            (&["-r"], "option requires an argument -- 'r'"),
            (&["--rewrite"], "option '--rewrite' requires an argument"),
        ],
        _ => vec![
            (&["-x"], "invalid option -- 'x'"),
            (&["-gx"], "invalid option -- 'x'"),
            (&["--nope"], "unrecognized option '--nope'"),
            (&["--nope=1"], "unrecognized option '--nope=1'"),
            (&["-g-V"], "invalid option -- '-'"),
            (&["-g-"], "invalid option -- '-'"),
            (&["--version="], "option '--version' doesn't allow an argument"),
            (&["--ver=1"], "option '--version' doesn't allow an argument"),
        ],
    }
}

/// dumb-init leaves it at the one line.
fn wrong(target: Target, init: Init) -> Result<()> {
    let (dir, name) = (TestDir::new()?, init.path(target)?);
    let usage = if init.name == "dumb-init" { String::new() } else { usage(target, init)? };
    for (options, complaint) in complaints(init) {
        let is_last = complaint.contains("requires");
        let command: &[&str] = if is_last { &[] } else { &["touch", "ran"] };
        let start = with(with(init.start(target).cwd(dir.path()), options), command);
        says(&start.run()?, "", &format!("{name}: {complaint}\n{usage}"), 1)
            .with_context(|| format!("{options:?}"))?;
    }
    ensure!(!dir.join("ran").exists(), "COMMAND ran");
    Ok(())
}

fn wrong_values(target: Target, init: Init) -> Result<()> {
    let dir = TestDir::new()?;
    for (option, value) in [
        ("-e", "256"),
        ("-e", "-1"),
        ("-e", "5x"),
        ("-e", "many"),
        ("-e", "99999999999999999999"),
        ("-p", "NOPE"),
        ("-p", "sigterm"),
        ("-p", ""),
        ("-p", "SIGTERMS"),
    ] {
        let start = with(init.start(target).cwd(dir.path()), [option, value, "touch", "ran"]);
        let line = format!("[FATAL tini (1)] Not a valid option for {option}: {value}\n");
        says(&start.run()?, "", &line, 1)?;
    }
    ensure!(!dir.join("ran").exists(), "COMMAND ran");
    Ok(())
}

/// The next argument is not taken in its place.
fn empty_value(target: Target, init: Init) -> Result<()> {
    let dir = TestDir::new()?;
    for options in [&["--rewrite="][..], &["--rewrite=", "1:2"], &["--rew=", "1:2"]] {
        let start = with(with(init.start(target).cwd(dir.path()), options), ["touch", "ran"]);
        says(&start.run()?, "", crate::dropins::dumb_init::REWRITE_USAGE, 1)
            .with_context(|| format!("{options:?}"))?;
    }
    ensure!(!dir.join("ran").exists(), "COMMAND ran");
    Ok(())
}

fn licence(target: Target, init: Init) -> Result<()> {
    let option = if init.name == "tini" { "-l" } else { "-L" };
    says(&init.start(target).argument(option).run()?, "MIT or Apache-2.0, at your option.\n", "", 0)
}

/// dumb-init's end with COMMAND; POSIXLY_CORRECT has the others do the same. `--` ends them everywhere.
fn permuting(target: Target, init: Init) -> Result<()> {
    let option = init.harmless();
    let words = ["printf", "<%s>", "a", option, "b"];
    let is_taken = init.name != "dumb-init";
    let all = format!("<a><{option}><b>");
    let expected = if is_taken { "<a><b>" } else { all.as_str() };
    let start = || init.start(target);
    says(&with(start(), words).run()?, expected, "", 0)?;
    says(&with(start().env("POSIXLY_CORRECT", ""), words).run()?, &all, "", 0)?;
    says(&with(start().argument("--"), words).run()?, &all, "", 0)?;
    // The form in tini's help.
    let behind = ["printf", "--", "<%s>", "a", option];
    let expected = format!("<a><{option}>");
    if is_taken {
        says(&with(start(), behind).run()?, &expected, "", 0)?;
    }
    Ok(())
}
