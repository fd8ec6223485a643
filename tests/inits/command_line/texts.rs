//! `--help` and `--version`.

use std::fs::File;

use anyhow::{Context, Result, ensure};
use mote_tests::outcome::{End, same, text};
use mote_tests::{Outcome, Suite, Target};

use super::{OPTIONS, version};
use crate::fixture::{TestDir, exits, pid1, with};

pub(crate) fn add(suite: Suite) -> Suite {
    let all = &Target::all();
    suite
        .test(all, version_names_the_commit_on_stdout)
        .test(all, help_describes_every_option_on_stdout)
        .test(all, a_text_that_cannot_be_written_is_status_1)
        .test(all, help_and_version_run_no_child)
}

fn version_names_the_commit_on_stdout(target: Target) -> Result<()> {
    for option in ["-V", "--version"] {
        pid1(target).argument(option).run()?.is(&Outcome::exited(&version()?, 0))?;
    }
    Ok(())
}

fn help_describes_every_option_on_stdout(target: Target) -> Result<()> {
    let outcome = pid1(target).argument("-h").run()?;
    pid1(target).argument("--help").run()?.is(&outcome)?;
    let help = text(&outcome.stdout)?;
    outcome.is(&Outcome::exited(help, 0))?;
    let rest = help.strip_prefix(&version()?).context("no version")?;
    ensure!(rest.starts_with("Usage: pid1 [OPTION]... [--] COMMAND [ARG]...\n"), "no usage:\n{help}");
    let mut lines = help.lines().skip_while(|line| !line.starts_with('-'));
    for (letter, name, value) in OPTIONS {
        same(lines.next(), Some(format!("{letter}, {name}{value}").as_str()))?;
        let description = lines.next().and_then(|line| line.strip_prefix('\t')).context("no tab")?;
        ensure!(description.len() > 10, "no description of {name}:\n{help}");
    }
    let statuses = lines.collect::<Vec<_>>().join(" ");
    for word in ["Exit status", "128+N", "127", "126", "125"] {
        ensure!(statuses.contains(word), "no {word}:\n{help}");
    }
    ensure!(help.contains("PID1_OPTS") && help.ends_with('\n'), "no PID1_OPTS:\n{help}");
    // A tab takes eight columns.
    let width = |line: &str| line.chars().count() + 7 * line.matches('\t').count();
    same(help.lines().find(|line| width(line) > 80), None)
}

fn a_text_that_cannot_be_written_is_status_1(target: Target) -> Result<()> {
    for option in ["-V", "--help"] {
        let full = File::options().write(true).open("/dev/full")?;
        exits(&pid1(target).stdout(full).argument(option).run()?, 1)?;
        exits(&pid1(target).close(1).argument(option).run()?, 1)?;
    }
    Ok(())
}

/// Options that follow are not read.
fn help_and_version_run_no_child(target: Target) -> Result<()> {
    let dir = TestDir::new()?;
    let ran = dir.join("ran");
    for (letter, long) in [("V", "--version"), ("h", "--help")] {
        let expected = pid1(target).argument(long).run()?;
        same(expected.end, End::Exited(0))?;
        let (short, bundle) = (format!("-{letter}"), format!("-k{letter}"));
        for line in
            [&[bundle.as_str(), "-z"][..], &["-k", &short, "touch"], &["-e", "X=1", long, "--nonsense"]]
        {
            with(pid1(target), line).argument(&ran).run()?.is(&expected)?;
        }
        pid1(target).env("PID1_OPTS", short).argument("touch").argument(&ran).run()?.is(&expected)?;
    }
    ensure!(!ran.exists(), "the child ran");
    Ok(())
}
