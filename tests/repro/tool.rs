//! The project's own tool.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, ensure};
use mote_tests::{command, require};
use xtask::workspace;

/// Returns a command that runs the project's tool on the tree at `root`.
pub(crate) fn xtask(root: &Path) -> Result<Command> {
    require::release()?;
    let mut command = Command::new(program()?);
    // Cargo would set this to the directory of the manifest.
    command.env("CARGO_MANIFEST_DIR", root.join("xtask")).current_dir(root).stdin(Stdio::null());
    Ok(command)
}

/// Returns the path of the tool, in the parent of this test's directory. Built here, it need not be built again in each
/// copy of the tree.
fn program() -> Result<PathBuf> {
    let cargo = std::env::var_os("CARGO").context("not run by Cargo")?;
    command::stdout(
        Command::new(cargo).args(["build", "--quiet", "--package", "xtask"]).current_dir(workspace::root()),
    )?;
    let test = std::env::current_exe()?;
    let program = test.ancestors().nth(2).context("no directory")?.join("xtask");
    ensure!(program.is_file(), "no {}", program.display());
    Ok(program)
}
