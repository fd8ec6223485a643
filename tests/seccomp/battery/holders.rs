//! `hello` and `pause`.

use mote_tests::Launcher;
use nix::sys::signal::Signal;

use super::{Scenario, ends};
use crate::stage::exits;

pub(super) const HELLO: &[Scenario] = &[("says hello", |stage| ends(stage.start(), "", 0))];

pub(super) const PAUSE: &[Scenario] = &[
    ("prints its version", |stage| ends(stage.start(), "-v", 0)),
    ("holds, and reaps as process 1", |stage| {
        let launcher: Launcher = stage.start().as_pid_1().zombies(2).orphans(2);
        let mut running = launcher.spawn()?;
        running.fall_asleep()?;
        exits(&running.end_by(Signal::SIGTERM)?, 0)
    }),
    ("holds as any other process", |stage| {
        let mut running = stage.start().spawn()?;
        running.fall_asleep()?;
        exits(&running.end_by(Signal::SIGINT)?, 0)
    }),
];
