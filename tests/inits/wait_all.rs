//! `-a`: after COMMAND's end pid1 waits for all other processes.

use std::fs;
use std::time::Instant;

use anyhow::{Result, ensure};
use mote_tests::outcome::same;
use mote_tests::{Launcher, Running, Suite, Target, process, require, until};
use nix::libc::{SIGCONT, SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGUSR1, SIGWINCH};

use crate::ending::{NO_LINES, SLACK, ends_within};
use crate::fixture::{TestDir, below_1, exits, pid1, send, step, until_none_pending, until_state};

pub(crate) fn add(suite: Suite) -> Suite {
    let (all, native) = (Target::all(), Target::native());
    suite
        .each("pid1::a_waits_for_orphans", &all, |target| waits(pid1(target), "-a"))
        .each("pid1::wait_all_waits_for_orphans", &all, |target| waits(pid1(target), "--wait-all"))
        .each("pid1::a_waits_for_orphans_whatever_t_says", &all, |target| waits(pid1(target), "-a -t 0"))
        // An emulator refuses to make a process the adopter of orphans.
        .each("pid1::a_waits_for_orphans_below_pid_1", &native, |target| {
            waits(below_1(target).as_pid_2(), "-a -t 0")
        })
        .each("pid1::a_without_orphans_ends_with_command", &all, |target| {
            let dir = TestDir::new()?;
            exits(&dir.play(pid1(target), "-a", "daemon [ ] exit=3")?.run()?, 3)
        })
        .each("pid1::a_sigterm_for_orphans_of_a_starts_the_steps", &all, |target| {
            steps(pid1(target), 1, "-a -t 1", SIGTERM, 1)
        })
        .each("pid1::a_sigint_for_orphans_of_a_starts_the_steps", &all, |target| {
            steps(pid1(target), 1, "-a -t 1", SIGINT, 1)
        })
        .each("pid1::a_signal_of_s_for_orphans_of_a_starts_the_steps", &all, |target| {
            steps(pid1(target), 1, "-a -t 1 -s QUIT", SIGQUIT, 1)
        })
        .each("pid1::a_signal_that_becomes_a_stop_signal_for_orphans_of_a_starts_the_steps", &all, |target| {
            steps(pid1(target), 1, "-a -t 1 -r HUP:TERM", SIGHUP, 1)
        })
        .each("pid1::the_steps_of_a_without_t_take_4_seconds", &all, |target| {
            steps(pid1(target), 1, "-a", SIGTERM, 4)
        })
        .each("pid1::a_sigterm_for_orphans_of_a_starts_the_steps_below_pid_1", &native, |target| {
            require::root()?;
            steps(below_1(target).as_pid_2().own_proc(), 2, "-a -t 1", SIGTERM, 1)
        })
        .each("pid1::orphans_of_a_that_end_by_sigterm_are_waited_for", &all, obedient)
        .each("pid1::another_signal_for_orphans_of_a_is_dropped", &all, others)
        .each("pid1::a_timeout_that_began_with_command_goes_on_for_orphans_of_a", &all, timeout_goes_on)
        .each("pid1::without_a_orphans_get_sigterm_at_once", &all, without)
}

/// Starts a COMMAND that leaves an orphan, and waits until it was reaped.
fn leave(dir: &TestDir, launcher: Launcher, options: &str, orphan: &str) -> Result<Running> {
    let steps = format!("daemon [ name=left {orphan} ] await=@left exit=3");
    let running = dir.play(launcher, options, &dir.resolve(&steps))?.spawn()?;
    until("the orphan", || Ok(dir.join("left").exists().then_some(())))?;
    until("COMMAND to be reaped", || Ok((process::children(running.pid())?.len() == 1).then_some(())))?;
    Ok(running)
}

/// The orphan ends when it wants to, gets no signal, and pid1 sleeps meanwhile.
fn waits(launcher: Launcher, options: &str) -> Result<()> {
    let dir = TestDir::new()?;
    let orphan = "block touch=@left fork [ await=@go ] hear=17 say=done";
    let running = leave(&dir, launcher, options, orphan)?;
    until_state(running.pid(), 'S')?;
    let before = process::switches(running.pid())?;
    std::thread::sleep(std::time::Duration::from_secs(2));
    same(process::switches(running.pid())?, before)?;
    fs::write(dir.join("go"), "")?;
    let start = Instant::now();
    ends_within(start, running, (3, NO_LINES), 0.0..SLACK)?;
    same(dir.signals("left", 1)?, vec![])?;
    dir.until("left: done")
}

fn steps(launcher: Launcher, init: i32, options: &str, signal: i32, seconds: u32) -> Result<()> {
    let dir = TestDir::new()?;
    let running = leave(&dir, launcher, options, "block touch=@left hear")?;
    let start = Instant::now();
    send(running.pid(), signal)?;
    let least = f64::from(seconds);
    ends_within(start, running, (3, &[step(seconds, "SIGKILL")]), least..least + SLACK)?;
    same(dir.signals("left", init)?, vec![SIGTERM, SIGCONT])
}

/// A second stop signal sends no second SIGTERM.
fn obedient(target: Target) -> Result<()> {
    let dir = TestDir::new()?;
    let orphan = format!("block touch=@left hear={SIGCONT} await=@go");
    let running = leave(&dir, pid1(target), "-a -t 60", &orphan)?;
    send(running.pid(), SIGTERM)?;
    dir.until_signals("left", &[SIGTERM, SIGCONT])?;
    send(running.pid(), SIGTERM)?;
    until_none_pending(running.pid())?;
    fs::write(dir.join("go"), "")?;
    ends_within(Instant::now(), running, (3, NO_LINES), 0.0..SLACK)
}

/// It is not COMMAND's, and orphans get only what ends them.
fn others(target: Target) -> Result<()> {
    let dir = TestDir::new()?;
    let running = leave(&dir, pid1(target), "-a -t 0", "block touch=@left hear")?;
    for signal in [SIGUSR1, SIGHUP, SIGQUIT, SIGWINCH, SIGCONT] {
        send(running.pid(), signal)?;
        until_none_pending(running.pid())?;
    }
    ensure!(process::children(running.pid())?.len() == 1, "the orphan has ended");
    send(running.pid(), SIGTERM)?;
    ends_within(Instant::now(), running, (3, &[step(0, "SIGKILL")]), 0.0..SLACK)?;
    let signals = dir.signals("left", 1)?;
    ensure!([&[SIGTERM, SIGCONT][..], &[SIGTERM], &[]].contains(&signals.as_slice()), "{signals:?}");
    Ok(())
}

/// COMMAND ends by the stop signal, the orphan does not.
fn timeout_goes_on(target: Target) -> Result<()> {
    let dir = TestDir::new()?;
    let steps = dir.resolve("daemon [ name=left block touch=@left hear ] await=@left say=ready sleep");
    let running = dir.start(pid1(target), "-a -t 1", &steps)?;
    let start = Instant::now();
    send(running.pid(), SIGTERM)?;
    ends_within(start, running, (143, &[step(1, "SIGKILL")]), 2.0..2.0 + SLACK)?;
    same(dir.signals("left", 1)?, vec![SIGTERM, SIGCONT])
}

fn without(target: Target) -> Result<()> {
    let dir = TestDir::new()?;
    let steps = format!("block daemon [ name=left touch=@left hear={SIGCONT} ] await=@left exit=3");
    let start = Instant::now();
    let running = dir.play(pid1(target), "", &dir.resolve(&steps))?.spawn()?;
    ends_within(start, running, (3, NO_LINES), 0.0..SLACK)?;
    same(dir.signals("left", 1)?, vec![SIGTERM, SIGCONT])
}
