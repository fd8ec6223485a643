//! `pid1`.

use mote_tests::require;
use nix::sys::signal::Signal;

use super::{Scenario, ends, goes_on, on_an_old_kernel, says_hello, stops};

pub(super) const SCENARIOS: &[Scenario] = &[
    ("prints its version", |stage| ends(stage.start(), "--version", 0)),
    ("prints its help", |stage| ends(stage.start(), "--help", 0)),
    ("complains of a wrong option", |stage| ends(stage.start(), "--nonsense", 125)),
    ("does not find COMMAND", |stage| ends(stage.start().as_pid_1(), "nonexistent-command", 127)),
    ("does not find a user", |stage| ends(stage.start().as_pid_1(), "-u nonexistent-user x", 125)),
    ("does all that options ask for", |stage| {
        require::root()?;
        let start = stage.start().as_pid_1().env("LISTEN_PID", "1");
        says_hello(stage, start, "-v -e A=B -u root -g root -w / -t 9 -k -r 1:2 -x 1:2 -p TERM", 0)
    }),
    ("becomes a number", |stage| {
        require::root()?;
        says_hello(stage, stage.start().as_pid_1(), "-u 0:0", 0)
    }),
    ("is stopped and goes on", goes_on),
    ("stops", |stage| stops(stage, "", Signal::SIGTERM, 0)),
    ("stops by the clock", |stage| stops(stage, "-t 60 -r USR1:TERM", Signal::SIGUSR1, 0)),
    ("ends what is left as process 1", |stage| {
        says_hello(stage, stage.start().as_pid_1().zombies(1).orphans(1), "", 0)
    }),
    ("ends what is left below process 1", |stage| {
        require::root()?;
        says_hello(stage, stage.start().as_pid_2().own_proc().zombies(1).children(1), "", 0)
    }),
    ("closes descriptors one by one", on_an_old_kernel),
];
