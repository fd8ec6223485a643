//! Signals that arrive at the init are forwarded to the child or to its process group.

use std::fs;

use anyhow::{Context, Result};
use mote_tests::outcome::same;
use mote_tests::signal::{
    SIGCHLD, SIGHUP, SIGKILL, SIGSTOP, SIGSYS, SIGTERM, SIGUSR1, SIGUSR2, SIGWINCH, Signal,
};
use mote_tests::test_dir::{TestDir, child_of, exits, send};
use mote_tests::{Cpu, Launcher, Running, Suite, Target, until};

use crate::init::{CATATONIT, INITS, Init, PID1, WITHOUT_CATATONIT, says_without_pids, tests};
use crate::reaping::until_it_waits;

/// SIGKILL and SIGSTOP can't be caught, and SIGCHLD is the init's own.
pub(crate) const NEVER: [Signal; 3] = [SIGKILL, SIGCHLD, SIGSTOP];

pub(crate) fn add(suite: Suite) -> Suite {
    let (all, native, emulated) = (Target::all(), Target::native(), Target::emulated());
    tests!(suite;
        INITS, native => each_signal_is_forwarded, real_time_signals_are_forwarded_as_often_as_they_arrive;
        INITS, emulated => each_standard_signal_is_forwarded, real_time_signals_are_forwarded;
        INITS, all => sigchld_is_not_forwarded, signals_are_forwarded_to_the_child_alone,
            signals_are_forwarded_to_the_process_group, a_signal_from_before_the_start_is_forwarded,
            a_signal_from_before_the_start_is_forwarded_to_the_process_group,
            a_signal_right_after_the_start_is_forwarded,
            a_signal_right_after_the_start_is_forwarded_to_the_process_group,
            a_signal_that_the_init_was_started_to_ignore_is_forwarded, a_refused_kill_is_reported_once;
        [PID1], all => kill_group_is_the_long_form_of_k;
        WITHOUT_CATATONIT, all => signals_are_forwarded_below_pid_1;
        [CATATONIT], native => signals_are_forwarded_below_pid_1;
    )
}

/// Starts with a test child that logs every signal.
pub(crate) fn listening(launcher: Launcher, options: &str) -> Result<(TestDir, Running)> {
    let dir = TestDir::new()?;
    let running = dir.start(launcher, options, "block say=ready hear")?;
    Ok((dir, running))
}

/// SIGWINCH is sent after each signal that is dropped. The kernel returns the lowest number first, so that a signal that
/// was forwarded all the same would be seen.
fn forwards(target: Target, init: Init, signals: impl IntoIterator<Item = Signal>) -> Result<()> {
    let (dir, running) = listening(init.start(target), init.alone)?;
    let mut expected = Vec::new();
    for signal in signals.into_iter().filter(|signal| ![SIGKILL, SIGSTOP].contains(signal)) {
        // An emulator loses SIGSEGV and SIGBUS of another process unless the program waits for signals.
        if target.cpu != Cpu::Native {
            until_it_waits(&running)?;
        }
        send(running.pid(), signal)?;
        if signal == SIGCHLD || init.dropped.contains(&signal) {
            send(running.pid(), SIGWINCH)?;
            expected.push(SIGWINCH);
        } else {
            expected.extend(init.forwarded(signal));
        }
        dir.until_received("", 1, &expected)?;
    }
    Ok(())
}

fn each_signal_is_forwarded(target: Target, init: Init) -> Result<()> {
    forwards(target, init, Signal::all())
}

fn each_standard_signal_is_forwarded(target: Target, init: Init) -> Result<()> {
    forwards(target, init, Signal::all().filter(|signal| *signal <= SIGSYS))
}

/// Emulators keep the signals at both ends of the range to themselves.
fn real_time_signals_are_forwarded(target: Target, init: Init) -> Result<()> {
    forwards(target, init, (2..=26).map(Signal::rtmin))
}

fn real_time_signals_are_forwarded_as_often_as_they_arrive(target: Target, init: Init) -> Result<()> {
    let (dir, running) = listening(init.start(target), init.alone)?;
    for _ in 0..100 {
        send(running.pid(), Signal::rtmin(6))?;
    }
    dir.until_received("", 1, &[Signal::rtmin(6); 100])
}

fn sigchld_is_not_forwarded(target: Target, init: Init) -> Result<()> {
    forwards(target, init, [SIGCHLD, SIGWINCH])
}

/// Returns the signals that the test child of this name has received from any process.
fn received_from_any(dir: &TestDir, name: &str) -> Vec<Signal> {
    let prefix = format!("{name}: signal ");
    let lines = dir.lines();
    let rest = lines.iter().filter_map(|line| line.strip_prefix(&prefix));
    rest.filter_map(|rest| rest.split(' ').next()?.parse().ok()).collect()
}

/// Checks which of the child, another process of its group, and one of another group get SIGUSR1. Each of the others
/// then gets SIGUSR2 from a process of its own group, and no signal can follow that. A child that leads no group makes
/// one, since the group that it was started in has members outside the test.
pub(crate) fn recipients(launcher: Launcher, options: &str, is_group: bool) -> Result<()> {
    let dir = TestDir::new()?;
    let steps = "block fork [ name=same touch=@same hear=SIGUSR2 touch=@same-done ]
        fork [ group name=other touch=@other await=@same-done kill=SIGUSR2 hear=SIGUSR2 touch=@other-done ]
        await=@same await=@other say=ready hear=SIGUSR1 kill=SIGUSR2 await=@same-done await=@other-done exit=3";
    let steps = format!("{} {steps}", if is_group { "" } else { "group" });
    let running = dir.start(launcher, options, &steps)?;
    send(running.pid(), SIGUSR1)?;
    exits(&running.wait()?, 3).with_context(|| format!("{options}: {:?}", dir.lines()))?;
    same(dir.received("", 1)?, vec![SIGUSR1])?;
    let expected = if is_group { vec![SIGUSR1, SIGUSR2] } else { vec![SIGUSR2] };
    same(received_from_any(&dir, "same"), expected)?;
    same(received_from_any(&dir, "other"), vec![SIGUSR2])
}

fn signals_are_forwarded_to_the_child_alone(target: Target, init: Init) -> Result<()> {
    recipients(init.start(target), init.alone, false)
}

fn signals_are_forwarded_to_the_process_group(target: Target, init: Init) -> Result<()> {
    recipients(init.start(target), init.group, true)
}

fn kill_group_is_the_long_form_of_k(target: Target, init: Init) -> Result<()> {
    recipients(init.start(target), "--kill-group", true)
}

/// The signal is pending, and the first that the init sees after the fork. The child blocks it as well, or is killed.
fn before_start(target: Target, init: Init, options: &str) -> Result<()> {
    for round in 0..if init.is_tested_in_full(target) { 100 } else { 20 } {
        let dir = TestDir::new()?;
        let launcher = init.start(target).pending(SIGUSR1);
        let steps = format!("block hear=SIGUSR1 exit={}", SIGUSR1.status());
        let outcome = dir.play(launcher, options, &steps)?.run();
        outcome
            .and_then(|outcome| exits(&outcome, SIGUSR1.status()))
            .with_context(|| format!("round {round}"))?;
    }
    Ok(())
}

fn a_signal_from_before_the_start_is_forwarded(target: Target, init: Init) -> Result<()> {
    before_start(target, init, init.alone)
}

fn a_signal_from_before_the_start_is_forwarded_to_the_process_group(
    target: Target,
    init: Init,
) -> Result<()> {
    before_start(target, init, init.group)
}

/// The signal is sent as soon as there is a child, which has not executed anything yet. It kills the child.
fn right_after(target: Target, init: Init, options: &str) -> Result<()> {
    for round in 0..if target.cpu == Cpu::Native { 200 } else { 30 } {
        let dir = TestDir::new()?;
        let running = dir.play(init.start(target), options, "sleep")?.spawn()?;
        let _ = child_of(&running)?;
        send(running.pid(), SIGUSR1)?;
        running
            .wait()
            .and_then(|outcome| exits(&outcome, SIGUSR1.status()))
            .with_context(|| format!("round {round}"))?;
    }
    Ok(())
}

fn a_signal_right_after_the_start_is_forwarded(target: Target, init: Init) -> Result<()> {
    right_after(target, init, init.alone)
}

fn a_signal_right_after_the_start_is_forwarded_to_the_process_group(
    target: Target,
    init: Init,
) -> Result<()> {
    right_after(target, init, init.group)
}

fn a_signal_that_the_init_was_started_to_ignore_is_forwarded(target: Target, init: Init) -> Result<()> {
    for signal in [SIGTERM, SIGHUP] {
        let dir = TestDir::new()?;
        let steps = format!("block say=ready hear={signal} exit=3");
        let running = dir.start(init.start(target).ignore(signal), "", &steps)?;
        send(running.pid(), signal)?;
        exits(&running.wait()?, 3)?;
    }
    Ok(())
}

/// The signals are lost, and the child's end is noticed.
fn a_refused_kill_is_reported_once(target: Target, init: Init) -> Result<()> {
    let dir = TestDir::new()?;
    let launcher = init.start(target).refuse("kill", "EPERM");
    let running = dir.start(launcher, init.alone, "block say=ready await=@go exit=3")?;
    for signal in [SIGUSR1, SIGUSR2, SIGUSR1] {
        send(running.pid(), signal)?;
        until_it_waits(&running)?;
    }
    fs::write(dir.join("go"), "")?;
    let line = match init.name {
        "pid1" => "pid1: SIGUSR1 not sent: EPERM\n",
        "tini" => "[WARN  tini (N)] Failed to send a signal: Operation not permitted\n",
        "dumb-init" => "[dumb-init] Unable to send a signal: Operation not permitted\n",
        _ => "ERROR (catatonit:N): failed to send a signal: Operation not permitted\n",
    };
    says_without_pids(&running.wait()?, "", line, 3)
}

fn signals_are_forwarded_below_pid_1(target: Target, init: Init) -> Result<()> {
    let dir = TestDir::new()?;
    let running = dir.start(init.below(target), "", "block say=ready hear=SIGUSR2 exit=3")?;
    let mut expected = Vec::new();
    for signal in [SIGHUP, SIGTERM, SIGUSR1, SIGUSR2] {
        send(running.pid(), signal)?;
        expected.extend(init.forwarded(signal));
        until("the signal", || Ok(dir.received("", 2)?.starts_with(&expected).then_some(())))?;
    }
    exits(&running.wait()?, 3)?;
    same(dir.received("", 2)?, expected)
}
