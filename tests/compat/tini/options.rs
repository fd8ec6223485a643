//! Options and how they may be written.

use crate::scenario::{Place, Scenario};
use crate::signals::HEARS;

use super::differences::{NAMES as MORE_NAMES, NUMBERS};
use super::tini;

/// The signals that -p knows.
const NAMES: [&str; 28] = [
    "SIGHUP",
    "SIGINT",
    "SIGQUIT",
    "SIGILL",
    "SIGTRAP",
    "SIGABRT",
    "SIGBUS",
    "SIGFPE",
    "SIGKILL",
    "SIGUSR1",
    "SIGSEGV",
    "SIGUSR2",
    "SIGPIPE",
    "SIGALRM",
    "SIGTERM",
    "SIGCHLD",
    "SIGCONT",
    "SIGSTOP",
    "SIGTSTP",
    "SIGTTIN",
    "SIGTTOU",
    "SIGURG",
    "SIGXCPU",
    "SIGXFSZ",
    "SIGVTALRM",
    "SIGPROF",
    "SIGWINCH",
    "SIGSYS",
];

/// Words before `--`, and COMMAND's status, which -e maps or not.
const MAPPED: [(&str, i32); 12] = [
    ("-e 5", 5),
    ("-e5", 5),
    ("-ge5", 5),
    ("-ge 5", 5),
    ("-e 6", 5),
    ("-e 5 -e 6", 5),
    ("-e 5 -e 6", 6),
    ("-e 5 -e 6", 7),
    ("-e 0", 0),
    ("-e 005", 5),
    ("-e 255", 255),
    ("-e 31 -e 32", 64),
];

/// Statuses that `strtol` reads and ours does not, and what they are to tini.
const ODD: [(&str, i32); 4] = [("", 0), (" 5", 5), ("+5", 5), ("-0", 0)];

/// Signals that ours knows and tini does not.
const MORE: [&str; 8] = ["TERM", "15", "SIGSTKFLT", "SIGIO", "SIGPWR", "SIGRTMIN", "RTMIN+1", "64"];

pub(super) fn table() -> Vec<Scenario> {
    let names = NAMES.map(|name| tini(format!("-p {name}")).words("-p").word(name).plays("exit=7"));
    let mapped = MAPPED.map(|(options, status)| {
        tini(format!("{options} and status {status}")).words(options).plays(&format!("exit={status}"))
    });
    let written = [
        tini("-e 143 and COMMAND is killed by SIGTERM").words("-e 143").plays("die=15"),
        tini("-e 127 and COMMAND does not exist").words("-e 127 /nonexistent/file"),
        tini("the last -p wins").words("-pSIGUSR2 -p SIGUSR1").plays("exit=7"),
        tini("options after COMMAND").words("echo -g a -s b"),
        tini("an option with an argument after COMMAND").words("-s sh @file -e 3").arrange(|start, dir| {
            let _ = dir.file("file", "exit 3", 0o644);
            start
        }),
        tini("-- after COMMAND").words("echo a -- -v b"),
        tini("only the first -- after COMMAND is removed").words("echo -- a -- -v"),
        tini("-- before COMMAND").words("-- echo -v -- a"),
        tini("POSIXLY_CORRECT is set").env("POSIXLY_CORRECT", "").words("-s echo -v a"),
        tini("COMMAND is a dash").words("-"),
        tini("-- before --version").words("-- --version"),
        tini("all options at once")
            .words("-swgv -e1 -p SIGTERM")
            .plays("exit=1")
            .text(crate::scenario::Text::Lines),
    ];
    let odd = ODD.map(|(value, status)| {
        let entry = tini(format!("-e {value:?} and status {status}")).words("-e").word(value);
        let says = format!("stderr: [FATAL tini (1)] Not a valid option for -e: {value}");
        entry.plays(&format!("exit={status}")).differs(&NUMBERS, ["end: 0"], ["end: 1", &says])
    });
    let more = MORE.map(|name| {
        let says = format!("stderr: [FATAL tini (1)] Not a valid option for -p: {name}");
        let entry = tini(format!("-p {name:?}")).words("-p").word(name);
        entry.words("true").differs(&MORE_NAMES, ["end: 1", &says], ["end: 0"])
    });
    names.into_iter().chain(mapped).chain(odd).chain(more).chain(written).chain(parent_death()).collect()
}

/// The parent's death, which reaches COMMAND by way of the init.
fn parent_death() -> [Scenario; 3] {
    let orphaned = |name, options| tini(name).place(Place::Orphaned).words(options).plays(HEARS);
    [
        orphaned("-p SIGUSR1 is forwarded when the parent dies", "-s -p SIGUSR1")
            .acts("until ready, touch end, until signal 10 from 3"),
        orphaned("-p SIGKILL kills tini when the parent dies", "-s -p SIGKILL")
            .acts("until ready, touch end, gone"),
        orphaned("without -p there is no signal when the parent dies", "-s")
            .acts("until ready, touch end, adopted, SIGUSR2, until signal 12 from 3"),
    ]
}
