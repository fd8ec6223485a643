//! Command lines of the drop-ins, which getopt(3) parses in the programs replaced: usage texts, errors, their stream and
//! their status.

use anyhow::{Context, Result, ensure};
use mote_tests::dist::commit;
use mote_tests::outcome::{End, same, text};
use mote_tests::test_dir::{TestDir, with};
use mote_tests::{Suite, Target};

use crate::dumb_init::REWRITE_USAGE;
use crate::init::{CATATONIT, DUMB_INIT, Init, TINI, says, tests};

const VERSION: &str = env!("CARGO_PKG_VERSION");

pub(crate) fn add(suite: Suite) -> Suite {
    let all = Target::all();
    let dropins = [TINI, DUMB_INIT, CATATONIT];
    tests!(suite;
        dropins, all => the_version_has_the_shape_of_the_program_replaced, help_names_every_option_on_its_stream,
            a_missing_command_is_an_error, an_invalid_option_is_named_and_the_command_is_not_run,
            options_after_the_command_are_taken_as_in_the_program_replaced;
        [TINI], all => an_invalid_value_is_named_and_the_command_is_not_run;
        [DUMB_INIT], all => an_empty_value_is_a_value;
        [TINI, CATATONIT], all => the_licence_is_printed_to_stdout;
    )
}

/// tini names the commit, as Docker Engine expects.
fn the_version_has_the_shape_of_the_program_replaced(target: Target, init: Init) -> Result<()> {
    let options: &[&str] = if init.name == "tini" { &["--version"] } else { &["-V", "--version", "--vers"] };
    let (stdout, stderr) = match init.name {
        "tini" => (format!("tini version {VERSION}_mote - git.{}\n", commit()?), String::new()),
        "dumb-init" => (String::new(), format!("dumb-init v{VERSION}_mote\n")),
        _ => (format!("tini version {VERSION}_catatonit_mote\n"), String::new()),
    };
    options
        .iter()
        .try_for_each(|option| says(&init.start(target).argument(option).run()?, &stdout, &stderr, 0))
}

/// Returns the first lines of a help, and strings that it must contain.
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

fn help_names_every_option_on_its_stream(target: Target, init: Init) -> Result<()> {
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

/// Returns the text that follows an error: the help, two lines, or the usage line.
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

fn a_missing_command_is_an_error(target: Target, init: Init) -> Result<()> {
    let usage = usage(target, init)?;
    let line = if init.name == "catatonit" { "ERROR (catatonit:1): missing program name\n" } else { "" };
    for options in [&[][..], &["--"], &[init.harmless()], &[init.harmless(), "--"]] {
        says(&with(init.start(target), options).run()?, "", &format!("{line}{usage}"), 1)
            .with_context(|| format!("{options:?}"))?;
    }
    Ok(())
}

/// Returns options that are invalid, and the messages about them.
fn messages(init: Init) -> Vec<(&'static [&'static str], &'static str)> {
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

/// dumb-init writes the one line alone.
fn an_invalid_option_is_named_and_the_command_is_not_run(target: Target, init: Init) -> Result<()> {
    let (dir, name) = (TestDir::new()?, init.path(target)?);
    let usage = if init.name == "dumb-init" { String::new() } else { usage(target, init)? };
    for (options, message) in messages(init) {
        let is_last = message.contains("requires");
        let command: &[&str] = if is_last { &[] } else { &["touch", "ran"] };
        let start = with(with(init.start(target).cwd(dir.path()), options), command);
        says(&start.run()?, "", &format!("{name}: {message}\n{usage}"), 1)
            .with_context(|| format!("{options:?}"))?;
    }
    ensure!(!dir.join("ran").exists(), "the command ran");
    Ok(())
}

fn an_invalid_value_is_named_and_the_command_is_not_run(target: Target, init: Init) -> Result<()> {
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
    ensure!(!dir.join("ran").exists(), "the command ran");
    Ok(())
}

/// The next argument is not taken in its place.
fn an_empty_value_is_a_value(target: Target, init: Init) -> Result<()> {
    let dir = TestDir::new()?;
    for options in [&["--rewrite="][..], &["--rewrite=", "1:2"], &["--rew=", "1:2"]] {
        let start = with(with(init.start(target).cwd(dir.path()), options), ["touch", "ran"]);
        says(&start.run()?, "", REWRITE_USAGE, 1).with_context(|| format!("{options:?}"))?;
    }
    ensure!(!dir.join("ran").exists(), "the command ran");
    Ok(())
}

fn the_licence_is_printed_to_stdout(target: Target, init: Init) -> Result<()> {
    let option = if init.name == "tini" { "-l" } else { "-L" };
    says(&init.start(target).argument(option).run()?, "MIT or Apache-2.0, at your option.\n", "", 0)
}

/// The options of dumb-init end with the command, and so do those of the others with POSIXLY_CORRECT. `--` ends them
/// everywhere.
fn options_after_the_command_are_taken_as_in_the_program_replaced(target: Target, init: Init) -> Result<()> {
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
