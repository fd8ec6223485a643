//! Long random orders of events, with more processes and other signals than can be searched.

use std::cell::Cell;

use mote_init::decide::Rules;
use mote_rt::{Signal, SignalSet};
use proptest::collection::vec;
use proptest::prelude::{Just, Strategy, TestCaseError, any, prop_oneof};
use proptest::sample::select;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

use crate::kernel::Role;
use crate::walk::walk;
use crate::world::Case;
use crate::{WITHOUT_ORPHAN_TERMINATION, WITHOUT_TIMEOUT};

const PROCESSES: usize = 12;
const WALKS: u32 = 300;
const EVENTS: usize = 200;

#[test]
fn long_random_orders_of_events_break_no_rule() {
    let config = Config { cases: WALKS, failure_persistence: None, ..Config::default() };
    // The same walks every time.
    let mut runner = TestRunner::new_with_rng(config, TestRng::deterministic_rng(RngAlgorithm::ChaCha));
    let (ends, waits) = (Cell::new(0), Cell::new(0));
    let choices = vec(any::<u16>().prop_map(usize::from), EVENTS);
    let result = runner.run(&(cases(), choices), |(case, choices)| {
        let (exits, is_waiting) = walk(&case, &choices).map_err(TestCaseError::fail)?;
        ends.set(ends.get() + exits);
        waits.set(waits.get() + u32::from(is_waiting));
        Ok(())
    });
    println!("{WALKS} walks of {EVENTS} events: {} ends, {} wait", ends.get(), waits.get());
    result.unwrap_or_else(|error| panic!("{error}"));
    assert!(ends.get() > WALKS && waits.get() > WALKS / 10);
}

fn cases() -> impl Strategy<Value = Case<PROCESSES>> {
    let role = select(&[Role::Orphan, Role::IgnoresTerm, Role::Stopped, Role::Grandchild][..]);
    let stops = special().prop_map(|signal| SignalSet::of(&[Signal::TERM, Signal::INT, signal]));
    let rules = prop_oneof![
        3 => (any::<[bool; 2]>(), stops).prop_map(|([has_timeout, waits_for_orphans], stop_signals)| Rules {
            has_timeout,
            waits_for_orphans,
            stop_signals,
            ..WITHOUT_TIMEOUT
        }),
        1 => Just(WITHOUT_ORPHAN_TERMINATION),
    ];
    let any_signal =
        (1..=u32::from(Signal::MAX)).prop_map(|number| Signal::new(number).expect("a signal up to the last"));
    let arrivals = vec(prop_oneof![special(), any_signal], 1..5);
    let rewrite = vec((special(), prop_oneof![Just(None), special().prop_map(Some)]), 0..3);
    (vec(role, PROCESSES - 1), rules, any::<[bool; 2]>(), arrivals, rewrite).prop_map(
        |(others, rules, [is_pid_1, expires_meanwhile], arrivals, rewrite)| {
            let mut roles = [Role::Child; PROCESSES];
            roles[1..].copy_from_slice(&others);
            Case { roles, rules, is_pid_1, arrivals, rewrite, expires_meanwhile }
        },
    )
}

/// Makes a signal with a meaning.
fn special() -> impl Strategy<Value = Signal> {
    select(&[Signal::HUP, Signal::INT, Signal::QUIT, Signal::ALRM, Signal::TERM, Signal::CHLD][..])
}
