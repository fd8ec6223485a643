//! catatonit: the differences in the common scenarios, and its own.

mod differences;
mod own;
mod pause;
mod usage;
mod verbosity;

use crate::common::{self, Differs, differences as shared};
use crate::peer::CATATONIT;
use crate::scenario::Scenario;
use crate::signals::{self, Habits};

use differences::{DIRECTORY, MASK};

/// A scenario with catatonit.
fn catatonit(name: impl Into<String>) -> Scenario {
    Scenario::of(&CATATONIT, name)
}

pub(crate) fn table() -> Vec<Scenario> {
    let habits = Habits {
        elsewhere: &[],
        lost: &[(&[4, 5, 6, 7, 8, 11, 31], &shared::FAULTS), (&[32, 33], &shared::THREADS)],
    };
    let common = common::table(&CATATONIT, &DIFFERENCES).into_iter().map(with_mask).collect();
    let parts = [
        common,
        signals::each(&CATATONIT, &habits),
        usage::table(),
        verbosity::table(),
        own::table(),
        pause::table(),
    ];
    parts.into_iter().flatten().collect()
}

/// COMMAND's report has the signal mask, which differs in every scenario.
fn with_mask(entry: Scenario) -> Scenario {
    if entry.words.last().is_none_or(|word| word != "report") || entry.difference.is_some() {
        return entry;
    }
    entry.differs(&MASK, ["said: SigBlk 0000000000380000"], ["said: SigBlk 0000000000000000"])
}

const DIFFERENCES: [Differs; 15] = [
    (
        "COMMAND's initial state if all signals are blocked",
        &shared::THREADS,
        &["said: SigBlk fffffffe7ffbfeff"],
        &["said: SigBlk fffffffffffbfeff"],
    ),
    (
        "COMMAND's initial state if a signal is blocked",
        &MASK,
        &["said: SigBlk 0000000000384000"],
        &["said: SigBlk 0000000000004000"],
    ),
    (
        "COMMAND's path has a regular file as a directory",
        &shared::PATHS,
        &["stderr: ERROR (catatonit:2): failed to exec pid1: ENOTDIR"],
        &["stderr: ERROR (catatonit:2): failed to exec pid1: ENOENT"],
    ),
    ("COMMAND is an ELF file of another architecture", &shared::FOREIGN_ELF, &["end: 3"], &["end: 1"]),
    (
        "COMMAND's interpreter does not exist",
        &shared::INTERPRETER,
        &["stderr: ERROR (catatonit:2): failed to exec pid1: ENOENT"],
        &["stderr: ERROR (catatonit:2): failed to exec pid1: Its interpreter or loader is missing"],
    ),
    (
        "COMMAND is a script with CRLF",
        &shared::INTERPRETER,
        &["stderr: ERROR (catatonit:2): failed to exec pid1: ENOENT"],
        &["stderr: ERROR (catatonit:2): failed to exec pid1: Its interpreter or loader is missing"],
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
    ("COMMAND has left its process group", &shared::LEFT_GROUP, &[], &["said: signal 10 from 1"]),
    ("a signal before the process group exists", &shared::LOST, &[], &["said: signal 10 from 2"]),
    ("the init's own working directory and descriptors", &DIRECTORY, &["init: in @"], &["init: in /"]),
    (
        "wait4 is refused by seccomp",
        &shared::REFUSED_WAIT,
        &["end: none, it sleeps, and its children are zombies", "said: ready"],
        &["end: 1", "stderr: ERROR (catatonit:1): failed to fork child: EPERM"],
    ),
    ("inherited zombies", &shared::ZOMBIES, &["init: children 4"], &["init: children 1"]),
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
];
