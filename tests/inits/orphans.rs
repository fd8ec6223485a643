//! Orphans that remain after COMMAND.

use std::time::Instant;

use anyhow::{Result, ensure};
use mote_tests::outcome::same;
use mote_tests::{Suite, Target, process, until};

use crate::ending::{NO_LINES, SLACK, ends_within};
use crate::fixture::{TestDir, command_of, pid1, send, step};

pub(crate) fn add(suite: Suite) -> Suite {
    let all = Target::all();
    suite
        .each("pid1::what_command_leaves_gets_term_and_cont_and_is_waited_for", &all, left_behind)
        .each("pid1::what_command_leaves_stopped_is_continued", &all, left_stopped)
        .each("pid1::what_command_leaves_is_killed_after_4_seconds", &all, |target| stubborn(target, "", 4))
        .each("pid1::what_command_leaves_is_killed_at_the_deadline", &all, |target| {
            stubborn(target, "-t 1", 1)
        })
        .each("pid1::what_command_leaves_is_killed_at_once_with_t_0", &all, |target| {
            stubborn(target, "-t 0", 0)
        })
        .each("pid1::ends_at_once_if_command_leaves_nothing", &all, nothing_left)
        .each("pid1::many_left_behind_are_gone_in_time", &all, many_left)
        .each("pid1::signals_are_forwarded_no_more_when_command_is_gone", &all, after_command)
}

/// It has something to do before it ends, and is given the time. The status is COMMAND's.
fn left_behind(target: Target) -> Result<()> {
    let dir = TestDir::new()?;
    let steps = "block daemon [ name=left touch=@left hear=15 hear=18 exec sh -c sleep${IFS}1;touch${IFS}@done ] \
                 await=@left exit=3";
    let start = Instant::now();
    let running = dir.play(pid1(target), "", &dir.resolve(steps))?.spawn()?;
    ends_within(start, running, (3, NO_LINES), 1.0..4.0)?;
    ensure!(dir.join("done").exists(), "it was cut short");
    same(dir.signals("left", 1)?, vec![15, 18])
}

fn left_stopped(target: Target) -> Result<()> {
    let dir = TestDir::new()?;
    let steps = "daemon [ touch=@left exec sh -c kill${IFS}-STOP${IFS}$$ ] await=@left say=ready block hear=10 exit=3";
    let running = dir.start(pid1(target), "", &dir.resolve(steps))?;
    let command = command_of(&running)?;
    until("a stop", || {
        let children = process::children(running.pid())?;
        Ok(children.iter().any(|(_, state)| *state == 'T').then_some(()))
    })?;
    let start = Instant::now();
    send(command, 10)?;
    ends_within(start, running, (3, NO_LINES), 0.0..SLACK)
}

fn stubborn(target: Target, options: &str, seconds: u32) -> Result<()> {
    let dir = TestDir::new()?;
    let steps = "ignore=15 daemon [ touch=@left sleep ] await=@left say=ready block hear=10 exit=3";
    let running = dir.start(pid1(target), options, &dir.resolve(steps))?;
    let start = Instant::now();
    send(command_of(&running)?, 10)?;
    ends_within(
        start,
        running,
        (3, &[step(seconds, "SIGKILL")]),
        f64::from(seconds)..f64::from(seconds) + SLACK,
    )
}

fn nothing_left(target: Target) -> Result<()> {
    for (options, steps) in
        [("", "exit=3"), ("-t 9", "exit=3"), ("", "daemon [ ] exit=3"), ("-t 9", "daemon [ sleep ] exit=3")]
    {
        let dir = TestDir::new()?;
        let start = Instant::now();
        let running = dir.play(pid1(target), options, steps)?.spawn()?;
        ends_within(start, running, (3, NO_LINES), 0.0..SLACK)?;
    }
    Ok(())
}

fn many_left(target: Target) -> Result<()> {
    let dir = TestDir::new()?;
    let steps = "orphans=300 [ session sleep ] ignore=15 orphans=300 [ group sleep ] exit=3";
    let start = Instant::now();
    let running = dir.play(pid1(target), "-t 1", steps)?.spawn()?;
    ends_within(start, running, (3, &[step(1, "SIGKILL")]), 1.0..1.0 + 2.0 * SLACK)
}

/// What is left gets what belongs to the shutdown, and not what comes from outside.
fn after_command(target: Target) -> Result<()> {
    let dir = TestDir::new()?;
    let steps = "block daemon [ name=left touch=@left hear ] await=@left exit=3";
    let start = Instant::now();
    let running = dir.play(pid1(target), "-t 2", &dir.resolve(steps))?.spawn()?;
    dir.until_signals("left", &[15, 18])?;
    send(running.pid(), 10)?;
    ends_within(start, running, (3, &[step(2, "SIGKILL")]), 2.0..2.0 + SLACK)?;
    same(dir.signals("left", 1)?, vec![15, 18])
}
