//! `-k`, and a COMMAND that has left its process group while a helper of its has stayed.

use std::time::Instant;

use anyhow::{Context, Result};
use mote_tests::outcome::same;
use mote_tests::{Launcher, Suite, Target, require, until};
use nix::libc::{SIGCONT, SIGTERM, SIGUSR1, SIGUSR2};

use crate::ending::{SLACK, ends_within};
use crate::fixture::{TestDir, below_1, both_steps, command_of, exits, pid1, send};

pub(crate) fn add(suite: Suite) -> Suite {
    let all = Target::all();
    suite
        .each("pid1::k_reaches_command_outside_its_group_and_the_group", &all, |target| {
            both(pid1(target), 1, "-k", true)
        })
        .each("pid1::k_reaches_command_outside_its_group_and_the_group_below_pid_1", &all, |target| {
            require::root()?;
            both(below_1(target).as_pid_2().own_proc(), 2, "-k", true)
        })
        .each("pid1::without_k_only_command_outside_its_group_gets_the_signal", &all, |target| {
            both(pid1(target), 1, "", false)
        })
        .each("pid1::sigcont_reaches_command_outside_its_group", &all, continued)
        .each("pid1::t_reaches_command_outside_its_group_below_pid_1", &all, |target| {
            escalates(target, "-t 0")
        })
        .each("pid1::t_with_k_reaches_command_outside_its_group_below_pid_1", &all, |target| {
            escalates(target, "-k -t 0")
        })
}

/// A COMMAND outside its first group, in which a helper has stayed.
fn steps() -> String {
    format!(
        "fork [ name=helper block touch=@helper hear={SIGTERM} ] await=@helper leave block say=ready hear={SIGUSR2} exit=3"
    )
}

fn both(launcher: Launcher, init: i32, options: &str, has_helper: bool) -> Result<()> {
    let dir = TestDir::new()?;
    let running = dir.start(launcher, options, &dir.resolve(&steps()))?;
    let until_signals = |name: &str, expected: &[i32]| {
        until("the signals", || Ok((dir.signals(name, init)? == expected).then_some(())))
            .with_context(|| format!("{name:?}: {:?}", dir.lines()))
    };
    send(running.pid(), SIGUSR1)?;
    until_signals("", &[SIGUSR1])?;
    let helper: &[i32] = if has_helper { &[SIGUSR1] } else { &[] };
    until_signals("helper", helper)?;
    send(running.pid(), SIGUSR2)?;
    exits(&running.wait()?, 3)?;
    same(dir.signals("", init)?, vec![SIGUSR1, SIGUSR2])
}

/// A stop signal is followed by SIGCONT to the group, and to COMMAND where it is now.
fn continued(target: Target) -> Result<()> {
    let dir = TestDir::new()?;
    let running = dir.start(pid1(target), "-k -t 60", &dir.resolve(&steps()))?;
    send(running.pid(), SIGTERM)?;
    dir.until_signals("", &[SIGTERM, SIGCONT])?;
    dir.until_signals("helper", &[SIGTERM])?;
    send(command_of(&running)?, SIGUSR2)?;
    exits(&running.wait()?, 3)?;
    same(dir.signals("helper", 1)?, vec![SIGTERM])
}

fn escalates(target: Target, options: &str) -> Result<()> {
    require::root()?;
    let dir = TestDir::new()?;
    let steps = format!("ignore={SIGTERM} leave say=ready sleep");
    let running = dir.start(below_1(target).as_pid_2().own_proc(), options, &steps)?;
    let start = Instant::now();
    send(running.pid(), SIGTERM)?;
    ends_within(start, running, (137, &both_steps(0)), 0.0..1.0 + SLACK)
}
