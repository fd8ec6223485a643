//! dumb-init: the differences in the common scenarios, and its own.

mod differences;
mod jobs;
mod own;
mod rewriting;
mod usage;
mod verbosity;

use crate::common::{self, Differs, differences as shared};
use crate::peer::DUMB_INIT;
use crate::scenario::Scenario;
use crate::signals::{self, Habits};

use differences::{LOST, REFUSED_KILL, THREADS, TRACED};

/// A scenario with dumb-init.
fn dumb_init(name: impl Into<String>) -> Scenario {
    Scenario::of(&DUMB_INIT, name)
}

pub(crate) fn table() -> Vec<Scenario> {
    let habits = Habits { elsewhere: &[20, 21, 22], lost: &[(&[32, 33], &THREADS)] };
    let parts = [
        common::table(&DUMB_INIT, &DIFFERENCES),
        signals::each(&DUMB_INIT, &habits),
        usage::table(),
        verbosity::table(),
        rewriting::table(),
        jobs::table(),
        own::table(),
    ];
    parts.into_iter().flatten().collect()
}

const DIFFERENCES: [Differs; 9] = [
    (
        "COMMAND's path has a regular file as a directory",
        &shared::PATHS,
        &["stderr: [dumb-init] /etc/passwd/file: ENOTDIR"],
        &["stderr: [dumb-init] /etc/passwd/file: ENOENT"],
    ),
    ("COMMAND is an ELF file of another architecture", &shared::FOREIGN_ELF, &["end: 3"], &["end: 2"]),
    (
        "COMMAND's interpreter does not exist",
        &shared::INTERPRETER,
        &["stderr: [dumb-init] @missing: ENOENT"],
        &["stderr: [dumb-init] @missing: Its interpreter or loader is missing"],
    ),
    (
        "COMMAND is a script with CRLF",
        &shared::INTERPRETER,
        &["stderr: [dumb-init] @crlf: ENOENT"],
        &["stderr: [dumb-init] @crlf: Its interpreter or loader is missing"],
    ),
    (
        "COMMAND stops under ptrace",
        &TRACED,
        &[
            "end: 139",
            "stderr: dumb-init: dumb-init.c:107: handle_signal: Assertion `WIFSIGNALED(status)' failed.",
        ],
        &["end: 137"],
    ),
    (
        "a signal before the process group exists",
        &LOST,
        &["end: 7", "said: ready", "said: signal 64 from 2"],
        &["end: 138"],
    ),
    (
        "wait4 is refused by seccomp",
        &shared::REFUSED_WAIT,
        &["end: none, it sleeps, and its children are zombies", "said: ready"],
        &["end: 1", "stderr: [dumb-init] Unable to fork. Exiting."],
    ),
    ("inherited zombies", &shared::ZOMBIES, &["init: children 4"], &["init: children 1"]),
    (
        "kill is refused by seccomp",
        &REFUSED_KILL,
        &[],
        &["stderr: [dumb-init] Unable to send a signal: EPERM"],
    ),
];
