//! The program that arranges the state that others are started in.

use std::env;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;

use anyhow::{Context, Result};

use crate::require::Missing;

/// The launcher, which Cargo puts one directory above the tests.
pub(crate) fn launcher() -> Result<PathBuf> {
    let test = env::current_exe()?;
    let directory = test.parent().and_then(Path::parent).context("no directory above the test")?;
    let launcher = directory.join("launcher");
    if launcher.is_file() {
        Ok(launcher)
    } else {
        Err(Missing("launcher (cargo build -p mote-tests)".into()).into())
    }
}

/// Whether a PID namespace can be had.
pub(crate) fn pid_namespaces() -> Result<()> {
    static WORK: OnceLock<bool> = OnceLock::new();
    let launcher = launcher()?;
    let work = WORK.get_or_init(|| {
        let mut command = Command::new(launcher);
        command.args(["--pid-namespace", "--", "/bin/true"]).stderr(Stdio::null());
        command.status().is_ok_and(|status| status.success())
    });
    if *work {
        Ok(())
    } else {
        Err(Missing("PID namespaces (root's rights, or user namespaces)".into()).into())
    }
}
