//! The scenarios that hold for several peers, with the options by which each of them says the same.

mod command;
pub(crate) mod differences;
mod faults;
mod forwarding;

use crate::peer::Peer;
use crate::scenario::{Difference, Scenario};

/// A scenario that differs by its name, why, and the lines that only the peer and only ours have.
pub(crate) type Differs =
    (&'static str, &'static Difference, &'static [&'static str], &'static [&'static str]);

/// Returns the common scenarios of a peer, with its differences.
///
/// # Panics
/// If there is no scenario of a difference.
pub(crate) fn table(peer: &'static Peer, differences: &[Differs]) -> Vec<Scenario> {
    let mut table: Vec<Scenario> =
        [command::table(peer), forwarding::table(peer), faults::table(peer)].into_iter().flatten().collect();
    for (name, difference, theirs, ours) in differences {
        let index = table.iter().position(|entry| entry.name == *name);
        let index = index.unwrap_or_else(|| panic!("{} has no scenario {name:?}", peer.name));
        let entry = table.swap_remove(index);
        table.push(entry.differs(difference, theirs.iter().copied(), ours.iter().copied()));
        let last = table.len() - 1;
        table.swap(index, last);
    }
    table
}
