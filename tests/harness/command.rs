//! Commands of the machine.

use std::env;
use std::ffi::OsString;
use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Context, Result, ensure};

use crate::require::Missing;

/// Runs a command and returns what it prints, without the newline.
///
/// # Errors
/// If it can't be run, or fails; with what it says.
pub fn stdout(command: &mut Command) -> Result<String> {
    let words = |command: &Command| -> Vec<OsString> {
        [command.get_program()].into_iter().chain(command.get_args()).map(Into::into).collect()
    };
    let output = command.stdin(Stdio::null()).output().with_context(|| format!("{:?}", words(command)))?;
    let message = String::from_utf8_lossy(&output.stderr);
    ensure!(output.status.success(), "{:?}: {}\n{message}", words(command), output.status);
    Ok(String::from_utf8_lossy(&output.stdout).trim_end().to_owned())
}

/// The project's tool, of the source tree at `root`.
///
/// # Errors
/// [`Missing`] outside of `cargo test`.
pub fn xtask(root: &Path) -> Result<Command> {
    let cargo = env::var_os("CARGO").ok_or_else(|| Missing("Cargo (cargo test)".to_owned()))?;
    let mut command = Command::new(cargo);
    command
        .args(["run", "--quiet", "--locked", "--package", "xtask", "--"])
        .current_dir(root)
        .stdin(Stdio::null());
    Ok(command)
}
