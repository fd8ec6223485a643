//! A flood of signals, which the kernel returns before SIGALRM and SIGCHLD because their numbers are lower.

use std::time::Instant;

use anyhow::Result;
use mote_tests::signal::SIGTERM;
use mote_tests::test_dir::{TestDir, send};
use mote_tests::{Suite, Target};

use crate::ending::{SLACK, ends_within};
use crate::fixture::both_steps;
use crate::init::{Init, PID1, tests};

pub(crate) fn add(suite: Suite) -> Suite {
    // An emulator crashes when many SIGSEGV of another process arrive.
    tests!(suite; [PID1], Target::native() => a_flood_of_signals_does_not_delay_sigkill)
}

/// Several processes send signals, since one would hardly be faster than pid1. They and the child block SIGTERM.
fn a_flood_of_signals_does_not_delay_sigkill(target: Target, init: Init) -> Result<()> {
    let dir = TestDir::new()?;
    let steps = "block orphans=4 [ touch=@go flood ] await=@go say=ready sleep";
    let running = dir.start(init.start(target), "-t 1", &dir.resolve(steps))?;
    let start = Instant::now();
    send(running.pid(), SIGTERM)?;
    ends_within(start, running, (137, &both_steps(1)), 0.0..2.0 + 2.0 * SLACK)
}
