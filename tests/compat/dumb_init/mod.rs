//! The table's part about dumb-init.

mod command;
mod differences;
mod forwarding;
mod jobs;
mod rewriting;
mod shortcomings;
mod usage;
mod verbosity;

use crate::peer::DUMB_INIT;
use crate::scenario::Scenario;
use crate::signals::{self, Habits};

use differences::THREADS;

/// A scenario with dumb-init.
fn dumb_init(name: impl Into<String>) -> Scenario {
    Scenario::of(&DUMB_INIT, name)
}

pub(crate) fn table() -> Vec<Scenario> {
    let habits = Habits { elsewhere: &[20, 21, 22], lost: &[(&[32, 33], &THREADS)] };
    let parts = [
        usage::table(),
        verbosity::table(),
        command::table(),
        rewriting::table(),
        forwarding::table(),
        jobs::table(),
        signals::each(&DUMB_INIT, &habits),
        shortcomings::table(),
    ];
    parts.into_iter().flatten().collect()
}
