//! tini: the differences in the common scenarios, and its own.

mod differences;
mod options;
mod own;
mod usage;
mod verbosity;

use crate::common::{self, Differs, differences as shared};
use crate::peer::TINI;
use crate::scenario::Scenario;
use crate::signals::{self, Habits};

use differences::{DEV_TTY, PATHS, REFUSED_KILL, TRACED, WAKES};

/// A scenario with tini.
fn tini(name: impl Into<String>) -> Scenario {
    Scenario::of(&TINI, name)
}

pub(crate) fn table() -> Vec<Scenario> {
    let habits = Habits {
        elsewhere: &[],
        lost: &[(&[4, 5, 6, 7, 8, 11, 31], &shared::FAULTS), (&[32, 33], &shared::THREADS)],
    };
    let parts = [
        common::table(&TINI, &DIFFERENCES),
        signals::each(&TINI, &habits),
        usage::table(),
        options::table(),
        verbosity::table(),
        own::table(),
    ];
    parts.into_iter().flatten().collect()
}

const DIFFERENCES: [Differs; 15] = [
    (
        "COMMAND's initial state if all signals are blocked",
        &shared::THREADS,
        &["said: SigBlk fffffffe7ffbfeff"],
        &["said: SigBlk fffffffffffbfeff"],
    ),
    (
        "COMMAND's path has a regular file as a directory",
        &PATHS,
        &["end: 1", "stderr: [FATAL tini (2)] exec /etc/passwd/file failed: ENOTDIR"],
        &["end: 127", "stderr: [FATAL tini (2)] exec /etc/passwd/file failed: ENOENT"],
    ),
    ("COMMAND is an ELF file of another architecture", &shared::FOREIGN_ELF, &["end: 3"], &["end: 1"]),
    (
        "COMMAND's interpreter does not exist",
        &shared::INTERPRETER,
        &["stderr: [FATAL tini (2)] exec @missing failed: ENOENT"],
        &["stderr: [FATAL tini (2)] exec @missing failed: Its interpreter or loader is missing"],
    ),
    (
        "COMMAND is a script with CRLF",
        &shared::INTERPRETER,
        &["stderr: [FATAL tini (2)] exec @crlf failed: ENOENT"],
        &["stderr: [FATAL tini (2)] exec @crlf failed: Its interpreter or loader is missing"],
    ),
    (
        "COMMAND's group is the foreground process group with stdin closed",
        &DEV_TTY,
        &["end: 1", "stderr: [FATAL tini (2)] tcsetpgrp failed: EBADF"],
        &["end: 7", "terminal: of PID 2", "said: ready"],
    ),
    (
        "a start in the background of a shell",
        &shared::BACKGROUND,
        &["terminal: of PID 3"],
        &["terminal: of PID 1"],
    ),
    (
        "the terminal after COMMAND's end below a shell",
        &shared::TAKEN_BACK,
        &["terminal: of no process"],
        &["terminal: of PID 1"],
    ),
    (
        "COMMAND has left its process group",
        &shared::LEFT_GROUP,
        &["stderr: [WARN  tini (1)] Child was dead when forwarding signal"],
        &["said: signal 10 from 1"],
    ),
    (
        "COMMAND stops under ptrace",
        &TRACED,
        &["end: 1", "stderr: [FATAL tini (1)] Main child exited for unknown reason"],
        &["end: 137"],
    ),
    (
        "a signal before the process group exists",
        &shared::LOST,
        &["stderr: [WARN  tini (2)] Child was dead when forwarding signal"],
        &["said: signal 10 from 2"],
    ),
    ("idle", &WAKES, &["init: wakes up while nothing happens"], &["init: sleeps"]),
    (
        "SIGCHLD is ignored at the start",
        &shared::CHILD_IGNORED,
        &["end: none, it sleeps without a child"],
        &["end: 7"],
    ),
    (
        "SIGSEGV when not PID 1",
        &shared::FAULTS,
        &["end: signal 11", "left: process 3"],
        &["end: 7", "said: signal 11 from 2", "said: signal 64 from 2"],
    ),
    (
        "kill is refused by seccomp",
        &REFUSED_KILL,
        &["end: 1", "stderr: [FATAL tini (1)] Unexpected error when forwarding signal: 'EPERM'"],
        &["end: 7", "stderr: [WARN  tini (1)] Failed to send a signal: EPERM"],
    ),
];
