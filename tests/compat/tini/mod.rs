//! The table's part about tini.

mod command;
mod differences;
mod forwarding;
mod options;
mod shortcomings;
mod usage;
mod verbosity;

use crate::peer::TINI;
use crate::scenario::Scenario;
use crate::signals::{self, Habits};

use differences::{FAULTS, THREADS};

/// A scenario with tini.
fn tini(name: impl Into<String>) -> Scenario {
    Scenario::of(&TINI, name)
}

pub(crate) fn table() -> Vec<Scenario> {
    let habits =
        Habits { elsewhere: &[], lost: &[(&[4, 5, 6, 7, 8, 11, 31], &FAULTS), (&[32, 33], &THREADS)] };
    let parts = [
        usage::table(),
        options::table(),
        verbosity::table(),
        command::table(),
        forwarding::table(),
        signals::each(&TINI, &habits),
        shortcomings::table(),
    ];
    parts.into_iter().flatten().collect()
}
