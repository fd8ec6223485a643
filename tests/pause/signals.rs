//! SIGTERM and SIGINT end it with status 0, whoever started it and however; other signals are none of its
//! business.

use anyhow::Result;
use mote_tests::outcome::{End, same};
use mote_tests::{Launcher, Outcome, Suite, Target, process, until};
use nix::sys::signal::Signal::{self, SIGCONT, SIGHUP, SIGINT, SIGQUIT, SIGSTOP, SIGTERM, SIGUSR1, SIGUSR2};

use crate::pause;

pub(crate) fn add(suite: Suite) -> Suite {
    let (all, native) = (Target::all(), Target::native());
    suite
        .each("pause::term_ends_it_with_status_0", &all, |target| ends(pause(target), SIGTERM))
        .each("pause::int_ends_it_with_status_0", &all, |target| ends(pause(target), SIGINT))
        .each("pause::term_ends_it_as_pid_1", &all, |target| ends_as_pid_1(pause(target), SIGTERM))
        .each("pause::int_ends_it_as_pid_1", &all, |target| ends_as_pid_1(pause(target), SIGINT))
        .each("pause::blocked_term_ends_it", &all, |target| each_way(target, SIGTERM, Launcher::block))
        .each("pause::blocked_int_ends_it", &all, |target| each_way(target, SIGINT, Launcher::block))
        .each("pause::ignored_term_ends_it", &all, |target| each_way(target, SIGTERM, Launcher::ignore))
        .each("pause::ignored_int_ends_it", &all, |target| each_way(target, SIGINT, Launcher::ignore))
        .each("pause::blocked_and_ignored_term_ends_it", &all, |target| {
            each_way(target, SIGTERM, |launcher, signal| launcher.block(signal).ignore(signal))
        })
        .each("pause::blocked_and_ignored_int_ends_it", &all, |target| {
            each_way(target, SIGINT, |launcher, signal| launcher.block(signal).ignore(signal))
        })
        .each("pause::term_that_came_before_the_start_ends_it", &all, |target| came_before(target, SIGTERM))
        .each("pause::int_that_came_before_the_start_ends_it", &all, |target| came_before(target, SIGINT))
        .each("pause::every_signal_blocked_and_ignored_does_not_matter", &all, everything_shut)
        .each("pause::other_signals_have_their_default_action", &all, others_end_it)
        .each("pause::other_signals_do_nothing_to_pid_1", &native, others_do_nothing_to_pid_1)
        .each("pause::a_stop_and_a_continue_do_not_end_it", &all, stop_and_continue)
        .each("pause::a_child_that_dies_does_not_end_it", &all, child_signal)
}

fn ends(launcher: Launcher, signal: Signal) -> Result<()> {
    let mut running = launcher.spawn()?;
    running.fall_asleep()?;
    running.end_by(signal)?.is(&Outcome::exited("", 0))
}

fn ends_as_pid_1(launcher: Launcher, signal: Signal) -> Result<()> {
    let mut running = launcher.as_pid_1().spawn()?;
    running.fall_asleep()?;
    same(process::inner_pid(running.pid())?, 1)?;
    running.end_by(signal)?.is(&Outcome::exited("", 0))
}

/// With what the launcher did to the signal, as an ordinary process and as PID 1.
fn each_way(target: Target, signal: Signal, shut: fn(Launcher, Signal) -> Launcher) -> Result<()> {
    ends(shut(pause(target), signal), signal)?;
    ends_as_pid_1(shut(pause(target), signal), signal)
}

/// The signal waits, blocked, when the program starts.
fn came_before(target: Target, signal: Signal) -> Result<()> {
    let expected = Outcome::exited("", 0);
    pause(target).pending(signal).run()?.is(&expected)?;
    pause(target).pending(signal).ignore(signal).run()?.is(&expected)?;
    pause(target).pending(signal).as_pid_1().run()?.is(&expected)
}

fn everything_shut(target: Target) -> Result<()> {
    let mut launcher = pause(target);
    for signal in Signal::iterator() {
        launcher = launcher.block(signal);
        if !matches!(signal, Signal::SIGKILL | Signal::SIGSTOP) {
            launcher = launcher.ignore(signal);
        }
    }
    ends(launcher, SIGTERM)
}

fn others_end_it(target: Target) -> Result<()> {
    for signal in [SIGHUP, SIGQUIT, SIGUSR1, SIGUSR2] {
        let mut running = pause(target).spawn()?;
        running.fall_asleep()?;
        same(running.end_by(signal)?.end, End::Killed(signal))?;
    }
    Ok(())
}

/// Natively alone: an emulator handles every signal, and its own default action is another.
fn others_do_nothing_to_pid_1(target: Target) -> Result<()> {
    let mut running = pause(target).as_pid_1().spawn()?;
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

fn stop_and_continue(target: Target) -> Result<()> {
    let mut running = pause(target).spawn()?;
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

fn child_signal(target: Target) -> Result<()> {
    let mut running = pause(target).spawn()?;
    running.fall_asleep()?;
    running.signal(Signal::SIGCHLD)?;
    running.fall_asleep()?;
    running.end_by(SIGTERM)?.is(&Outcome::exited("", 0))
}
