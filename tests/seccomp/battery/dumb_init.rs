//! `dumb-init`.

use nix::sys::signal::Signal;

use super::{Scenario, ends, foreign, goes_on, on_terminal, says_hello, stops, without_32_bit_time};

pub(super) const SCENARIOS: &[Scenario] = &[
    ("prints its version", |stage| ends(stage.start(), "--version", 0)),
    ("prints its help", |stage| ends(stage.start(), "--help", 0)),
    ("complains of a wrong option", |stage| ends(stage.start(), "--nonsense", 1)),
    ("does not find COMMAND", |stage| ends(stage.start().as_pid_1(), "nonexistent-command", 2)),
    ("says what it does", |stage| says_hello(stage, stage.start().as_pid_1().zombies(1), "-v", 0)),
    ("has a single child", |stage| says_hello(stage, stage.start().as_pid_2(), "-v -c -r 1:2", 0)),
    ("hands its terminal over", |stage| on_terminal(stage, "-v")),
    ("is stopped and goes on", goes_on),
    ("can't execute COMMAND", |stage| foreign(stage, 2)),
    ("runs without 32-bit time", |stage| without_32_bit_time(stage, "-v", 1)),
    ("stops", |stage| stops(stage, "", Signal::SIGTERM, 0)),
    ("stops its single child", |stage| stops(stage, "-c", Signal::SIGTERM, 0)),
];
