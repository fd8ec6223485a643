//! What tini says, and when.

use crate::scenario::{Place, Scenario, Text};
use crate::signals::name;

use super::differences::{TTY, VERBOSITY};
use super::tini;

/// Values of the variable.
const VALUES: [&str; 9] = ["0", "1", "2", "3", "4", "5", "", "abc", "02"];

/// Values that `atoi` reads and ours does not, and what they are to tini, which takes -1 for a large number.
const ODD: [(&str, i32); 3] = [(" 2x", 2), ("+3", 3), ("-1", i32::MAX)];

/// Messages of tini as PID 2 whose COMMAND exits with 3, and the verbosity of each.
const SAID: [(i32, &str); 8] = [
    (1, "stderr: [WARN  tini (2)] Tini is not running as PID 1 and isn't registered as a child subreaper."),
    (1, "stderr: advice"),
    (3, "stdout: [DEBUG tini (2)] Reaped child with pid: '3'"),
    (3, "stdout: [DEBUG tini (2)] Received SIGCHLD"),
    (2, "stdout: [INFO  tini (2)] Main child exited normally (with status '3')"),
    (2, "stdout: [INFO  tini (2)] Spawned child process 'ACTOR' with pid '3'"),
    (4, "stdout: [TRACE tini (2)] Exiting: child has exited"),
    (4, "stdout: [TRACE tini (2)] No child to wait"),
];

pub(super) fn table() -> Vec<Scenario> {
    let levels = ["-v", "-vv", "-vvv", "-vvvv", "-v -v", "-vwv"];
    let levels = levels.map(|level| tini(level).words(level).plays("exit=3").text(Text::Lines));
    let below = ["", "-v", "-s", "-sv", "-svvv", "-ssvv"].map(|level| {
        let name = format!("options {level:?} when not PID 1");
        tini(name).place(Place::Two).words(level).plays("exit=3").text(Text::Lines)
    });
    let values = VALUES.map(|value| {
        let entry = tini(format!("TINI_VERBOSITY={value}")).place(Place::Two).env("TINI_VERBOSITY", value);
        entry.plays("exit=3").text(Text::Lines)
    });
    let odd = ODD.map(|(value, verbosity)| {
        let entry = tini(format!("TINI_VERBOSITY={value}")).place(Place::Two).env("TINI_VERBOSITY", value);
        let theirs = SAID.into_iter().filter(|(from, _)| *from <= verbosity).map(|(_, line)| line);
        entry.plays("exit=3").text(Text::Lines).differs(&VERBOSITY, theirs, [])
    });
    let subreaper = ["", "0", "1"].map(|value| {
        let entry = tini(format!("TINI_SUBREAPER={value}")).place(Place::Two).env("TINI_SUBREAPER", value);
        entry.words("-vvv").plays("report").text(Text::Lines)
    });
    let ends = [1, 6, 9, 11, 15, 16, 29, 30, 31, 32, 34, 50, 64].map(|number| {
        tini(format!("-v and COMMAND is killed by signal {number}"))
            .words("-v")
            .plays(&format!("die={number}"))
            .text(Text::Lines)
    });
    // tini finds a death also while it handles another signal, and then says one line less.
    let passing = [1, 10, 15, 20, 28, 34, 63].map(|number| {
        let entry = tini(format!("-vvv and {}", name(number))).words("-vvv").text(Text::Lines);
        entry
            .plays("block say=ready hear=64 say=heard await=@go exit=7")
            .acts(format!("until ready, {}, taken, last, until heard, asleep, touch go", name(number)))
    });
    let others = [
        tini("TINI_VERBOSITY overrides -v")
            .env("TINI_VERBOSITY", "2")
            .words("-vv")
            .plays("exit=3")
            .text(Text::Lines),
        tini("-v and a status that -e maps").words("-v -e 3").plays("exit=3").text(Text::Lines),
        tini("-v and COMMAND does not exist").words("-v /nonexistent/file").text(Text::Lines),
        tini("-vv and COMMAND does not exist").words("-vv /nonexistent/file").text(Text::Lines).differs(
            &TTY,
            ["stdout: [DEBUG tini (2)] tcsetpgrp failed: no tty (ok to proceed)"],
            [],
        ),
        tini("-w is silent without orphans").words("-w").plays("exit=3"),
        tini("-w names reaped orphans")
            .words("-w")
            .plays("block orphans=1 [ ] say=ready hear=64 exit=3")
            .acts("until ready, children 1, last"),
        tini("-w with TINI_VERBOSITY=0")
            .env("TINI_VERBOSITY", "0")
            .words("-w")
            .plays("orphans=1 [ ] say=ready await=@go")
            .acts("until ready, children 1, touch go"),
    ];
    let parts: [Vec<Scenario>; 8] = [
        levels.into(),
        below.into(),
        values.into(),
        odd.into(),
        subreaper.into(),
        ends.into(),
        passing.into(),
        others.into(),
    ];
    parts.into_iter().flatten().collect()
}
