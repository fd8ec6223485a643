//! SIGTERM and SIGINT end it with status 0, whoever started it and however; other signals are none of its
//! business.

use anyhow::Result;
use mote_tests::outcome::{End, same};
use mote_tests::{Case, Outcome, Start, Suite, process, until};
use nix::sys::signal::Signal::{self, SIGCONT, SIGHUP, SIGINT, SIGQUIT, SIGSTOP, SIGTERM, SIGUSR1, SIGUSR2};

use crate::pause;

pub(crate) fn add(suite: Suite) -> Suite {
    let (all, native) = (Case::all(), Case::native());
    suite
        .each("pause::term_ends_it_with_status_0", &all, |case| ends(pause(case), SIGTERM))
        .each("pause::int_ends_it_with_status_0", &all, |case| ends(pause(case), SIGINT))
        .each("pause::term_ends_it_as_pid_1", &all, |case| ends_as_pid_1(pause(case), SIGTERM))
        .each("pause::int_ends_it_as_pid_1", &all, |case| ends_as_pid_1(pause(case), SIGINT))
        .each("pause::blocked_term_ends_it", &all, |case| each_way(case, SIGTERM, Start::block))
        .each("pause::blocked_int_ends_it", &all, |case| each_way(case, SIGINT, Start::block))
        .each("pause::ignored_term_ends_it", &all, |case| each_way(case, SIGTERM, Start::ignore))
        .each("pause::ignored_int_ends_it", &all, |case| each_way(case, SIGINT, Start::ignore))
        .each("pause::blocked_and_ignored_term_ends_it", &all, |case| {
            each_way(case, SIGTERM, |start, signal| start.block(signal).ignore(signal))
        })
        .each("pause::blocked_and_ignored_int_ends_it", &all, |case| {
            each_way(case, SIGINT, |start, signal| start.block(signal).ignore(signal))
        })
        .each("pause::term_that_came_before_the_start_ends_it", &all, |case| came_before(case, SIGTERM))
        .each("pause::int_that_came_before_the_start_ends_it", &all, |case| came_before(case, SIGINT))
        .each("pause::every_signal_blocked_and_ignored_does_not_matter", &all, everything_shut)
        .each("pause::other_signals_have_their_default_action", &all, others_end_it)
        .each("pause::other_signals_do_nothing_to_pid_1", &native, others_do_nothing_to_pid_1)
        .each("pause::a_stop_and_a_continue_do_not_end_it", &all, stop_and_continue)
        .each("pause::a_child_that_dies_does_not_end_it", &all, child_signal)
}

fn ends(start: Start, signal: Signal) -> Result<()> {
    let mut running = start.spawn()?;
    running.fall_asleep()?;
    running.end_by(signal)?.is(&Outcome::exited("", 0))
}

fn ends_as_pid_1(start: Start, signal: Signal) -> Result<()> {
    let mut running = start.as_pid_1().spawn()?;
    running.fall_asleep()?;
    same(process::inner_pid(running.pid())?, 1)?;
    running.end_by(signal)?.is(&Outcome::exited("", 0))
}

/// With what the starter did to the signal, as an ordinary process and as process 1.
fn each_way(case: Case, signal: Signal, shut: fn(Start, Signal) -> Start) -> Result<()> {
    ends(shut(pause(case), signal), signal)?;
    ends_as_pid_1(shut(pause(case), signal), signal)
}

/// The signal waits, blocked, when the program starts.
fn came_before(case: Case, signal: Signal) -> Result<()> {
    let expected = Outcome::exited("", 0);
    pause(case).pending(signal).run()?.is(&expected)?;
    pause(case).pending(signal).ignore(signal).run()?.is(&expected)?;
    pause(case).pending(signal).as_pid_1().run()?.is(&expected)
}

fn everything_shut(case: Case) -> Result<()> {
    let mut start = pause(case);
    for signal in Signal::iterator() {
        start = start.block(signal);
        if !matches!(signal, Signal::SIGKILL | Signal::SIGSTOP) {
            start = start.ignore(signal);
        }
    }
    ends(start, SIGTERM)
}

fn others_end_it(case: Case) -> Result<()> {
    for signal in [SIGHUP, SIGQUIT, SIGUSR1, SIGUSR2] {
        let mut running = pause(case).spawn()?;
        running.fall_asleep()?;
        same(running.end_by(signal)?.end, End::Killed(signal))?;
    }
    Ok(())
}

/// Natively alone: an emulator handles every signal, and its own default action is another.
fn others_do_nothing_to_pid_1(case: Case) -> Result<()> {
    let mut running = pause(case).as_pid_1().spawn()?;
    running.fall_asleep()?;
    let before = process::switches(running.pid())?;
    // From outside the namespace, SIGSTOP would stop it.
    for signal in Signal::iterator() {
        if !matches!(signal, SIGTERM | SIGINT | SIGSTOP | Signal::SIGKILL) {
            running.signal(signal)?;
        }
    }
    running.fall_asleep()?;
    same(process::switches(running.pid())?, before)?;
    running.end_by(SIGTERM)?.is(&Outcome::exited("", 0))
}

fn stop_and_continue(case: Case) -> Result<()> {
    let mut running = pause(case).spawn()?;
    running.fall_asleep()?;
    for _ in 0..3 {
        running.signal(SIGSTOP)?;
        until("a stop", || Ok((process::state(running.pid())? == 'T').then_some(())))?;
        running.signal(SIGCONT)?;
        until("sleep", || Ok((process::state(running.pid())? == 'S').then_some(())))?;
    }
    running.fall_asleep()?;
    running.end_by(SIGTERM)?.is(&Outcome::exited("", 0))
}

fn child_signal(case: Case) -> Result<()> {
    let mut running = pause(case).spawn()?;
    running.fall_asleep()?;
    running.signal(Signal::SIGCHLD)?;
    running.fall_asleep()?;
    running.end_by(SIGTERM)?.is(&Outcome::exited("", 0))
}
