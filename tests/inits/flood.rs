//! A flood of signals, which the kernel returns before SIGALRM and SIGCHLD: theirs are higher numbers.

use std::time::Instant;

use anyhow::Result;
use mote_tests::{Suite, Target};
use nix::libc::SIGTERM;

use crate::ending::{SLACK, ends_within};
use crate::fixture::{TestDir, both_steps, pid1, send};

pub(crate) fn add(suite: Suite) -> Suite {
    // An emulator crashes when many SIGSEGV of another process arrive.
    suite.each("pid1::a_flood_of_signals_does_not_delay_sigkill", &Target::native(), flood)
}

/// Several processes, since one would hardly be faster than pid1. They block SIGTERM, and so does COMMAND.
fn flood(target: Target) -> Result<()> {
    let dir = TestDir::new()?;
    let steps = "block orphans=4 [ touch=@go flood ] await=@go say=ready sleep";
    let running = dir.start(pid1(target), "-t 1", &dir.resolve(steps))?;
    let start = Instant::now();
    send(running.pid(), SIGTERM)?;
    ends_within(start, running, (137, &both_steps(1)), 0.0..2.0 + 2.0 * SLACK)
}
