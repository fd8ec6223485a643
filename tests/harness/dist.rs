//! The release files.

use std::env;
use std::path::PathBuf;

use anyhow::Result;
use xtask::platform::Platform;
use xtask::workspace;

use crate::require::Missing;

/// The folder of the release files: `MOTE_DIST`, or `dist` in the workspace.
pub fn folder() -> PathBuf {
    env::var_os("MOTE_DIST").map_or_else(workspace::dist, PathBuf::from)
}

/// A release file.
///
/// # Errors
/// [`Missing`] if it wasn't built.
pub fn file(platform: &Platform, program: &str) -> Result<PathBuf> {
    let file = folder().join(platform.docker).join(program);
    if file.is_file() {
        return Ok(file);
    }
    Err(Missing(format!("{}/{program} (cargo xtask dist)", platform.docker)).into())
}

/// An archive of images: `pause.oci.tar` for all platforms, `pause-amd64.docker.tar` for one.
///
/// # Errors
/// [`Missing`] if it wasn't built.
pub fn archive(name: &str) -> Result<PathBuf> {
    let file = folder().join("images").join(name);
    if file.is_file() { Ok(file) } else { Err(Missing(format!("images/{name} (cargo xtask dist)")).into()) }
}
