//! A flood of signals, which the kernel returns before SIGALRM and SIGCHLD: theirs are higher numbers.

use std::time::Instant;

use anyhow::Result;
use mote_tests::{Case, Suite};
use nix::libc::SIGTERM;

use crate::ending::{SLACK, ends_within};
use crate::scene::{Scene, both_steps, pid1, send, step};

pub(crate) fn add(suite: Suite) -> Suite {
    // An emulator crashes when many SIGSEGV of another process arrive.
    let native = Case::native();
    suite.each("pid1::a_flood_of_signals_does_not_delay_sigkill", &native, flood).each(
        "pid1::a_flood_of_signals_from_orphans_does_not_delay_sigkill",
        &native,
        flood_of_orphans,
    )
}

/// Several processes, since one would hardly be faster than pid1. They block SIGTERM, and so does COMMAND.
fn flood(case: Case) -> Result<()> {
    let scene = Scene::new()?;
    let steps = "block orphans=4 [ touch=@go flood ] await=@go say=ready sleep";
    let running = scene.start(pid1(case), "-t 1", &scene.resolve(steps))?;
    let start = Instant::now();
    send(running.pid(), SIGTERM)?;
    ends_within(start, running, (137, &both_steps(1)), 0.0..2.0 + 2.0 * SLACK)
}

/// A signal that is forwarded no more costs pid1 less time.
fn flood_of_orphans(case: Case) -> Result<()> {
    let scene = Scene::new()?;
    let steps = "block orphans=4 [ touch=@go flood ] await=@go exit=3";
    let start = Instant::now();
    let running = scene.play(pid1(case), "-t 1", &scene.resolve(steps))?.spawn()?;
    ends_within(start, running, (3, &[step(1, "SIGKILL")]), 1.0..1.0 + 2.0 * SLACK)
}
