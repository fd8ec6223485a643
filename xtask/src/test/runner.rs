//! Running the commands behind a group.

use std::{
    io::{BufRead, BufReader, Write},
    process::{Command, Stdio},
};

use anyhow::{Context, Result};

use super::tally::Tally;
use crate::toolchain::component;

/// Runs a command whose output is shown as it comes and holds the results of tests.
pub(super) fn count(command: &mut Command) -> Result<Tally> {
    let mut child = command.stdout(Stdio::piped()).spawn().context("can't run Cargo")?;
    let mut output = BufReader::new(child.stdout.take().context("there is no output to read")?);
    let mut line = Vec::new();
    let mut tallies = Vec::new();
    // Lines of bytes: a test may print anything.
    while output.read_until(b'\n', &mut line)? > 0 {
        std::io::stdout().write_all(&line)?;
        tallies.push(Tally::of_line(&String::from_utf8_lossy(&line)));
        line.clear();
    }
    let mut tally: Tally = tallies.into_iter().sum();
    if !child.wait()?.success() && tally.failed == 0 {
        // It did not compile, or the runner itself died: nothing was counted, and yet it failed.
        tally.failed = 1;
    }
    Ok(tally)
}

/// Runs a Cargo command that is a test as a whole; skipped if it is a component of the toolchain that
/// is not installed.
pub(super) fn check(command: &mut Command, component: Option<&str>) -> Result<Tally> {
    let subcommand = command.get_args().next().unwrap_or_default().to_owned();
    if let Some(component) = component {
        let version = Command::new(command.get_program()).arg(&subcommand).arg("--version").output();
        if !version.is_ok_and(|output| output.status.success()) {
            let remedy = component::remedy(component).map(|command| format!("; run: {command}"));
            eprintln!("warning: {component} is not installed{}", remedy.unwrap_or_default());
            return Ok(Tally { skipped: 1, ..Tally::default() });
        }
    }
    let passed = command.status().context("can't run Cargo")?.success();
    println!("cargo {}: {}", subcommand.display(), if passed { "ok" } else { "FAILED" });
    Ok(Tally::one(passed))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shell(script: &str) -> Command {
        let mut command = Command::new("sh");
        command.args(["-c", script]);
        command
    }

    #[test]
    fn results_of_several_runners_add_up() -> Result<()> {
        let script = "for n in 1 2; do echo test result: ok. $n passed\\; 0 failed\\; 0 ignored; done";
        assert_eq!(count(&mut shell(script))?, Tally { passed: 3, failed: 0, skipped: 0 });
        Ok(())
    }

    #[test]
    fn a_runner_that_dies_has_failed() -> Result<()> {
        assert_eq!(count(&mut shell("exit 101"))?, Tally { passed: 0, failed: 1, skipped: 0 });
        Ok(())
    }

    #[test]
    fn a_missing_component_is_skipped() -> Result<()> {
        let skipped = check(Command::new("false").arg("fmt"), Some("rustfmt"))?;
        assert_eq!(skipped, Tally { passed: 0, failed: 0, skipped: 1 });
        Ok(())
    }
}
