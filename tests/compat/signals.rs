//! Every signal, sent to an init that is PID 1.

use nix::libc;
use nix::sys::signal::Signal;

use crate::peer::Peer;
use crate::scenario::{Difference, Scenario};

/// The last signal: of several that wait, the kernel hands out the lowest first, so COMMAND gets this one last.
pub(crate) const LAST: i32 = 64;

const CHLD: i32 = 17;
const CONT: i32 = 18;

/// COMMAND writes down what it gets, until the last signal.
pub(crate) const HEARS: &str = "block say=ready hear=64 exit=7";

/// Returns the name of a signal.
pub(crate) fn name(number: i32) -> String {
    match (Signal::try_from(number), number - libc::SIGRTMIN()) {
        (Ok(signal), _) => signal.to_string(),
        (_, 0) => "SIGRTMIN".to_owned(),
        (_, offset @ 1..) => format!("SIGRTMIN+{offset}"),
        _ => format!("signal {number}"),
    }
}

/// Returns the number of a signal, `last` included.
pub(crate) fn number(name: &str) -> Option<i32> {
    (1..=LAST).find(|number| if name == "last" { *number == LAST } else { self::name(*number) == name })
}

/// Sends a signal to an init whose COMMAND [`HEARS`], and then the last one.
pub(crate) fn sends(number: i32) -> String {
    format!("until ready, {}, taken, last", name(number))
}

/// What a peer does with signals.
pub(crate) struct Habits {
    /// Those with a scenario of their own elsewhere.
    pub(crate) elsewhere: &'static [i32],
    /// Those that never arrive at COMMAND, though ours forwards them, and why.
    pub(crate) lost: &'static [(&'static [i32], &'static Difference)],
}

/// One entry for each of the 64 signals.
pub(crate) fn each(peer: &'static Peer, habits: &Habits) -> Vec<Scenario> {
    let signals = (1..=LAST).filter(|number| !habits.elsewhere.contains(number));
    signals.map(|number| one(peer, habits, number)).collect()
}

fn one(peer: &'static Peer, habits: &Habits, number: i32) -> Scenario {
    let entry = Scenario::of(peer, name(number)).plays(HEARS);
    let entry = entry.acts(format!("until ready, {}", name(number)));
    match number {
        libc::SIGKILL | LAST => entry,
        libc::SIGSTOP => entry.acts(format!("init stops, {}, taken, last", name(CONT))),
        // Then there is a death to be found in vain.
        CHLD => entry.acts("taken, last"),
        _ => {
            let entry = entry.acts("taken, last");
            match habits.lost.iter().find(|(numbers, _)| numbers.contains(&number)) {
                Some((_, why)) => entry.differs(why, [], [format!("said: signal {number} from 1").as_str()]),
                None => entry,
            }
        }
    }
}
