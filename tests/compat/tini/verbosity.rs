//! What tini says, and when.

use crate::scenario::{Act, Place, Scenario, Text};

use super::tini;

/// Values of the variable; tini reads a number as `atoi` does.
const VALUES: [&str; 12] = ["0", "1", "2", "3", "4", "5", "", "abc", " 2x", "+3", "-1", "02"];

pub(super) fn table() -> Vec<Scenario> {
    let levels = ["-v", "-vv", "-vvv", "-vvvv", "-v -v", "-vwv"];
    let levels = levels.map(|level| tini(level).words(level).plays("exit=3").text(Text::Lines));
    let below = ["", "-v", "-s", "-sv", "-svvv", "-ssvv"].map(|level| {
        let name = format!("below process 1 with {level:?}");
        tini(name).place(Place::Two).words(level).plays("exit=3").text(Text::Lines)
    });
    let values = VALUES.map(|value| {
        let entry = tini(format!("TINI_VERBOSITY={value}")).place(Place::Two).env("TINI_VERBOSITY", value);
        entry.plays("exit=3").text(Text::Lines)
    });
    let subreaper = ["", "0", "1"].map(|value| {
        let entry = tini(format!("TINI_SUBREAPER={value}")).place(Place::Two).env("TINI_SUBREAPER", value);
        entry.words("-vvv").plays("report").text(Text::Lines)
    });
    let ends = [1, 6, 9, 11, 15, 16, 29, 30, 31, 32, 34, 50, 64].map(|number| {
        tini(format!("-v and COMMAND dies of signal {number}"))
            .words("-v")
            .plays(&format!("die={number}"))
            .text(Text::Lines)
    });
    // tini finds a death also while it handles another signal, and then says one line less.
    let passing = [1, 10, 15, 20, 28, 34, 63].map(|number| {
        let entry = tini(format!("-vvv and signal {number}")).words("-vvv").text(Text::Lines);
        entry.plays("block say=ready hear=64 say=heard await=@go exit=7").acts([
            Act::Until("ready"),
            Act::Signal(number),
            Act::Taken,
            Act::Signal(64),
            Act::Until("heard"),
            Act::Asleep,
            Act::Touch("go"),
        ])
    });
    let others = [
        tini("TINI_VERBOSITY replaces -v")
            .env("TINI_VERBOSITY", "2")
            .words("-vv")
            .plays("exit=3")
            .text(Text::Lines),
        tini("-v and a status that -e maps").words("-v -e 3").plays("exit=3").text(Text::Lines),
        tini("-v and no such file").words("-v /nonexistent/file").text(Text::Lines),
        tini("-w is silent without orphans").words("-w").plays("exit=3"),
        tini("-w names what was reaped")
            .words("-w")
            .plays("block orphans=1 [ ] say=ready hear=64 exit=3")
            .acts([Act::Until("ready"), Act::Children(1), Act::Signal(64)]),
        tini("-w is a warning")
            .env("TINI_VERBOSITY", "0")
            .words("-w")
            .plays("orphans=1 [ ] say=ready await=@go")
            .acts([Act::Until("ready"), Act::Children(1), Act::Touch("go")]),
    ];
    let parts: [Vec<Scenario>; 7] = [
        levels.into(),
        below.into(),
        values.into(),
        subreaper.into(),
        ends.into(),
        passing.into(),
        others.into(),
    ];
    parts.into_iter().flatten().collect()
}
