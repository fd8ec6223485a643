//! The files of the source tree.

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result};
use xtask::workspace;

use crate::{command, require};

/// Every file of the tree as it stands, committed or not, relative to its root. Without what Git ignores.
///
/// # Errors
/// [`require::Missing`] without Git; outside of a repository.
pub fn list() -> Result<Vec<String>> {
    let mut git = Command::new(require::tool("git", "git")?);
    git.args(["ls-files", "-z", "--cached", "--others", "--exclude-standard"]);
    let names = command::stdout(git.current_dir(workspace::root()))?;
    let names = names.split('\0').filter(|name| !name.is_empty());
    let mut there: Vec<String> =
        names.filter(|name| workspace::root().join(name).is_file()).map(str::to_owned).collect();
    there.sort();
    Ok(there)
}

/// Copies them into a folder.
///
/// # Errors
/// As [`list`]; if a file can't be written.
pub fn copy(folder: &Path) -> Result<()> {
    for name in list()? {
        let target = folder.join(&name);
        fs::create_dir_all(target.parent().context("no folder")?)?;
        fs::copy(workspace::root().join(&name), target)?;
    }
    Ok(())
}
