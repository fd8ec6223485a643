//! The engine's decisions against a model of the kernel: every order of events, and long random ones of more processes.
//!
//! Signals come at any time and any number of times, so that what is searched has no limit of length. Left out are the
//! queues of real-time signals, processes that are born later, but for those who become children of the init when their
//! parent dies, and whom a signal to a process group reaches.

mod kernel;
mod rules;
mod search;
mod walk;
mod world;

use mote_init::decide::Rules;
use mote_rt::{Signal, SignalSet};

use kernel::Role;
use search::search;
use world::Case;

/// Signals for which `Signal` has no constant, because no program needs it.
const USR1: Signal = Signal::new(10).expect("1 to 64");
const WINCH: Signal = Signal::new(28).expect("1 to 64");

const WITHOUT_TIMEOUT: Rules = Rules {
    has_timeout: false,
    terminates_orphans: true,
    waits_for_orphans: false,
    stop_signals: SignalSet::of(&[Signal::TERM, Signal::INT]),
};
const WITH_TIMEOUT: Rules = Rules { has_timeout: true, ..WITHOUT_TIMEOUT };
/// `Running::rules` sets neither of the others without orphan termination.
const WITHOUT_ORPHAN_TERMINATION: Rules = Rules { terminates_orphans: false, ..WITHOUT_TIMEOUT };

/// Every combination of the rules of an init that terminates orphans: a timeout, `--wait-all`, and a further stop signal,
/// which is also the replacement of another signal.
fn all_rules() -> impl Iterator<Item = Rules> {
    let stops = [WITHOUT_TIMEOUT.stop_signals, SignalSet::of(&[Signal::TERM, Signal::INT, USR1])];
    let rules = stops.map(|stop_signals| {
        [WITH_TIMEOUT, WITHOUT_TIMEOUT].map(|rules| {
            [true, false].map(|waits_for_orphans| Rules { waits_for_orphans, stop_signals, ..rules })
        })
    });
    rules.into_iter().flatten().flatten()
}

/// Three children, and of the signals one that is dropped, one that is forwarded as another, one that asks COMMAND to
/// end, one that is the clock's as well, and one that comes behind SIGCHLD.
fn three_children(rules: Rules) -> Case<3> {
    Case {
        roles: [Role::Command, Role::Meek, Role::Stubborn],
        rules,
        is_first: true,
        arrivals: vec![Signal::HUP, Signal::QUIT, Signal::ALRM, Signal::TERM, Signal::CHLD, WINCH],
        rewrite: vec![(Signal::HUP, None), (Signal::QUIT, Some(USR1))],
        rings_meanwhile: false,
    }
}

/// Three, one who is stopped, and one who hides behind another, for an init that is process 1 or not.
fn five_processes(rules: Rules, is_first: bool) -> Case<5> {
    let Case { arrivals, rewrite, rings_meanwhile, .. } = three_children(rules);
    let roles = [Role::Command, Role::Meek, Role::Stopped, Role::Stubborn, Role::Hidden];
    Case { roles, rules, is_first, arrivals, rewrite, rings_meanwhile }
}

/// Searches, and prints the counts.
fn searched<const N: usize>(case: &Case<N>) -> search::Counts {
    let counts = search(case);
    println!("{counts:?} of {case:?}");
    counts
}

#[test]
fn three_children_end_well_in_every_order_of_events() {
    for rules in all_rules() {
        assert!(searched(&three_children(rules)).ends > 1);
    }
}

#[test]
fn the_stopped_and_the_hidden_end_well_too() {
    for rules in all_rules() {
        for is_first in [true, false] {
            assert!(searched(&five_processes(rules, is_first)).ends > 1);
        }
    }
}

#[test]
fn without_orphan_termination_the_init_exits_when_the_child_is_reaped() {
    assert!(searched(&five_processes(WITHOUT_ORPHAN_TERMINATION, true)).ends > 1);
}

/// What rings then must not be taken for the clock as it is set next.
#[test]
fn a_clock_that_rings_while_the_init_acts_cuts_no_step_short() {
    for waits_for_orphans in [true, false] {
        let rules = Rules { waits_for_orphans, ..WITH_TIMEOUT };
        for is_first in [true, false] {
            let case = Case { rings_meanwhile: true, ..five_processes(rules, is_first) };
            assert!(searched(&case).ends > 1);
        }
    }
}
