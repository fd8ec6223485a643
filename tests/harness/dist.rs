//! The release files.

use std::env;
use std::fs;
use std::path::PathBuf;

use anyhow::Result;
use xtask::platform::Platform;
use xtask::{source, workspace};

use crate::require::Missing;

/// The directory of the release files: `MOTE_DIST`, or `dist` in the workspace.
pub fn directory() -> PathBuf {
    env::var_os("MOTE_DIST").map_or_else(workspace::dist, PathBuf::from)
}

/// A release file.
///
/// # Errors
/// [`Missing`] if it wasn't built.
pub fn file(platform: &Platform, program: &str) -> Result<PathBuf> {
    let file = directory().join(platform.docker).join(program);
    if file.is_file() {
        return Ok(file);
    }
    Err(Missing(format!("{}/{program} (cargo xtask dist)", platform.docker)).into())
}

/// The commit that the release files were built from, as far as programs tell it: seven digits, or `unknown`.
///
/// # Errors
/// [`Missing`] if there is no record of the build; if it can't be read.
pub fn commit() -> Result<String> {
    let record = directory().join("build.json");
    let record = fs::read(record).map_err(|_| Missing("build.json (cargo xtask dist)".to_owned()))?;
    let record: serde_json::Value = serde_json::from_slice(&record)?;
    let recorded = record["source"]["commit"].as_str().map(str::to_owned);
    // Whoever builds outside of a repository may name it.
    let commit = recorded.or_else(|| env::var(source::COMMIT).ok());
    Ok(commit.as_deref().and_then(|commit| commit.get(..7)).unwrap_or("unknown").to_owned())
}

/// An archive of images: `pause.oci.tar` for all platforms, `pause-amd64.docker.tar` for one.
///
/// # Errors
/// [`Missing`] if it wasn't built.
pub fn archive(name: &str) -> Result<PathBuf> {
    let file = directory().join("images").join(name);
    if file.is_file() { Ok(file) } else { Err(Missing(format!("images/{name} (cargo xtask dist)")).into()) }
}

/// A seccomp profile.
///
/// # Errors
/// [`Missing`] if it wasn't written.
pub fn profile(program: &str) -> Result<PathBuf> {
    let file = directory().join("seccomp").join(format!("{program}.json"));
    if file.is_file() {
        Ok(file)
    } else {
        Err(Missing(format!("seccomp/{program}.json (cargo xtask dist)")).into())
    }
}
