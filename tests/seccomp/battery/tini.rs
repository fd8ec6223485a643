//! `tini`.

use nix::sys::signal::Signal;

use super::{
    Scenario, as_subreaper, ends, foreign, goes_on, on_terminal, says_hello, stops, without_32_bit_time,
};

pub(super) const SCENARIOS: &[Scenario] = &[
    ("prints its version", |stage| ends(stage.start(), "--version", 0)),
    ("prints its help", |stage| ends(stage.start(), "-h", 0)),
    ("prints its licence", |stage| ends(stage.start(), "-l", 0)),
    ("complains of a wrong option", |stage| ends(stage.start(), "-n", 1)),
    ("does not find COMMAND", |stage| ends(stage.start().as_pid_1(), "nonexistent-command", 127)),
    ("does all that options ask for", |stage| {
        says_hello(stage, stage.start().as_pid_1().zombies(1), "-vvv -w -g -e 3 -p TERM", 0)
    }),
    ("says what it does on a terminal", |stage| on_terminal(stage, "-vvv")),
    ("is stopped and goes on", goes_on),
    ("stops", |stage| stops(stage, "", Signal::SIGTERM, 0)),
    ("stops its process group", |stage| stops(stage, "-g", Signal::SIGTERM, 0)),
    ("can't execute COMMAND", |stage| foreign(stage, 1)),
    ("runs without 32-bit time", |stage| without_32_bit_time(stage, "-vvv", 1)),
    ("warns below process 1", |stage| says_hello(stage, stage.start().as_pid_2(), "", 0)),
    ("adopts below process 1", |stage| {
        says_hello(stage, stage.start().as_pid_2(), "-s", as_subreaper(stage))
    }),
];
