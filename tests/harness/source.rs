//! The source tree that the tests belong to.

use std::ffi::OsStr;
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, ensure};
use xtask::workspace;

use crate::require;

/// Copies every file of the tree as it stands, committed or not, into the folder `target`, and removes from there what
/// is committed but no longer here.
///
/// # Errors
/// [`require::Missing`] if there is no git.
pub fn copy_to(target: &Path) -> Result<()> {
    let git = Command::new(require::tool("git", "git")?)
        .args(["ls-files", "-z", "--cached", "--others", "--exclude-standard"])
        .current_dir(workspace::root())
        .output()?;
    ensure!(git.status.success(), "git: {}", String::from_utf8_lossy(&git.stderr));
    for name in git.stdout.split(|byte| *byte == 0).filter(|name| !name.is_empty()) {
        let name = Path::new(OsStr::from_bytes(name));
        let (source, target) = (workspace::root().join(name), target.join(name));
        if source.is_file() {
            fs::create_dir_all(target.parent().context("no folder")?)?;
            fs::copy(source, target)?;
        } else if target.is_file() {
            fs::remove_file(target)?;
        }
    }
    Ok(())
}
