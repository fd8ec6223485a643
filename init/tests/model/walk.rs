//! Long random ways through the model, with more processes and other signals than can be searched.

use std::cell::Cell;

use mote_init::decide::Rules;
use mote_rt::{Signal, SignalSet};
use proptest::collection::vec;
use proptest::prelude::{Just, Strategy, TestCaseError, any, prop_oneof};
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

use crate::kernel::Role;
use crate::world::{Case, Kind, World};
use crate::{WITHOUT_ORPHAN_TERMINATION, WITHOUT_TIMEOUT};

/// How many processes there are.
const MANY: usize = 12;

/// How many ways are gone.
const WAYS: u32 = 300;

/// How much happens on each. Where it ends it begins anew.
const EVENTS: usize = 200;

/// The most that can happen after that until it ends, if nothing else comes. Everybody is reaped, and all signals taken.
const REST: usize = 200;

#[test]
fn long_random_ways_break_no_rule() {
    let config = Config { cases: WAYS, failure_persistence: None, ..Config::default() };
    // The same ways every time.
    let mut runner = TestRunner::new_with_rng(config, TestRng::deterministic_rng(RngAlgorithm::ChaCha));
    let (ends, waits) = (Cell::new(0), Cell::new(0));
    let result = runner.run(&(cases(), vec(any::<u16>(), EVENTS)), |(case, choices)| {
        let (ended, waiting) = walk(&case, &choices).map_err(TestCaseError::fail)?;
        ends.set(ends.get() + ended);
        waits.set(waits.get() + u32::from(waiting));
        Ok(())
    });
    println!("{WAYS} ways of {EVENTS} events, {} ends, {} wait for COMMAND", ends.get(), waits.get());
    result.unwrap_or_else(|error| panic!("{error}"));
    assert!(ends.get() > WAYS && waits.get() > WAYS / 10);
}

/// Goes a way, and on to where it ends by itself. How often it ended, and whether it waits for COMMAND now.
fn walk(case: &Case<MANY>, choices: &[u16]) -> Result<(u32, bool), &'static str> {
    let (mut world, mut ends) = (World::start(case), 0);
    for choice in choices {
        let next = world.next(case)?;
        (_, world) = next[usize::from(*choice) % next.len()];
        if world.has_ended() {
            (world, ends) = (World::start(case), ends + 1);
        }
    }
    for choice in choices.iter().cycle().take(REST) {
        let mut next = world.next(case)?;
        next.retain(|(kind, _)| *kind == Kind::Forced);
        if next.is_empty() {
            break;
        }
        (_, world) = next[usize::from(*choice) % next.len()];
    }
    let ended = world.has_ended();
    if ended || world.may_wait(case) { Ok((ends + u32::from(ended), !ended)) } else { Err("no end") }
}

fn cases() -> impl Strategy<Value = Case<MANY>> {
    let role = prop_oneof![Just(Role::Meek), Just(Role::Stubborn), Just(Role::Stopped), Just(Role::Hidden)];
    let stops = named().prop_map(|signal| SignalSet::of(&[Signal::TERM, Signal::INT, signal]));
    let rules = prop_oneof![
        3 => (any::<[bool; 2]>(), stops).prop_map(|([has_timeout, waits_for_orphans], stop_signals)| Rules {
            has_timeout,
            waits_for_orphans,
            stop_signals,
            ..WITHOUT_TIMEOUT
        }),
        1 => Just(WITHOUT_ORPHAN_TERMINATION),
    ];
    let signals = vec(prop_oneof![named(), any_signal()], 1..5);
    let rewrite = vec((named(), prop_oneof![Just(None), named().prop_map(Some)]), 0..3);
    (vec(role, MANY - 1), rules, any::<[bool; 2]>(), signals, rewrite).prop_map(
        |(others, rules, [is_first, rings_meanwhile], arrivals, rewrite)| {
            let mut roles = [Role::Command; MANY];
            roles[1..].copy_from_slice(&others);
            Case { roles, rules, is_first, arrivals, rewrite, rings_meanwhile }
        },
    )
}

fn any_signal() -> impl Strategy<Value = Signal> {
    (1..=u32::from(Signal::MAX)).prop_map(|number| Signal::new(number).expect("1 to 64"))
}

/// The signals that something depends on.
fn named() -> impl Strategy<Value = Signal> {
    prop_oneof![
        Just(Signal::HUP),
        Just(Signal::INT),
        Just(Signal::QUIT),
        Just(Signal::ALRM),
        Just(Signal::TERM),
        Just(Signal::CHLD),
    ]
}
