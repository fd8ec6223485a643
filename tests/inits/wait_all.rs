//! `-a`: after the end of the child pid1 waits for all other processes.

use std::fs;
use std::time::Instant;

use anyhow::{Context, Result, ensure};
use mote_tests::outcome::same;
use mote_tests::signal::{SIGCONT, SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGUSR1, SIGWINCH};
use mote_tests::{Launcher, Running, Signal, Suite, Target, process, require, until};

use crate::ending::{NO_LINES, SLACK, ends_within};
use crate::fixture::{TestDir, below_1, exits, pid1, send, step, until_none_pending, until_state};

pub(crate) fn add(suite: Suite) -> Suite {
    let (all, native) = (&Target::all(), &Target::native());
    suite
        .test(all, orphans_are_waited_for)
        // Emulators refuse PR_SET_CHILD_SUBREAPER.
        .test(native, below_pid_1_orphans_are_waited_for)
        .test(all, pid1_exits_with_the_child_without_orphans)
        .test(all, a_stop_signal_starts_the_steps)
        .test(native, below_pid_1_a_stop_signal_starts_the_steps)
        .test(all, without_t_a_step_takes_4_seconds)
        .test(all, orphans_that_handle_sigterm_are_waited_for)
        .test(all, signals_other_than_stop_signals_are_dropped)
        .test(all, a_timeout_that_began_with_the_child_continues)
        .test(all, without_a_orphans_get_sigterm_at_once)
}

/// Starts a child that leaves an orphan, and waits until pid1 has reaped the child.
fn leave(dir: &TestDir, launcher: Launcher, options: &str, orphan: &str) -> Result<Running> {
    let steps = format!("daemon [ name=left {orphan} ] await=@left exit=3");
    let running = dir.play(launcher, options, &dir.resolve(&steps))?.spawn()?;
    until("the orphan", || Ok(dir.join("left").exists().then_some(())))?;
    until("the child to be reaped", || Ok((process::children(running.pid())?.len() == 1).then_some(())))?;
    Ok(running)
}

/// Checks that pid1 sleeps until the orphan ends, and sends no signal to it.
fn waits(launcher: Launcher, options: &str) -> Result<()> {
    let dir = TestDir::new()?;
    let orphan = "block touch=@left fork [ await=@go ] hear=SIGCHLD say=done";
    let running = leave(&dir, launcher, options, orphan)?;
    until_state(running.pid(), 'S')?;
    let before = process::switches(running.pid())?;
    std::thread::sleep(std::time::Duration::from_secs(2));
    same(process::switches(running.pid())?, before)?;
    fs::write(dir.join("go"), "")?;
    let start = Instant::now();
    ends_within(start, running, (3, NO_LINES), 0.0..SLACK)?;
    same(dir.received("left", 1)?, vec![])?;
    dir.until("left: done")
}

fn orphans_are_waited_for(target: Target) -> Result<()> {
    ["-a", "--wait-all", "-a -t 0"].into_iter().try_for_each(|options| waits(pid1(target), options))
}

fn below_pid_1_orphans_are_waited_for(target: Target) -> Result<()> {
    waits(below_1(target).as_pid_2(), "-a -t 0")
}

fn pid1_exits_with_the_child_without_orphans(target: Target) -> Result<()> {
    exits(&TestDir::new()?.play(pid1(target), "-a", "daemon [ ] exit=3")?.run()?, 3)
}

/// Checks that the signal starts a step of so many seconds for an orphan that blocks all signals.
fn escalates(launcher: Launcher, init: i32, options: &str, signal: Signal, seconds: u32) -> Result<()> {
    let dir = TestDir::new()?;
    let running = leave(&dir, launcher, options, "block touch=@left hear")?;
    let start = Instant::now();
    send(running.pid(), signal)?;
    let least = f64::from(seconds);
    ends_within(start, running, (3, &[step(seconds, "SIGKILL")]), least..least + SLACK)?;
    same(dir.received("left", init)?, vec![SIGTERM, SIGCONT])
}

fn a_stop_signal_starts_the_steps(target: Target) -> Result<()> {
    for (options, signal) in [
        ("-a -t 1", SIGTERM),
        ("-a -t 1", SIGINT),
        ("-a -t 1 -s QUIT", SIGQUIT),
        ("-a -t 1 -r HUP:TERM", SIGHUP),
    ] {
        escalates(pid1(target), 1, options, signal, 1).with_context(|| format!("{options}: {signal}"))?;
    }
    Ok(())
}

fn below_pid_1_a_stop_signal_starts_the_steps(target: Target) -> Result<()> {
    require::root()?;
    escalates(below_1(target).as_pid_2().own_proc(), 2, "-a -t 1", SIGTERM, 1)
}

fn without_t_a_step_takes_4_seconds(target: Target) -> Result<()> {
    escalates(pid1(target), 1, "-a", SIGTERM, 4)
}

/// A second stop signal sends no second SIGTERM.
fn orphans_that_handle_sigterm_are_waited_for(target: Target) -> Result<()> {
    let dir = TestDir::new()?;
    let running = leave(&dir, pid1(target), "-a -t 60", "block touch=@left hear=SIGCONT await=@go")?;
    send(running.pid(), SIGTERM)?;
    dir.until_received("left", 1, &[SIGTERM, SIGCONT])?;
    send(running.pid(), SIGTERM)?;
    until_none_pending(running.pid())?;
    fs::write(dir.join("go"), "")?;
    ends_within(Instant::now(), running, (3, NO_LINES), 0.0..SLACK)
}

fn signals_other_than_stop_signals_are_dropped(target: Target) -> Result<()> {
    let dir = TestDir::new()?;
    let running = leave(&dir, pid1(target), "-a -t 0", "block touch=@left hear")?;
    for signal in [SIGUSR1, SIGHUP, SIGQUIT, SIGWINCH, SIGCONT] {
        send(running.pid(), signal)?;
        until_none_pending(running.pid())?;
    }
    ensure!(process::children(running.pid())?.len() == 1, "the orphan has ended");
    send(running.pid(), SIGTERM)?;
    ends_within(Instant::now(), running, (3, &[step(0, "SIGKILL")]), 0.0..SLACK)?;
    let signals = dir.received("left", 1)?;
    ensure!([&[SIGTERM, SIGCONT][..], &[SIGTERM], &[]].contains(&signals.as_slice()), "{signals:?}");
    Ok(())
}

/// The child ends by the stop signal, and the orphan does not.
fn a_timeout_that_began_with_the_child_continues(target: Target) -> Result<()> {
    let dir = TestDir::new()?;
    let steps = dir.resolve("daemon [ name=left block touch=@left hear ] await=@left say=ready sleep");
    let running = dir.start(pid1(target), "-a -t 1", &steps)?;
    let start = Instant::now();
    send(running.pid(), SIGTERM)?;
    ends_within(start, running, (143, &[step(1, "SIGKILL")]), 2.0..2.0 + SLACK)?;
    same(dir.received("left", 1)?, vec![SIGTERM, SIGCONT])
}

fn without_a_orphans_get_sigterm_at_once(target: Target) -> Result<()> {
    let dir = TestDir::new()?;
    let steps = "block daemon [ name=left touch=@left hear=SIGCONT ] await=@left exit=3";
    let start = Instant::now();
    let running = dir.play(pid1(target), "", &dir.resolve(steps))?.spawn()?;
    ends_within(start, running, (3, NO_LINES), 0.0..SLACK)?;
    same(dir.received("left", 1)?, vec![SIGTERM, SIGCONT])
}
