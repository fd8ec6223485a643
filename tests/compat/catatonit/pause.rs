//! `-P`: it holds namespaces, and runs nothing.

use crate::scenario::{Place, Scenario};
use crate::signals::name;

use super::catatonit;

pub(super) fn table() -> Vec<Scenario> {
    let ends = [("-P", 15), ("-P", 2), ("-Pg", 15), ("-P true", 15), ("true -P", 2), ("-P --", 15)].map(
        |(words, number)| {
            catatonit(format!("{words} and {}", name(number)))
                .words(words)
                .acts(format!("asleep, {}", name(number)))
        },
    );
    let swallowed = [1, 3, 10, 12, 13, 14, 18, 20, 28, 34, 64].map(|number| {
        let entry = catatonit(format!("-P and {} and then SIGTERM", name(number))).words("-P");
        entry.acts(format!("asleep, {}, taken, asleep, SIGTERM", name(number)))
    });
    let others = [
        catatonit("-P when not PID 1").place(Place::Two).words("-P").acts("asleep, SIGTERM"),
        catatonit("-P reaps zombies")
            .arrange(|start, _| start.zombies(3))
            .words("-P")
            .acts("asleep, SIGCHLD, children 0, SIGTERM"),
        catatonit("-P sleeps while idle").words("-P").acts("asleep, watch sleep, SIGTERM"),
    ];
    ends.into_iter().chain(swallowed).chain(others).collect()
}
