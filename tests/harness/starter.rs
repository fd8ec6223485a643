//! The program that arranges the state that others are started in.

use std::env;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;

use anyhow::{Context, Result};

use crate::require::Missing;

/// The starter, which Cargo puts one folder above the tests.
pub(crate) fn starter() -> Result<PathBuf> {
    let test = env::current_exe()?;
    let folder = test.parent().and_then(Path::parent).context("no folder above the test")?;
    let starter = folder.join("starter");
    if starter.is_file() {
        Ok(starter)
    } else {
        Err(Missing("starter (cargo build -p mote-tests)".into()).into())
    }
}

/// Whether a PID namespace can be had.
pub(crate) fn pid_namespaces() -> Result<()> {
    static WORK: OnceLock<bool> = OnceLock::new();
    let starter = starter()?;
    let work = WORK.get_or_init(|| {
        let mut command = Command::new(starter);
        command.args(["--pid-namespace", "--", "/bin/true"]).stderr(Stdio::null());
        command.status().is_ok_and(|status| status.success())
    });
    if *work {
        Ok(())
    } else {
        Err(Missing("PID namespaces (root's rights, or user namespaces)".into()).into())
    }
}
