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
    let mut there = known()?;
    there.retain(|name| workspace::root().join(name).is_file());
    there.sort();
    Ok(there)
}

/// What Git knows and does not ignore, including what has been removed and is still to be committed.
fn known() -> Result<Vec<String>> {
    let mut git = Command::new(require::tool("git", "git")?);
    git.args(["ls-files", "-z", "--cached", "--others", "--exclude-standard"]);
    let names = command::stdout(git.current_dir(workspace::root()))?;
    Ok(names.split('\0').filter(|name| !name.is_empty()).map(str::to_owned).collect())
}

/// Copies them into a directory, and removes from there what is committed but no longer here.
///
/// # Errors
/// As [`list`]; if a file can't be written.
pub fn copy(directory: &Path) -> Result<()> {
    for name in known()? {
        let (source, target) = (workspace::root().join(&name), directory.join(&name));
        if source.is_file() {
            fs::create_dir_all(target.parent().context("no directory")?)?;
            fs::copy(source, target)?;
        } else if target.is_file() {
            fs::remove_file(target)?;
        }
    }
    Ok(())
}
