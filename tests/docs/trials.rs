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

/// # Errors
/// If no test has this name. What stands for the platform at the end of a name may be left out.
pub(crate) fn exists(name: &str) -> Result<()> {
    static NAMES: OnceLock<Result<BTreeSet<String>, String>> = OnceLock::new();
    let names = NAMES.get_or_init(|| list().map_err(|error| format!("{error:#}")));
    let names = names.as_ref().map_err(|error| anyhow!(error.clone()))?;
    ensure!(names.contains(name), "there is no test of the name {name}");
    Ok(())
}

/// Whether they can be listed here.
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
