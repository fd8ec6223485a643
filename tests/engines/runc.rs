//! runc, with bundles of the programs.

use anyhow::{Context, Result};
use mote_tests::outcome::{End, same};
use mote_tests::runc::{Bundle, outcome};
use mote_tests::{Outcome, Target, dist, foreign};
use nix::sys::signal::Signal;

use crate::check;

fn host() -> Result<Target> {
    Target::host().context("this machine is none of the platforms")
}

pub(crate) fn hello_prints() -> Result<()> {
    let bundle = Bundle::of(host()?, &["hello"])?;
    outcome(&mut bundle.run())?.is(&Outcome::exited("Hello, World!\n", 0))
}

pub(crate) fn pause_stops() -> Result<()> {
    for signal in [Signal::SIGTERM, Signal::SIGINT] {
        let pause = Bundle::of(host()?, &["pause"])?.start()?;
        let pid = pause.state()?["pid"].as_i64().context("no pid")?;
        check::runs(i32::try_from(pid)?, "pause")?;
        same(pause.end_by(signal)?, End::Exited(0))?;
    }
    Ok(())
}

/// There is nothing to run but itself.
pub(crate) fn pid1_runs_itself() -> Result<()> {
    let bundle = Bundle::of(host()?, &["pid1", "-x", "0:7", "--", "pid1", "--version"])?;
    outcome(&mut bundle.run())?.is(&version(7)?)
}

fn version(status: i32) -> Result<Outcome> {
    let version = format!("pid1 {} - git.{}\n", env!("CARGO_PKG_VERSION"), dist::commit()?);
    Ok(Outcome::exited(&version, status))
}

/// By way of an emulator that only the user namespace knows.
pub(crate) fn foreign_hello_prints(target: Target) -> Result<()> {
    let bundle = Bundle::of(target, &["hello"])?;
    let mut run = foreign::within(target, &bundle.run())?;
    outcome(&mut run)?.is(&Outcome::exited("Hello, World!\n", 0))
}

/// The second start is the foreign program's.
pub(crate) fn foreign_pid1_runs_itself(target: Target) -> Result<()> {
    let bundle = Bundle::of(target, &["pid1", "--", "pid1", "--version"])?;
    let mut run = foreign::within(target, &bundle.run())?;
    outcome(&mut run)?.is(&version(0)?)
}
