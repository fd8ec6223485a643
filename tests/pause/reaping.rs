//! As PID 1 it leaves no zombie and does not wake up for orphans.

use anyhow::{Result, ensure};
use mote_tests::outcome::same;
use mote_tests::{Launcher, Outcome, Suite, Target, process, until};
use nix::sys::signal::Signal;

use crate::pause;

const BEFORE: u32 = 200;
const AFTER: u32 = 1_000;

pub(crate) fn add(suite: Suite) -> Suite {
    let all = Target::all();
    suite
        .test(&all, zombies_from_before_the_start_are_reaped)
        .test(&all, zombies_are_reaped_if_sigchld_was_blocked_and_ignored)
        .test(&all, zombies_whose_exit_sent_no_signal_are_reaped)
        .test(&all, a_thousand_orphans_are_reaped_without_a_wake_up)
        .test(&all, zombies_and_orphans_are_reaped)
}

fn zombies_from_before_the_start_are_reaped(target: Target) -> Result<()> {
    sleeps_without_children(pause(target).zombies(BEFORE))
}

fn zombies_are_reaped_if_sigchld_was_blocked_and_ignored(target: Target) -> Result<()> {
    sleeps_without_children(pause(target).zombies(BEFORE).block(Signal::SIGCHLD).ignore(Signal::SIGCHLD))
}

fn zombies_whose_exit_sent_no_signal_are_reaped(target: Target) -> Result<()> {
    sleeps_without_children(pause(target).unusual_zombies(10).zombies(10))
}

/// Starts it as PID 1 and checks that it has no child, zombies included, once it sleeps.
fn sleeps_without_children(launcher: Launcher) -> Result<()> {
    let mut running = launcher.as_pid_1().spawn()?;
    running.fall_asleep()?;
    same(process::children(running.pid())?, vec![])?;
    running.end_by(Signal::SIGTERM)?.is(&Outcome::exited("", 0))
}

fn a_thousand_orphans_are_reaped_without_a_wake_up(target: Target) -> Result<()> {
    let mut running = pause(target).as_pid_1().orphans(AFTER).spawn()?;
    running.fall_asleep()?;
    let pid = running.pid();
    let alive = process::children(pid)?;
    same(alive.len(), AFTER as usize)?;
    ensure!(alive.iter().all(|(_, state)| *state != 'Z'), "zombies before the test began: {alive:?}");

    let before = process::switches(pid)?;
    running.close_stdin();
    until("the orphans' end", || Ok(process::children(pid)?.is_empty().then_some(())))?;
    same(process::switches(pid)?, before)?;

    running.fall_asleep()?;
    running.end_by(Signal::SIGTERM)?.is(&Outcome::exited("", 0))
}

fn zombies_and_orphans_are_reaped(target: Target) -> Result<()> {
    let mut running = pause(target).as_pid_1().zombies(BEFORE).orphans(AFTER).spawn()?;
    running.fall_asleep()?;
    same(process::children(running.pid())?.len(), AFTER as usize)?;
    running.close_stdin();
    until("the orphans' end", || Ok(process::children(running.pid())?.is_empty().then_some(())))?;
    running.end_by(Signal::SIGTERM)?.is(&Outcome::exited("", 0))
}
