//! The engine's decisions against a model of the kernel: every order of events, and long random ones of more processes.
//!
//! Signals arrive at any time and any number of times, so that the length of what is searched has no limit. The model has
//! no queue of real-time signals, no process group, and no process that starts later, except the orphans that become
//! children of the init when their parent ends.

mod kernel;
mod random;
mod rules;
mod search;
mod walk;
mod world;

use mote_init::decide::Rules;
use mote_rt::{Signal, SignalSet};

use kernel::Role;
use world::Case;

/// Signals for which `Signal` has no constant, because no program needs it.
const USR1: Signal = Signal::new(10).expect("SIGUSR1");
const WINCH: Signal = Signal::new(28).expect("SIGWINCH");

const WITHOUT_TIMEOUT: Rules = Rules {
    has_timeout: false,
    terminates_orphans: true,
    waits_for_orphans: false,
    stop_signals: SignalSet::of(&[Signal::TERM, Signal::INT]),
};
const WITH_TIMEOUT: Rules = Rules { has_timeout: true, ..WITHOUT_TIMEOUT };
/// `Running::rules` sets neither of the others without orphan termination.
const WITHOUT_ORPHAN_TERMINATION: Rules = Rules { terminates_orphans: false, ..WITHOUT_TIMEOUT };

/// Returns every combination of the rules of an init that terminates orphans: a timeout, `--wait-all`, and a further stop
/// signal, which is also the replacement of another signal.
fn all_rules() -> impl Iterator<Item = Rules> {
    (0..8_u8).map(|bits| {
        let [has_timeout, waits_for_orphans, has_further_stop] = [1, 2, 4].map(|bit| bits & bit != 0);
        let further = if has_further_stop { USR1 } else { Signal::TERM };
        let stop_signals = SignalSet::of(&[Signal::TERM, Signal::INT, further]);
        Rules { has_timeout, waits_for_orphans, stop_signals, ..WITHOUT_TIMEOUT }
    })
}

/// Returns an init that is PID 1. Of the signals one is dropped, one is rewritten, one is a stop signal, one is also the
/// timer's, and one has a higher number than SIGCHLD.
fn case<const N: usize>(roles: [Role; N], rules: Rules) -> Case<N> {
    Case {
        roles,
        rules,
        is_pid_1: true,
        arrivals: vec![Signal::HUP, Signal::QUIT, Signal::ALRM, Signal::TERM, Signal::CHLD, WINCH],
        rewrite: vec![(Signal::HUP, None), (Signal::QUIT, Some(USR1))],
        expires_meanwhile: false,
    }
}

fn three_processes(rules: Rules) -> Case<3> {
    case([Role::Child, Role::Orphan, Role::IgnoresTerm], rules)
}

fn five_processes(rules: Rules, is_pid_1: bool) -> Case<5> {
    let roles = [Role::Child, Role::Orphan, Role::Stopped, Role::IgnoresTerm, Role::Grandchild];
    Case { is_pid_1, ..case(roles, rules) }
}

/// Tries every order of events, and prints the size of the search.
fn search<const N: usize>(case: &Case<N>) {
    let counts = search::search(case);
    println!("{counts:?} of {case:?}");
    assert!(counts.ends > 1);
}

#[test]
fn the_init_exits_with_three_processes() {
    all_rules().for_each(|rules| search(&three_processes(rules)));
}

#[test]
fn the_init_exits_with_a_stopped_process_and_a_grandchild() {
    for rules in all_rules() {
        for is_pid_1 in [true, false] {
            search(&five_processes(rules, is_pid_1));
        }
    }
}

#[test]
fn without_orphan_termination_the_init_exits_when_the_child_is_reaped() {
    search(&five_processes(WITHOUT_ORPHAN_TERMINATION, true));
}

/// A SIGALRM of that timer must not count for the next timeout.
#[test]
fn a_timer_that_expires_during_an_action_shortens_no_step() {
    for waits_for_orphans in [true, false] {
        let rules = Rules { waits_for_orphans, ..WITH_TIMEOUT };
        for is_pid_1 in [true, false] {
            search(&Case { expires_meanwhile: true, ..five_processes(rules, is_pid_1) });
        }
    }
}
