//! As PID 1 it leaves no zombie, and doesn't wake up for it.

use anyhow::{Result, ensure};
use mote_tests::outcome::same;
use mote_tests::{Outcome, Suite, Target, process, until};
use nix::sys::signal::Signal;

use crate::pause;

const BEFORE: u32 = 200;
const AFTER: u32 = 1_000;

pub(crate) fn add(suite: Suite) -> Suite {
    let all = Target::all();
    suite
        .each("pause::reaps_200_that_were_dead_before_it_started", &all, |target| {
            reaps_the_dead(target, false)
        })
        .each("pause::reaps_them_with_sigchld_blocked_and_ignored", &all, |target| {
            reaps_the_dead(target, true)
        })
        .each("pause::reaps_the_dead_that_sent_no_signal", &all, reaps_the_unusual)
        .each("pause::reaps_1000_orphans_without_waking_up", &all, reaps_orphans)
        .each("pause::reaps_both", &all, reaps_both)
}

fn reaps_the_dead(target: Target, shut: bool) -> Result<()> {
    let mut start = pause(target).as_pid_1().zombies(BEFORE);
    if shut {
        start = start.block(Signal::SIGCHLD).ignore(Signal::SIGCHLD);
    }
    let mut running = start.spawn()?;
    running.fall_asleep()?;
    same(process::children(running.pid())?, vec![])?;
    running.end_by(Signal::SIGTERM)?.is(&Outcome::exited("", 0))
}

fn reaps_the_unusual(target: Target) -> Result<()> {
    let mut running = pause(target).as_pid_1().unusual_zombies(10).zombies(10).spawn()?;
    running.fall_asleep()?;
    same(process::children(running.pid())?, vec![])?;
    running.end_by(Signal::SIGTERM)?.is(&Outcome::exited("", 0))
}

fn reaps_orphans(target: Target) -> Result<()> {
    let mut running = pause(target).as_pid_1().orphans(AFTER).spawn()?;
    running.fall_asleep()?;
    let pid = running.pid();
    let alive = process::children(pid)?;
    same(alive.len(), AFTER as usize)?;
    ensure!(alive.iter().all(|(_, state)| *state != 'Z'), "dead before the test began: {alive:?}");

    let before = process::switches(pid)?;
    running.close_stdin();
    until("the orphans' end", || Ok(process::children(pid)?.is_empty().then_some(())))?;
    same(process::switches(pid)?, before)?;

    running.fall_asleep()?;
    running.end_by(Signal::SIGTERM)?.is(&Outcome::exited("", 0))
}

fn reaps_both(target: Target) -> Result<()> {
    let mut running = pause(target).as_pid_1().zombies(BEFORE).orphans(AFTER).spawn()?;
    running.fall_asleep()?;
    same(process::children(running.pid())?.len(), AFTER as usize)?;
    running.close_stdin();
    until("the orphans' end", || Ok(process::children(running.pid())?.is_empty().then_some(())))?;
    running.end_by(Signal::SIGTERM)?.is(&Outcome::exited("", 0))
}
