//! Errors of pid1.

use std::ffi::OsStr;

use anyhow::{Context, Result, ensure};
use mote_tests::{Launcher, Outcome};

use crate::fixture::{TestDir, says, with};

/// Checks the status and the only line on standard error, and that there is no other output.
pub(crate) fn fails(outcome: &Outcome, status: i32, message: &str) -> Result<()> {
    says(outcome, status, &[message])
}

/// Runs pid1 and checks the status and the only line on standard error, and that there is no other output.
pub(crate) fn run_fails(launcher: Launcher, status: i32, message: &str) -> Result<()> {
    fails(&launcher.run()?, status, message).with_context(|| message.to_owned())
}

/// Runs pid1 with these options, and checks that it exits with 125 and this line and runs no child.
pub(crate) fn refuses<T: AsRef<OsStr>>(launcher: Launcher, options: &[T], message: &str) -> Result<()> {
    let dir = TestDir::new()?;
    let ran = dir.join("ran");
    run_fails(with(launcher, options).argument("--").argument("touch").argument(&ran), 125, message)?;
    ensure!(!ran.exists(), "{message}: the child ran");
    Ok(())
}
