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

use mote_init::step::Rules;
use mote_rt::signal::Signal;

use kernel::Role;
use search::search;
use world::Case;

/// Signals that the bindings have no name for, since the programs need none.
const USR1: Signal = Signal::new(10);
const WINCH: Signal = Signal::new(28);

const LIMITED: Rules = Rules { limited: true, grace: true };
const UNLIMITED: Rules = Rules { limited: false, grace: true };
/// `run` sets no limit without grace.
const HASTY: Rules = Rules { limited: false, grace: false };

/// Three children, and of the signals one that is dropped, one that is forwarded as another, one that asks COMMAND to
/// end, one that is the clock's as well, and one that comes behind SIGCHLD.
fn three_children(rules: Rules) -> Case<3> {
    Case {
        roles: [Role::Command, Role::Meek, Role::Stubborn],
        rules,
        is_first: true,
        arrivals: vec![Signal::HUP, Signal::QUIT, Signal::ALRM, Signal::TERM, Signal::CHLD, WINCH],
        rewrite: vec![(Signal::HUP, Signal::NONE), (Signal::QUIT, USR1)],
        rings_meanwhile: false,
    }
}

/// Three, one who is stopped, and one who hides behind another, for an init that is process 1 or not.
fn five_processes(rules: Rules, is_first: bool) -> Case<5> {
    let Case { arrivals, rewrite, rings_meanwhile, .. } = three_children(rules);
    let roles = [Role::Command, Role::Meek, Role::Stopped, Role::Stubborn, Role::Hidden];
    Case { roles, rules, is_first, arrivals, rewrite, rings_meanwhile }
}

/// Searches, and says how much that was.
fn searched<const N: usize>(case: &Case<N>) -> search::Counts {
    let counts = search(case);
    println!("{counts:?} of {case:?}");
    println!("tried: {} states", counts.states);
    println!("tried: {} transitions", counts.transitions);
    counts
}

#[test]
fn three_children_end_well_in_every_order_of_events() {
    for rules in [LIMITED, UNLIMITED] {
        assert!(searched(&three_children(rules)).ends > 1);
    }
}

#[test]
fn the_stopped_and_the_hidden_end_well_too() {
    for rules in [LIMITED, UNLIMITED] {
        for is_first in [true, false] {
            assert!(searched(&five_processes(rules, is_first)).ends > 1);
        }
    }
}

#[test]
fn without_grace_the_end_is_when_command_is_reaped() {
    assert!(searched(&five_processes(HASTY, true)).ends > 1);
}

/// What rings then must not be taken for the clock as it is set next.
#[test]
fn a_clock_that_rings_while_the_init_acts_cuts_no_step_short() {
    for is_first in [true, false] {
        assert!(searched(&Case { rings_meanwhile: true, ..five_processes(LIMITED, is_first) }).ends > 1);
    }
}
