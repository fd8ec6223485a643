//! The names of all tests of the release files.

use std::collections::BTreeSet;
use std::env;
use std::process::Command;
use std::sync::OnceLock;

use anyhow::{Result, anyhow, ensure};
use mote_tests::command;
use mote_tests::require::Missing;
use xtask::workspace;

/// The package whose tests run the release files. Those inside the crates prove nothing about them.
const PACKAGE: &str = "mote-tests";

/// Those that there are.
pub(crate) struct Trials(BTreeSet<String>);

impl Trials {
    /// # Errors
    /// If they can't be listed, since one of their groups does not compile.
    pub(crate) fn get() -> Result<&'static Self> {
        static TRIALS: OnceLock<Result<Trials, String>> = OnceLock::new();
        let trials = TRIALS.get_or_init(|| list().map(Self).map_err(|error| format!("{error:#}")));
        trials.as_ref().map_err(|error| anyhow!(error.clone()))
    }

    /// # Errors
    /// If no test has this name. What stands for the platform at the end of a name may be left out.
    pub(crate) fn has(&self, name: &str) -> Result<()> {
        ensure!(self.0.contains(name), "there is no test of the name {name}");
        Ok(())
    }
}

/// Cargo in this tree.
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
        let Some(name) = line.strip_suffix(": test") else { continue };
        names.insert(name.to_owned());
        if let Some((without, _)) = name.rsplit_once("::linux/") {
            names.insert(without.to_owned());
        }
    }
    Ok(names)
}
