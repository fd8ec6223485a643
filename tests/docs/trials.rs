//! The names of all tests of the release files.

use std::collections::BTreeSet;
use std::env;
use std::process::Command;
use std::sync::OnceLock;

use anyhow::{Result, anyhow, ensure};
use mote_tests::command;
use mote_tests::require::Missing;
use xtask::workspace;

/// The package whose tests run the release files. Unit tests prove nothing about these.
const PACKAGE: &str = "mote-tests";

/// The names.
pub(crate) struct Trials(BTreeSet<String>);

impl Trials {
    /// Lists the names once.
    ///
    /// # Errors
    /// A group of tests does not compile.
    pub(crate) fn get() -> Result<&'static Self> {
        static TRIALS: OnceLock<Result<Trials, String>> = OnceLock::new();
        let trials = TRIALS.get_or_init(|| list().map(Self).map_err(|error| format!("{error:#}")));
        trials.as_ref().map_err(|error| anyhow!(error.clone()))
    }

    /// Checks that a test has this name, or this name and a suffix, such as the program or the platform.
    ///
    /// # Errors
    /// No test has it.
    pub(crate) fn has(&self, name: &str) -> Result<()> {
        let is = |test: &String| {
            test.strip_prefix(name).is_some_and(|rest| rest.is_empty() || rest.starts_with("::"))
        };
        ensure!(name.contains("::") && self.0.iter().any(is), "no test has the name {name:?}");
        Ok(())
    }
}

/// Returns a command that runs Cargo in this tree.
///
/// # Errors
/// [`Missing`] outside of `cargo test`.
pub(crate) fn cargo() -> Result<Command> {
    let cargo = env::var_os("CARGO").ok_or_else(|| Missing("Cargo (cargo test)".to_owned()))?;
    let mut command = Command::new(cargo);
    command.current_dir(workspace::root());
    Ok(command)
}

fn list() -> Result<BTreeSet<String>> {
    let mut cargo = cargo()?;
    cargo.args(["test", "--locked", "--quiet", "--package", PACKAGE, "--tests", "--", "--list"]);
    let mut names = BTreeSet::new();
    for line in command::stdout(&mut cargo)?.lines() {
        names.extend(line.strip_suffix(": test").map(str::to_owned));
    }
    Ok(names)
}
