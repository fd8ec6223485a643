//! Running the commands of a group.

use std::{
    io::{self, BufRead, BufReader, Write},
    path::Path,
    process::{Command, Stdio},
};

use anyhow::{Context, Result};

use super::{
    build::Programs,
    group::{Group, Work, cargo},
    tally::Tally,
    words,
};
use crate::{platform::PLATFORMS, process, workspace};

/// Runs groups of tests on the files in a directory.
pub(super) struct Runner<'a> {
    pub(super) programs: &'a Programs,
    pub(super) dist: &'a Path,
    /// Whether only tests of this machine's platform run.
    pub(super) quick: bool,
}

impl Runner<'_> {
    /// Runs a group, writes its output to `sink`, and returns the number of tests by result.
    pub(super) fn run(&self, group: &Group, sink: &mut dyn Write) -> Result<Tally> {
        if group.work == Work::Lint {
            return lint(sink);
        }
        let mut tally = Tally::default();
        for program in self.programs.get(&group.name).into_iter().flatten() {
            let mut command = program.command(self.dist);
            for platform in PLATFORMS.iter().filter(|platform| self.quick && platform.emulator.is_some()) {
                command.args(["--skip", &format!("::{}", platform.docker)]);
            }
            tally += count(&mut command, sink)?;
        }
        if let Work::Unit(packages) = &group.work {
            let mut command = cargo("test");
            command
                .args(["--quiet", "--doc"])
                .args(packages.iter().flat_map(|package| ["--package", package]));
            tally += count(&mut command, sink)?;
        }
        Ok(tally)
    }
}

/// Runs a command whose output has the results of tests.
fn count(command: &mut Command, sink: &mut dyn Write) -> Result<Tally> {
    let mut tally = Tally::default();
    let success = show(command, sink, |line| {
        tally += Tally::of_line(line);
    })?;
    // A program that does not compile or crashes prints no failure.
    tally.failed = tally.failed.max((!success).into());
    Ok(tally)
}

/// Runs a command, writes its output and its errors to `sink`, and calls `see` for each line; true if it succeeded.
fn show(command: &mut Command, sink: &mut dyn Write, mut see: impl FnMut(&str)) -> Result<bool> {
    let (output, input) = io::pipe()?;
    command.stdin(Stdio::null()).stdout(input.try_clone()?).stderr(input);
    let mut child =
        command.spawn().with_context(|| format!("can't run {}", command.get_program().display()))?;
    // Otherwise the command keeps the pipe open.
    command.stdout(Stdio::null()).stderr(Stdio::null());
    let (mut output, mut line) = (BufReader::new(output), Vec::new());
    // A test may print anything, not only UTF-8.
    while output.read_until(b'\n', &mut line)? > 0 {
        sink.write_all(&line)?;
        see(&String::from_utf8_lossy(&line));
        line.clear();
    }
    Ok(child.wait()?.success())
}

fn lint(sink: &mut dyn Write) -> Result<Tally> {
    let mut tally = Tally::default();
    let (mut fmt, mut clippy, mut doc) = (cargo("fmt"), cargo("clippy"), cargo("doc"));
    fmt.args(["--all", "--check"]);
    clippy.args(["--workspace", "--all-targets", "--", "-D", "warnings"]);
    doc.args(["--workspace", "--no-deps"]).env("RUSTDOCFLAGS", "-Dwarnings");
    for (mut command, component) in [(fmt, Some("rustfmt")), (clippy, Some("clippy")), (doc, None)] {
        tally += check(&mut command, component, sink)?;
    }
    // Its installation takes minutes. An automated build checks the dependencies in a job of its own.
    if process::find("cargo-deny").is_some() {
        let mut deny = cargo("deny");
        deny.args(["--offline", "check", "bans", "licenses", "sources"]);
        tally += check(&mut deny, None, sink)?;
    }
    tally += words::check(&workspace::root(), sink)?;
    Ok(tally)
}

/// Runs a Cargo command that is a test as a whole. It is skipped if its component of the toolchain is missing.
fn check(command: &mut Command, component: Option<&str>, sink: &mut dyn Write) -> Result<Tally> {
    let subcommand = command.get_args().next().unwrap_or_default().to_owned();
    if let Some(component) = component {
        let version = Command::new(command.get_program()).arg(&subcommand).arg("--version").output();
        if !version.is_ok_and(|output| output.status.success()) {
            let help = "`rustup component add` or the distribution's package brings it";
            writeln!(sink, "warning: {component} is not installed: {help}")?;
            return Ok(Tally { skipped: 1, ..Tally::default() });
        }
    }
    let passed = show(command, sink, |_| ())?;
    writeln!(sink, "cargo {}: {}", subcommand.display(), if passed { "ok" } else { "FAILED" })?;
    Ok(Tally::one(passed))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tally(script: &str) -> Result<(Tally, String)> {
        let mut output = Vec::new();
        let tally = count(Command::new("sh").args(["-c", script]), &mut output)?;
        Ok((tally, String::from_utf8_lossy(&output).into_owned()))
    }

    #[test]
    fn results_add_up_and_all_output_is_shown() -> Result<()> {
        let script =
            "for n in 1 2; do echo test result: ok. $n passed\\; 0 failed\\; 0 ignored; done; echo error >&2";
        let (tally, output) = tally(script)?;
        assert_eq!(tally, Tally { passed: 3, failed: 0, skipped: 0 });
        assert!(output.ends_with("ignored\nerror\n"), "{output}");
        Ok(())
    }

    #[test]
    fn program_that_crashes_has_failed() -> Result<()> {
        assert_eq!(tally("exit 101")?.0, Tally { passed: 0, failed: 1, skipped: 0 });
        Ok(())
    }

    #[test]
    fn missing_component_is_skipped() -> Result<()> {
        let skipped = check(Command::new("false").arg("fmt"), Some("rustfmt"), &mut io::sink())?;
        assert_eq!(skipped, Tally { passed: 0, failed: 0, skipped: 1 });
        Ok(())
    }
}
