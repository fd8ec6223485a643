//! The table's part about catatonit.

mod command;
mod differences;
mod forwarding;
mod pause;
mod shortcomings;
mod usage;
mod verbosity;

use crate::peer::CATATONIT;
use crate::scenario::Scenario;
use crate::signals::{self, Habits};

use differences::{FAULTS, THREADS};

/// A scenario with catatonit.
fn catatonit(name: impl Into<String>) -> Scenario {
    Scenario::of(&CATATONIT, name)
}

pub(crate) fn table() -> Vec<Scenario> {
    let habits =
        Habits { elsewhere: &[], lost: &[(&[4, 5, 6, 7, 8, 11, 31], &FAULTS), (&[32, 33], &THREADS)] };
    let parts = [
        usage::table(),
        verbosity::table(),
        command::table(),
        forwarding::table(),
        pause::table(),
        signals::each(&CATATONIT, &habits),
        shortcomings::table(),
    ];
    parts.into_iter().flatten().collect()
}
