//! Zombies are reaped at once, and an idle init does not wake up.

use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use mote_tests::outcome::same;
use mote_tests::process::{self, Switches};
use mote_tests::signal::{SIGCHLD, SIGKILL, SIGUSR1, Signal};
use mote_tests::test_dir::{TestDir, child_of, exits, send, test_child, with};
use mote_tests::{Cpu, Launcher, Running, Suite, Target, until};

use crate::init::{CATATONIT, INITS, Init, PID1, WITHOUT_CATATONIT, tests};

pub(crate) fn add(suite: Suite) -> Suite {
    let (all, native) = (Target::all(), Target::native());
    tests!(suite;
        INITS, all => zombies_from_before_the_start_are_reaped, thousands_of_orphans_that_exit_at_once_are_reaped,
            two_orphans_that_exit_in_the_same_instant_are_reaped,
            the_status_is_that_of_the_child_and_not_of_orphans, exits_with_the_child_while_orphans_keep_exiting,
            an_init_that_was_started_with_sigchld_ignored_reaps, an_init_that_was_started_with_sigchld_blocked_reaps,
            an_idle_init_does_not_wake_up;
        INITS, native => a_child_that_is_stopped_by_its_tracer_has_not_ended, an_idle_init_has_28_kb_resident;
        WITHOUT_CATATONIT, all => zombies_from_before_the_start_are_reaped_below_pid_1;
        [CATATONIT], native => zombies_from_before_the_start_are_reaped_below_pid_1;
        [PID1], all => an_idle_init_with_a_timeout_does_not_wake_up;
    )
}

/// Steps of a child that exits with status 3 after SIGUSR1.
const WAITING: &str = "block say=ready hear=SIGUSR1 exit=3";

/// Waits until the init has no child but the test child.
pub(crate) fn only_child(running: &Running) -> Result<()> {
    until("the child as the only one", || {
        let children = process::children(running.pid())?;
        Ok((children.len() == 1 && children.iter().all(|(_, state)| *state != 'Z')).then_some(()))
    })
}

/// Has the child exit with status 3.
pub(crate) fn ends(running: Running) -> Result<()> {
    send(child_of(&running)?, SIGUSR1)?;
    exits(&running.wait()?, 3)
}

fn zombies(launcher: Launcher) -> Result<()> {
    let dir = TestDir::new()?;
    let running = dir.start(launcher.zombies(200).unusual_zombies(10), "", WAITING)?;
    only_child(&running)?;
    ends(running)
}

fn zombies_from_before_the_start_are_reaped(target: Target, init: Init) -> Result<()> {
    zombies(init.start(target))
}

fn zombies_from_before_the_start_are_reaped_below_pid_1(target: Target, init: Init) -> Result<()> {
    zombies(init.below(target))
}

/// They live until standard input ends.
fn orphans(launcher: Launcher, count: usize) -> Result<()> {
    let dir = TestDir::new()?;
    let mut running = dir.start(launcher, "", &format!("orphans={count} [ eof ] {WAITING}"))?;
    same(process::children(running.pid())?.len(), count + 1)?;
    running.close_stdin();
    only_child(&running)?;
    ends(running)
}

fn thousands_of_orphans_that_exit_at_once_are_reaped(target: Target, init: Init) -> Result<()> {
    let count = match (init.name, target.cpu) {
        // As many of each init, whose tests run at once, would use up the process IDs of the machine.
        ("pid1", Cpu::Native) => 10_000,
        (_, Cpu::Native) => 2_000,
        ("pid1", _) => 1_000,
        _ => 200,
    };
    orphans(init.start(target), count)
}

fn two_orphans_that_exit_in_the_same_instant_are_reaped(target: Target, init: Init) -> Result<()> {
    let dir = TestDir::new()?;
    let running = dir.start(init.start(target), "", &format!("repeat=200 [ orphans=2 [ ] ] {WAITING}"))?;
    only_child(&running)?;
    ends(running)
}

/// An orphan exits because the child does, or just before, with another status.
fn the_status_is_that_of_the_child_and_not_of_orphans(target: Target, init: Init) -> Result<()> {
    let dir = TestDir::new()?;
    for round in 0..if init.is_tested_in_full(target) { 100 } else { 30 } {
        for steps in ["pair [ exit=7 ] exit=3", "orphans=3 [ exit=7 ] exit=3", "daemon [ exit=7 ] exit=3"] {
            let outcome = dir.play(init.start(target), "", steps)?.run()?;
            exits(&outcome, 3).with_context(|| format!("{steps}, round {round}"))?;
        }
    }
    Ok(())
}

fn exits_with_the_child_while_orphans_keep_exiting(target: Target, init: Init) -> Result<()> {
    let dir = TestDir::new()?;
    exits(&dir.play(init.start(target), "", "repeat=20 [ orphans=50 [ exit=7 ] ] exit=3")?.run()?, 3)
}

/// Where SIGCHLD is ignored, the kernel reaps and wait(2) returns only when no child is left.
fn an_init_that_was_started_with_sigchld_ignored_reaps(target: Target, init: Init) -> Result<()> {
    for status in [0, 7] {
        let launcher = init.start(target).ignore(SIGCHLD);
        exits(&with(launcher, ["--", "sh", "-c", &format!("exit {status}")]).run()?, status)?;
    }
    orphans(init.start(target).ignore(SIGCHLD), 20)
}

fn an_init_that_was_started_with_sigchld_blocked_reaps(target: Target, init: Init) -> Result<()> {
    zombies(init.start(target).block(SIGCHLD))
}

/// The kernel reports the stop to the init as it reports an exit. An orphan that exits later is reaped, and another one
/// gets no signal of a shutdown.
fn a_child_that_is_stopped_by_its_tracer_has_not_ended(target: Target, init: Init) -> Result<()> {
    let dir = TestDir::new()?;
    let last = Signal::rtmin(30);
    let steps = format!(
        "daemon [ name=orphan block touch=@orphan hear={last} ] orphans=1 [ eof ] await=@orphan
         say=ready traced die=SIGUSR1"
    );
    let mut running = dir.start(init.start(target), "", &dir.resolve(&steps))?;
    let child = child_of(&running)?;
    until("a stop", || Ok((process::state(child)? == 't').then_some(())))?;
    running.close_stdin();
    until("the end of an orphan", || Ok((process::children(running.pid())?.len() < 3).then_some(())))?;
    send(process::children(running.pid())?[1].0, last)?;
    only_child(&running)?;
    send(child, SIGKILL)?;
    init.reports_kill(&running.wait()?, &test_child()?.display().to_string(), SIGKILL)?;
    same(dir.received("orphan", 0)?, vec![last])
}

/// Waits until the init waits for a signal.
pub(crate) fn until_it_waits(running: &Running) -> Result<()> {
    until("sleep", || {
        let call = process::asleep_in(running.pid(), running.target())?;
        Ok(call.is_some_and(|name| name.starts_with("rt_sigtimedwait")).then_some(()))
    })
}

/// Waits until the init has not run for a while.
fn settles(running: &Running) -> Result<Switches> {
    let (mut last, mut since) = (process::switches(running.pid())?, Instant::now());
    until("quiet", || {
        let now = process::switches(running.pid())?;
        if now != last {
            (last, since) = (now, Instant::now());
        }
        Ok((since.elapsed() > Duration::from_millis(300)).then_some(now))
    })
}

/// Expects no context switch for so many seconds.
pub(crate) fn stays_asleep(running: &Running, seconds: u64) -> Result<()> {
    let before = (settles(running)?, process::cpu_time(running.pid())?);
    thread::sleep(Duration::from_secs(seconds));
    same((process::switches(running.pid())?, process::cpu_time(running.pid())?), before)
}

fn idle(target: Target, init: Init, options: &str, seconds: u64) -> Result<()> {
    let dir = TestDir::new()?;
    let running = dir.start(init.start(target), options, WAITING)?;
    stays_asleep(&running, seconds)?;
    ends(running)
}

/// tini itself wakes up every second.
fn an_idle_init_does_not_wake_up(target: Target, init: Init) -> Result<()> {
    idle(target, init, "", if init.is_tested_in_full(target) { 20 } else { 5 })
}

fn an_idle_init_with_a_timeout_does_not_wake_up(target: Target, init: Init) -> Result<()> {
    idle(target, init, "-t 1", 3)
}

/// Four pages of the file, one of strings, and one or two of stack: where the stack begins within a page is random. The
/// environment, whose pages count as well, is left out.
fn an_idle_init_has_28_kb_resident(target: Target, init: Init) -> Result<()> {
    let dir = TestDir::new()?;
    let launcher = std::env::vars_os().fold(init.start(target), |start, (name, _)| start.without_env(name));
    let running = dir.start(launcher, "", WAITING)?;
    settles(&running)?;
    let kilobytes = process::resident(running.pid())?;
    ensure!(kilobytes <= 28, "{kilobytes} kB are resident");
    ends(running)
}
