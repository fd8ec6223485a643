//! Whatever dies is reaped, at once, and at no cost while nothing does.

use std::thread;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use mote_tests::outcome::same;
use mote_tests::{Running, Suite, Target, process, until};

use crate::fixture::{TestDir, below_1, command_of, exits, killed_by, pid1, says, send};

pub(crate) fn add(suite: Suite) -> Suite {
    let (all, native, emulated) = (Target::all(), Target::native(), Target::emulated());
    suite
        .each("pid1::reaps_200_that_were_dead_before_it_started", &all, zombies)
        .each("pid1::reaps_the_dead_that_sent_no_signal", &all, unusual_zombies)
        .each("pid1::reaps_10000_orphans_that_die_at_once", &native, |target| orphans(target, 10_000))
        .each("pid1::reaps_1000_orphans_that_die_at_once", &emulated, |target| orphans(target, 1_000))
        .each("pid1::reaps_two_that_die_in_the_same_instant_200_times", &all, twins)
        .each("pid1::command_and_another_that_die_in_the_same_instant_are_told_apart", &all, with_command)
        .each("pid1::ends_with_command_while_orphans_keep_dying", &all, busy_end)
        .each("pid1::command_that_is_stopped_by_being_traced_has_not_ended", &native, traced)
        .each("pid1::does_not_wake_up_in_20_seconds", &all, idle)
        .each("pid1::takes_28_kb_of_memory", &native, memory)
}

/// Waits until pid1 has no child but COMMAND.
fn only_command(running: &Running) -> Result<()> {
    until("nobody but COMMAND", || {
        let children = process::children(running.pid())?;
        Ok((children.len() == 1 && children.iter().all(|(_, state)| *state != 'Z')).then_some(()))
    })
}

/// COMMAND ends with status 3 when it is asked to.
fn ends(running: Running) -> Result<()> {
    send(command_of(&running)?, 10)?;
    exits(&running.wait()?, 3)
}

fn zombies(target: Target) -> Result<()> {
    for start in [pid1(target), below_1(target).as_pid_2()] {
        let dir = TestDir::new()?;
        let running = dir.play(start.zombies(200), "", "block say=ready hear=10 exit=3")?.spawn()?;
        dir.until("ready")?;
        only_command(&running)?;
        ends(running)?;
    }
    Ok(())
}

fn unusual_zombies(target: Target) -> Result<()> {
    let dir = TestDir::new()?;
    let start = pid1(target).unusual_zombies(10).zombies(10);
    let running = dir.start(start, "", "block say=ready hear=10 exit=3")?;
    only_command(&running)?;
    ends(running)
}

/// They live until standard input ends.
fn orphans(target: Target, count: usize) -> Result<()> {
    let dir = TestDir::new()?;
    let steps = format!("orphans={count} [ eof ] block say=ready hear=10 exit=3");
    let mut running = dir.start(pid1(target), "", &steps)?;
    same(process::children(running.pid())?.len(), count + 1)?;
    running.close_stdin();
    only_command(&running)?;
    ends(running)
}

fn twins(target: Target) -> Result<()> {
    let dir = TestDir::new()?;
    let steps = "repeat=200 [ orphans=2 [ ] ] block say=ready hear=10 exit=3";
    let running = dir.start(pid1(target), "", steps)?;
    only_command(&running)?;
    ends(running)
}

/// The other one dies of COMMAND's death, with another status.
fn with_command(target: Target) -> Result<()> {
    let dir = TestDir::new()?;
    for round in 0..100 {
        for steps in ["pair [ exit=7 ] exit=3", "orphans=3 [ exit=7 ] exit=3", "daemon [ exit=7 ] exit=3"] {
            let outcome = dir.play(pid1(target), "", steps)?.run()?;
            exits(&outcome, 3).with_context(|| format!("{steps}, round {round}"))?;
        }
    }
    Ok(())
}

fn busy_end(target: Target) -> Result<()> {
    let dir = TestDir::new()?;
    exits(&dir.play(pid1(target), "", "repeat=20 [ orphans=50 [ exit=7 ] ] exit=3")?.run()?, 3)
}

/// Its parent, which is pid1, is told of the stop as of an end. The orphan's end comes later, and what is left when
/// COMMAND has ended is asked to.
fn traced(target: Target) -> Result<()> {
    let dir = TestDir::new()?;
    let steps = "daemon [ name=left block touch=@left hear=64 ] orphans=1 [ eof ] await=@left say=ready traced die=10";
    let mut running = dir.start(pid1(target), "", &dir.resolve(steps))?;
    let command = command_of(&running)?;
    until("a stop", || Ok((process::state(command)? == 't').then_some(())))?;
    running.close_stdin();
    until("the orphan's end", || Ok((process::children(running.pid())?.len() < 3).then_some(())))?;
    send(process::children(running.pid())?[1].0, 64)?;
    only_command(&running)?;
    send(command, 9)?;
    says(&running.wait()?, 137, &[killed_by("SIGKILL")?])?;
    same(dir.signals("left", 0)?, vec![64])
}

/// Waits until it has not run for a while.
fn settles(running: &Running) -> Result<process::Switches> {
    let mut last = process::switches(running.pid())?;
    let mut since = std::time::Instant::now();
    until("quiet", || {
        let now = process::switches(running.pid())?;
        if now != last {
            (last, since) = (now, std::time::Instant::now());
        }
        Ok((since.elapsed() > Duration::from_millis(300)).then_some(now))
    })
}

fn idle(target: Target) -> Result<()> {
    // With a deadline for shutdown, and without.
    for options in ["", "-t 1"] {
        let dir = TestDir::new()?;
        let running = dir.start(pid1(target), options, "block say=ready hear=10 exit=3")?;
        let before = (settles(&running)?, process::cpu_time(running.pid())?);
        thread::sleep(Duration::from_secs(if options.is_empty() { 20 } else { 3 }));
        same((process::switches(running.pid())?, process::cpu_time(running.pid())?), before)?;
        ends(running)?;
    }
    Ok(())
}

/// Four pages of the file, one of strings, and one or two of stack: where the stack begins within a page is random. The
/// environment, whose pages count as well, is left out.
fn memory(target: Target) -> Result<()> {
    let dir = TestDir::new()?;
    let start = std::env::vars_os().fold(pid1(target), |start, (name, _)| start.without_env(name));
    let running = dir.start(start, "", "block say=ready hear=10 exit=3")?;
    settles(&running)?;
    let kilobytes = process::resident(running.pid())?;
    ensure!(kilobytes <= 28, "{kilobytes} kB are resident");
    ends(running)
}
