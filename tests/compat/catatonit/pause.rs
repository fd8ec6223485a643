//! `-P`: it holds namespaces, and runs nothing.

use nix::libc::{SIGCHLD, SIGTERM};

use crate::scenario::{Act, Place, Scenario};

use super::catatonit;

pub(super) fn table() -> Vec<Scenario> {
    let ends = [("-P", 15), ("-P", 2), ("-Pg", 15), ("-P true", 15), ("true -P", 2), ("-P --", 15)].map(
        |(words, number)| {
            catatonit(format!("{words} and signal {number}"))
                .words(words)
                .acts([Act::Asleep, Act::Signal(number)])
        },
    );
    let swallowed = [1, 3, 10, 12, 13, 14, 18, 20, 28, 34, 64].map(|number| {
        let entry = catatonit(format!("-P and signal {number} and then SIGTERM")).words("-P");
        entry.acts([Act::Asleep, Act::Signal(number), Act::Taken, Act::Asleep, Act::Signal(SIGTERM)])
    });
    let others = [
        catatonit("-P when not PID 1")
            .place(Place::Two)
            .words("-P")
            .acts([Act::Asleep, Act::Signal(SIGTERM)]),
        catatonit("-P reaps zombies").arrange(|start, _| start.zombies(3)).words("-P").acts([
            Act::Asleep,
            Act::Signal(SIGCHLD),
            Act::Children(0),
            Act::Signal(SIGTERM),
        ]),
        catatonit("-P sleeps while idle").words("-P").acts([
            Act::Asleep,
            Act::WatchSleep,
            Act::Signal(SIGTERM),
        ]),
    ];
    ends.into_iter().chain(swallowed).chain(others).collect()
}
