//! `catatonit`.

use anyhow::Result;
use nix::sys::signal::Signal;

use super::{
    Scenario, as_subreaper, ends, foreign, goes_on, on_an_old_kernel, says_hello, stops, without_32_bit_time,
};
use crate::stage::{Stage, exits};

pub(super) const SCENARIOS: &[Scenario] = &[
    ("prints its version", |stage| ends(stage.start(), "-V", 0)),
    ("prints its licence", |stage| ends(stage.start(), "-L", 0)),
    ("prints its help", |stage| ends(stage.start(), "-h", 0)),
    ("complains of a wrong option", |stage| ends(stage.start(), "-n", 1)),
    ("complains without COMMAND", |stage| ends(stage.start(), "", 1)),
    ("does not find COMMAND", |stage| ends(stage.start().as_pid_1(), "nonexistent-command", 1)),
    ("does all that options ask for", |stage| {
        says_hello(stage, stage.start().as_pid_1().zombies(1).env("LISTEN_PID", "1"), "-g", 0)
    }),
    ("adopts below process 1", |stage| says_hello(stage, stage.start().as_pid_2(), "", as_subreaper(stage))),
    ("is stopped and goes on", goes_on),
    ("stops", |stage| stops(stage, "", Signal::SIGTERM, 0)),
    ("stops its process group", |stage| stops(stage, "-g", Signal::SIGTERM, 0)),
    ("can't execute COMMAND", |stage| foreign(stage, 1)),
    ("runs without 32-bit time", |stage| without_32_bit_time(stage, "-g", 1)),
    ("pauses", pauses),
    ("closes descriptors one by one", on_an_old_kernel),
];

fn pauses(stage: &Stage) -> Result<()> {
    let running = stage.start().as_pid_1().zombies(1).argument("-P").spawn()?;
    stage.until_it_listens(&running)?;
    exits(&running.end_by(Signal::SIGTERM)?, 0)
}
