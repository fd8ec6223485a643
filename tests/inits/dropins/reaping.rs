//! Everything that dies is reaped, and nothing is done while nothing happens.

use std::fs;
use std::thread;
use std::time::{Duration, Instant};

use anyhow::Result;
use mote_tests::outcome::same;
use mote_tests::process::{self, Switches};
use mote_tests::test_dir::{TestDir, command_of, exits, fact, send};
use mote_tests::{Cpu, Launcher, Running, Suite, Target, until};

use crate::init::{DUMB_INIT, Init, TINI, each, of};

pub(crate) fn add(suite: Suite) -> Suite {
    let (all, native) = (Target::all(), Target::native());
    let suite = each(suite, "reaps_what_was_dead_before_it_started", &all, zombies);
    let suite = each(suite, "reaps_orphans_that_die_at_once", &all, |target, init| {
        orphans(init.start(target), if target.cpu == Cpu::Native { 2_000 } else { 200 })
    });
    let suite = each(suite, "reaps_two_that_die_in_the_same_instant", &all, twins);
    let suite = each(suite, "does_not_wake_up_while_nothing_happens", &all, idle);
    let suite = each(suite, "started_with_sigchld_ignored_it_reaps_all_the_same", &all, |target, init| {
        orphans(init.start(target).ignore(nix::sys::signal::Signal::SIGCHLD), 20)
    });
    let suite = each(suite, "command_that_is_stopped_by_being_traced_has_not_ended", &native, traced);
    // An emulator refuses to make a process the adopter of orphans.
    let suite = each(suite, "adopts_orphans_below_process_1_if_it_is_to", &native, |target, init| {
        let Some(option) = init.adopts else { return adopted_by(init.below(target), "", "1") };
        adopted_by(init.below(target), option, "2")
    });
    let suite = of(suite, TINI, "subreaper_in_the_environment_counts", &native, |target, init| {
        adopted_by(init.below(target).env("TINI_SUBREAPER", ""), "", "2")
    });
    let suite = of(suite, TINI, "adopts_no_orphan_below_process_1_unasked", &native, |target, init| {
        adopted_by(init.below(target), "", "1")
    });
    of(suite, DUMB_INIT, "asks_the_group_to_end_when_command_is_gone", &all, group_left)
}

/// Waits until it has no child but COMMAND.
pub(crate) fn only_command(running: &Running) -> Result<()> {
    until("nobody but COMMAND", || {
        let children = process::children(running.pid())?;
        Ok((children.len() == 1 && children.iter().all(|(_, state)| *state != 'Z')).then_some(()))
    })
}

/// COMMAND ends with status 3 when it is asked to.
pub(crate) fn ends(running: Running) -> Result<()> {
    send(command_of(&running)?, 10)?;
    exits(&running.wait()?, 3)
}

fn zombies(target: Target, init: Init) -> Result<()> {
    let dir = TestDir::new()?;
    let launcher = init.start(target).zombies(100).unusual_zombies(10);
    let running = dir.start(launcher, "", "block say=ready hear=10 exit=3")?;
    only_command(&running)?;
    ends(running)
}

/// They live until standard input ends.
fn orphans(launcher: Launcher, count: usize) -> Result<()> {
    let dir = TestDir::new()?;
    let steps = format!("orphans={count} [ eof ] block say=ready hear=10 exit=3");
    let mut running = dir.start(launcher, "", &steps)?;
    same(process::children(running.pid())?.len(), count + 1)?;
    running.close_stdin();
    only_command(&running)?;
    ends(running)
}

fn twins(target: Target, init: Init) -> Result<()> {
    let dir = TestDir::new()?;
    let steps = "repeat=100 [ orphans=2 [ ] ] block say=ready hear=10 exit=3";
    let running = dir.start(init.start(target), "", steps)?;
    only_command(&running)?;
    ends(running)
}

/// Waits until it waits for a signal.
pub(crate) fn until_it_waits(running: &Running) -> Result<()> {
    until("sleep", || {
        let call = process::asleep_in(running.pid(), running.target())?;
        Ok(call.is_some_and(|name| name.starts_with("rt_sigtimedwait")).then_some(()))
    })
}

/// Waits until it has not run for a while.
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

/// For so long that a tini of the other kind wakes up several times.
pub(crate) fn stays_asleep(running: &Running) -> Result<()> {
    let before = (settles(running)?, process::cpu_time(running.pid())?);
    thread::sleep(Duration::from_secs(5));
    same((process::switches(running.pid())?, process::cpu_time(running.pid())?), before)
}

fn idle(target: Target, init: Init) -> Result<()> {
    let dir = TestDir::new()?;
    let running = dir.start(init.start(target), "", "block say=ready hear=10 exit=3")?;
    stays_asleep(&running)?;
    ends(running)
}

/// The process with this number gets the orphans of COMMAND.
fn adopted_by(launcher: Launcher, options: &str, parent: &str) -> Result<()> {
    let dir = TestDir::new()?;
    let steps = "daemon [ await=@go report touch=@done ] orphans=20 [ ] say=ready block hear=10 exit=3";
    // What tini says where it does not adopt is another test's matter.
    let running = dir.start(launcher.env("TINI_VERBOSITY", "0"), options, steps)?;
    fs::write(dir.join("go"), "")?;
    until("the report", || Ok(dir.join("done").exists().then_some(())))?;
    same(fact(&dir.lines(), "ppid")?, parent)?;
    only_command(&running)?;
    ends(running)
}

/// Whoever is left below PID 1 goes on with `-c`.
fn group_left(target: Target, init: Init) -> Result<()> {
    for options in ["", "-c"] {
        let dir = TestDir::new()?;
        let linger = dir.join("linger");
        let steps = "block fork [ name=left touch=@left hear=15 touch=@asked ] await=@left say=ready await=@go exit=3";
        let running = dir.start(init.below(target).linger(&linger), options, steps)?;
        fs::write(dir.join("go"), "")?;
        let status = dir.join("linger.status");
        until("the end of the init", || Ok(status.exists().then_some(())))?;
        same(fs::read_to_string(status)?.as_str(), "768")?;
        if options.is_empty() {
            until("SIGTERM", || Ok(dir.join("asked").exists().then_some(())))?;
            same(dir.signals("left", 2)?, vec![15])?;
        }
        fs::write(&linger, "")?;
        running.wait()?;
        if !options.is_empty() {
            same(dir.signals("left", 2)?, Vec::new())?;
        }
    }
    Ok(())
}

/// The kernel tells its parent of the stop as of an end. The orphan's end comes later.
fn traced(target: Target, init: Init) -> Result<()> {
    let dir = TestDir::new()?;
    let mut running = dir.start(init.start(target), "", "orphans=1 [ eof ] say=ready traced die=10")?;
    let command = command_of(&running)?;
    until("a stop", || Ok((process::state(command)? == 't').then_some(())))?;
    running.close_stdin();
    until("the orphan's end", || Ok((process::children(running.pid())?.len() == 1).then_some(())))?;
    send(command, 9)?;
    exits(&running.wait()?, 137)
}
