//! SIGTERM and SIGINT end it with status 0. It does not handle other signals.

use anyhow::Result;
use mote_tests::outcome::{End, same};
use mote_tests::{Launcher, Outcome, Suite, Target, process, until};
use nix::sys::signal::Signal::{self, SIGCONT, SIGHUP, SIGINT, SIGQUIT, SIGSTOP, SIGTERM, SIGUSR1, SIGUSR2};

use crate::pause;

const STOP_SIGNALS: [Signal; 2] = [SIGTERM, SIGINT];

pub(crate) fn add(suite: Suite) -> Suite {
    let (all, native) = (Target::all(), Target::native());
    suite
        .test(&all, sigterm_and_sigint_end_it)
        .test(&all, sigterm_and_sigint_end_it_as_pid_1)
        .test(&all, blocked_and_ignored_signals_end_it)
        .test(&all, signals_from_before_the_start_end_it)
        .test(&all, sigterm_ends_it_if_all_signals_were_blocked_and_ignored)
        .test(&all, other_signals_have_their_default_action)
        .test(&native, other_signals_have_no_effect_on_pid_1)
        .test(&all, sigstop_and_sigcont_do_not_end_it)
        .test(&all, sigchld_does_not_end_it)
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

fn sigterm_and_sigint_end_it(target: Target) -> Result<()> {
    STOP_SIGNALS.into_iter().try_for_each(|signal| ends(pause(target), signal))
}

fn sigterm_and_sigint_end_it_as_pid_1(target: Target) -> Result<()> {
    STOP_SIGNALS.into_iter().try_for_each(|signal| ends_as_pid_1(pause(target), signal))
}

/// Blocked, ignored, and both, as an ordinary process and as PID 1.
fn blocked_and_ignored_signals_end_it(target: Target) -> Result<()> {
    for signal in STOP_SIGNALS {
        let launchers = || {
            let blocked = pause(target).block(signal);
            [blocked, pause(target).ignore(signal), pause(target).block(signal).ignore(signal)]
        };
        launchers().into_iter().try_for_each(|launcher| ends(launcher, signal))?;
        launchers().into_iter().try_for_each(|launcher| ends_as_pid_1(launcher, signal))?;
    }
    Ok(())
}

/// The signal is blocked and pending when the program starts.
fn signals_from_before_the_start_end_it(target: Target) -> Result<()> {
    let expected = Outcome::exited("", 0);
    for signal in STOP_SIGNALS {
        pause(target).pending(signal).run()?.is(&expected)?;
        pause(target).pending(signal).ignore(signal).run()?.is(&expected)?;
        pause(target).pending(signal).as_pid_1().run()?.is(&expected)?;
    }
    Ok(())
}

fn sigterm_ends_it_if_all_signals_were_blocked_and_ignored(target: Target) -> Result<()> {
    let mut launcher = pause(target);
    for signal in Signal::iterator() {
        launcher = launcher.block(signal);
        if !matches!(signal, Signal::SIGKILL | Signal::SIGSTOP) {
            launcher = launcher.ignore(signal);
        }
    }
    ends(launcher, SIGTERM)
}

fn other_signals_have_their_default_action(target: Target) -> Result<()> {
    for signal in [SIGHUP, SIGQUIT, SIGUSR1, SIGUSR2] {
        let mut running = pause(target).spawn()?;
        running.fall_asleep()?;
        same(running.end_by(signal)?.end, End::Killed(signal))?;
    }
    Ok(())
}

/// Native only: an emulator handles every signal.
fn other_signals_have_no_effect_on_pid_1(target: Target) -> Result<()> {
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

fn sigstop_and_sigcont_do_not_end_it(target: Target) -> Result<()> {
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

fn sigchld_does_not_end_it(target: Target) -> Result<()> {
    let mut running = pause(target).spawn()?;
    running.fall_asleep()?;
    running.signal(Signal::SIGCHLD)?;
    running.fall_asleep()?;
    running.end_by(SIGTERM)?.is(&Outcome::exited("", 0))
}
