//! `pause`: sleeps until SIGTERM or SIGINT.

mod arguments;
mod place;
mod reaping;
mod refusals;
mod signals;
mod sleep;

use std::process::ExitCode;

use anyhow::Result;
use mote_tests::{Launcher, Outcome, Suite, Target};
use nix::sys::signal::Signal;

fn main() -> ExitCode {
    // Most of the time is spent waiting.
    let suite = Suite::new().threads(8);
    let suite = signals::add(suite);
    let suite = reaping::add(suite);
    let suite = sleep::add(suite);
    let suite = refusals::add(suite);
    let suite = arguments::add(suite);
    let suite = place::add(suite);
    suite.run()
}

fn pause(target: Target) -> Launcher {
    Launcher::of(target, "pause")
}

/// Returns whether the platform has pause(2). Newer ones have only ppoll(2).
fn has_pause(target: Target) -> bool {
    !matches!(target.platform.docker, "linux/arm64" | "linux/riscv64")
}

/// Starts it, waits until it sleeps, and checks that SIGTERM ends it with status 0 and without output.
fn sleeps_and_ends(launcher: Launcher) -> Result<()> {
    let mut running = launcher.spawn()?;
    running.fall_asleep()?;
    running.end_by(Signal::SIGTERM)?.is(&Outcome::exited("", 0))
}
