//! `-k`, and a COMMAND that has left its process group while a helper of its has stayed.

use std::time::Instant;

use anyhow::{Context, Result};
use mote_tests::outcome::same;
use mote_tests::{Case, Start, Suite, require, until};
use nix::libc::{SIGCONT, SIGTERM, SIGUSR1, SIGUSR2};

use crate::ending::{SLACK, ends_within};
use crate::scene::{Scene, below_1, both_steps, command_of, exits, pid1, send};

pub(crate) fn add(suite: Suite) -> Suite {
    let all = Case::all();
    suite
        .each("pid1::k_reaches_command_outside_its_group_and_the_group", &all, |case| {
            both(pid1(case), 1, "-k", true)
        })
        .each("pid1::k_reaches_command_outside_its_group_and_the_group_below_pid_1", &all, |case| {
            require::root()?;
            both(below_1(case).as_pid_2().own_proc(), 2, "-k", true)
        })
        .each("pid1::without_k_only_command_outside_its_group_gets_the_signal", &all, |case| {
            both(pid1(case), 1, "", false)
        })
        .each("pid1::sigcont_reaches_command_outside_its_group", &all, continued)
        .each("pid1::t_reaches_command_outside_its_group_below_pid_1", &all, |case| escalates(case, "-t 0"))
        .each("pid1::t_with_k_reaches_command_outside_its_group_below_pid_1", &all, |case| {
            escalates(case, "-k -t 0")
        })
}

/// A COMMAND outside its first group, in which a helper has stayed.
fn steps() -> String {
    format!(
        "fork [ name=helper block touch=@helper hear={SIGTERM} ] await=@helper leave block say=ready hear={SIGUSR2} exit=3"
    )
}

fn both(start: Start, init: i32, options: &str, has_helper: bool) -> Result<()> {
    let scene = Scene::new()?;
    let running = scene.start(start, options, &scene.resolve(&steps()))?;
    let until_signals = |name: &str, expected: &[i32]| {
        until("the signals", || Ok((scene.signals(name, init)? == expected).then_some(())))
            .with_context(|| format!("{name:?}: {:?}", scene.lines()))
    };
    send(running.pid(), SIGUSR1)?;
    until_signals("", &[SIGUSR1])?;
    let helper: &[i32] = if has_helper { &[SIGUSR1] } else { &[] };
    until_signals("helper", helper)?;
    send(running.pid(), SIGUSR2)?;
    exits(&running.wait()?, 3)?;
    same(scene.signals("", init)?, vec![SIGUSR1, SIGUSR2])
}

/// A stop signal is followed by SIGCONT to the group, and to COMMAND where it is now.
fn continued(case: Case) -> Result<()> {
    let scene = Scene::new()?;
    let running = scene.start(pid1(case), "-k -t 60", &scene.resolve(&steps()))?;
    send(running.pid(), SIGTERM)?;
    scene.until_signals("", &[SIGTERM, SIGCONT])?;
    scene.until_signals("helper", &[SIGTERM])?;
    send(command_of(&running)?, SIGUSR2)?;
    exits(&running.wait()?, 3)?;
    same(scene.signals("helper", 1)?, vec![SIGTERM])
}

fn escalates(case: Case, options: &str) -> Result<()> {
    require::root()?;
    let scene = Scene::new()?;
    let steps = format!("ignore={SIGTERM} leave say=ready sleep");
    let running = scene.start(below_1(case).as_pid_2().own_proc(), options, &steps)?;
    let start = Instant::now();
    send(running.pid(), SIGTERM)?;
    ends_within(start, running, (137, &both_steps(0)), 0.0..1.0 + SLACK)
}
