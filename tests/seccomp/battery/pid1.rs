//! `pid1`.

use anyhow::Result;
use mote_tests::require;
use nix::sys::signal::Signal;

use super::{Scenario, ends, foreign, goes_on, on_an_old_kernel, says_hello, stops, without_32_bit_time};
use crate::stage::{Stage, exits};

pub(super) const SCENARIOS: &[Scenario] = &[
    ("prints its version", |stage| ends(stage.start(), "--version", 0)),
    ("prints its help", |stage| ends(stage.start(), "--help", 0)),
    ("complains of a wrong option", |stage| ends(stage.start(), "--nonsense", 125)),
    ("does not find COMMAND", |stage| ends(stage.start().as_pid_1(), "nonexistent-command", 127)),
    ("does not find a user", |stage| ends(stage.start().as_pid_1(), "-u nonexistent-user x", 125)),
    ("does all that options ask for", |stage| {
        require::root()?;
        let start = stage.start().as_pid_1().env("LISTEN_PID", "1");
        says_hello(stage, start, "-v -e A=B -u daemon -g daemon -w / -t 9 -k -r 1:2 -x 1:2 -p TERM", 0)
    }),
    ("becomes a number", |stage| {
        require::root()?;
        says_hello(stage, stage.start().as_pid_1(), "-u 1:1", 0)
    }),
    ("is stopped and goes on", goes_on),
    ("stops", |stage| stops(stage, "", Signal::SIGTERM, 0)),
    ("stops its process group", |stage| stops(stage, "-k", Signal::SIGTERM, 0)),
    ("can't execute COMMAND", |stage| foreign(stage, 126)),
    ("runs without 32-bit time", |stage| without_32_bit_time(stage, "-v", 125)),
    ("stops another user without CAP_KILL", stops_another_user),
    ("copies itself", |stage| copies(stage, "copy", 0)),
    ("does not replace a directory", |stage| copies(stage, "", 125)),
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

/// The permission to signal every process (capabilities(7)).
const CAP_KILL: u8 = 5;

fn stops_another_user(stage: &Stage) -> Result<()> {
    require::root()?;
    let start = stage.start().as_pid_1().own_proc().drop_capability(CAP_KILL);
    let start = start.argument("-u1:1").argument("--").argument(stage.command("pause")?);
    let running = start.spawn()?;
    stage.until_command_sleeps(&running)?;
    exits(&running.end_by(Signal::SIGTERM)?, 0)
}

/// A name that is empty is the test directory.
fn copies(stage: &Stage, name: &str, status: i32) -> Result<()> {
    exits(&stage.start().argument("-c").argument(stage.path(name)).run()?, status)
}
