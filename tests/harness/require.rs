//! What a test needs from the machine.
//!
//! A missing prerequisite is an error that holds a [`Missing`]. [`Suite`](crate::Suite) reports such a test as
//! ignored, with the reason, or as failed where `CI` is `true`.

use std::fmt;
use std::path::PathBuf;

use anyhow::Result;
use nix::unistd::Uid;
use xtask::platform::PLATFORMS;

use crate::dist;

/// What is missing, and how to get it.
#[derive(Debug)]
pub struct Missing(pub String);

impl fmt::Display for Missing {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "missing: {}", self.0)
    }
}

impl std::error::Error for Missing {}

/// The path of a program of the machine, from `package`.
///
/// # Errors
/// [`Missing`] if it isn't there.
pub fn tool(name: &str, package: &str) -> Result<PathBuf> {
    xtask::process::find(name).ok_or_else(|| Missing(format!("{name} (Debian package {package})")).into())
}

/// # Errors
/// [`Missing`] if the tests don't run as root.
pub fn root() -> Result<()> {
    if Uid::effective().is_root() { Ok(()) } else { Err(Missing("root's rights".to_owned()).into()) }
}

/// # Errors
/// [`Missing`] if no release was built here. A toolchain for it may then have to be installed, which is not
/// for a test to do.
pub fn release() -> Result<()> {
    for platform in &PLATFORMS {
        dist::file(platform, "pause")?;
    }
    Ok(())
}
