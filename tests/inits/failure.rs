//! Errors of pid1.

use anyhow::Result;
use mote_tests::outcome::{End, same};
use mote_tests::{Launcher, Outcome};

/// Expects this status, this message on standard error, and no other output.
pub(crate) fn fails(outcome: &Outcome, status: i32, message: &str) -> Result<()> {
    let stderr = format!("pid1: {message}\n").into_bytes();
    same(outcome, &Outcome { stdout: Vec::new(), stderr, end: End::Exited(status) })
}

/// Runs pid1 and expects this status, this message on standard error, and no other output.
pub(crate) fn run_fails(launcher: Launcher, status: i32, message: &str) -> Result<()> {
    fails(&launcher.run()?, status, message)
}
