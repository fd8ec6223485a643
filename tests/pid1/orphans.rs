//! Orphans that remain after COMMAND.

use std::time::Instant;

use anyhow::{Result, ensure};
use mote_tests::outcome::same;
use mote_tests::{Case, Suite, process, until};

use crate::ending::{NO_LINES, SLACK, ends_within};
use crate::scene::{Scene, command_of, pid1, send, step};

pub(crate) fn add(suite: Suite) -> Suite {
    let all = Case::all();
    suite
        .each("pid1::what_command_leaves_gets_term_and_cont_and_is_waited_for", &all, left_behind)
        .each("pid1::what_command_leaves_stopped_is_continued", &all, left_stopped)
        .each("pid1::what_command_leaves_is_killed_after_4_seconds", &all, |case| stubborn(case, "", 4))
        .each("pid1::what_command_leaves_is_killed_at_the_deadline", &all, |case| stubborn(case, "-t 1", 1))
        .each("pid1::what_command_leaves_is_killed_at_once_with_t_0", &all, |case| stubborn(case, "-t 0", 0))
        .each("pid1::ends_at_once_if_command_leaves_nothing", &all, nothing_left)
        .each("pid1::many_left_behind_are_gone_in_time", &all, many_left)
        .each("pid1::signals_are_forwarded_no_more_when_command_is_gone", &all, after_command)
}

/// It has something to do before it ends, and is given the time. The status is COMMAND's.
fn left_behind(case: Case) -> Result<()> {
    let scene = Scene::new()?;
    let steps = "block daemon [ name=left touch=@left hear=15 hear=18 exec sh -c sleep${IFS}1;touch${IFS}@done ] \
                 await=@left exit=3";
    let start = Instant::now();
    let running = scene.play(pid1(case), "", &scene.resolve(steps))?.spawn()?;
    ends_within(start, running, (3, NO_LINES), 1.0..4.0)?;
    ensure!(scene.path("done").exists(), "it was cut short");
    same(scene.signals("left", 1)?, vec![15, 18])
}

fn left_stopped(case: Case) -> Result<()> {
    let scene = Scene::new()?;
    let steps = "daemon [ touch=@left exec sh -c kill${IFS}-STOP${IFS}$$ ] await=@left say=ready block hear=10 exit=3";
    let running = scene.start(pid1(case), "", &scene.resolve(steps))?;
    let command = command_of(&running)?;
    until("a stop", || {
        let children = process::children(running.pid())?;
        Ok(children.iter().any(|(_, state)| *state == 'T').then_some(()))
    })?;
    let start = Instant::now();
    send(command, 10)?;
    ends_within(start, running, (3, NO_LINES), 0.0..SLACK)
}

fn stubborn(case: Case, options: &str, seconds: u32) -> Result<()> {
    let scene = Scene::new()?;
    let steps = "ignore=15 daemon [ touch=@left sleep ] await=@left say=ready block hear=10 exit=3";
    let running = scene.start(pid1(case), options, &scene.resolve(steps))?;
    let start = Instant::now();
    send(command_of(&running)?, 10)?;
    ends_within(
        start,
        running,
        (3, &[step(seconds, "SIGKILL")]),
        f64::from(seconds)..f64::from(seconds) + SLACK,
    )
}

fn nothing_left(case: Case) -> Result<()> {
    for (options, steps) in
        [("", "exit=3"), ("-t 9", "exit=3"), ("", "daemon [ ] exit=3"), ("-t 9", "daemon [ sleep ] exit=3")]
    {
        let scene = Scene::new()?;
        let start = Instant::now();
        let running = scene.play(pid1(case), options, steps)?.spawn()?;
        ends_within(start, running, (3, NO_LINES), 0.0..SLACK)?;
    }
    Ok(())
}

fn many_left(case: Case) -> Result<()> {
    let scene = Scene::new()?;
    let steps = "orphans=300 [ session sleep ] ignore=15 orphans=300 [ group sleep ] exit=3";
    let start = Instant::now();
    let running = scene.play(pid1(case), "-t 1", steps)?.spawn()?;
    ends_within(start, running, (3, &[step(1, "SIGKILL")]), 1.0..1.0 + 2.0 * SLACK)
}

/// What is left gets what belongs to the shutdown, and not what comes from outside.
fn after_command(case: Case) -> Result<()> {
    let scene = Scene::new()?;
    let steps = "block daemon [ name=left touch=@left hear ] await=@left exit=3";
    let start = Instant::now();
    let running = scene.play(pid1(case), "-t 2", &scene.resolve(steps))?.spawn()?;
    scene.until_signals("left", &[15, 18])?;
    send(running.pid(), 10)?;
    ends_within(start, running, (3, &[step(2, "SIGKILL")]), 2.0..2.0 + SLACK)?;
    same(scene.signals("left", 1)?, vec![15, 18])
}
