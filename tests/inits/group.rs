//! A child that has left its process group, while another process has stayed there or none has.

use std::time::Instant;

use anyhow::{Context, Result};
use mote_tests::outcome::same;
use mote_tests::signal::{SIGCONT, SIGTERM, SIGUSR1, SIGUSR2};
use mote_tests::test_dir::{TestDir, child_of, exits, send};
use mote_tests::{Launcher, Suite, Target, require};

use crate::ending::{SLACK, ends_within};
use crate::fixture::both_steps;
use crate::init::{CATATONIT, IN_SESSION, Init, PID1, TINI, tests};

pub(crate) fn add(suite: Suite) -> Suite {
    let (all, native) = (Target::all(), Target::native());
    // The child of dumb-init leads a session, and can't leave its group.
    tests!(suite;
        IN_SESSION, all => the_group_option_reaches_the_group_and_a_child_that_has_left_it,
            the_group_option_reaches_a_child_whose_group_is_empty,
            without_the_group_option_only_the_child_outside_its_group_gets_the_signal;
        [PID1, TINI], all => the_group_option_reaches_the_group_and_a_child_that_has_left_it_below_pid_1;
        [CATATONIT], native => the_group_option_reaches_the_group_and_a_child_that_has_left_it_below_pid_1;
        [PID1], all => sigcont_reaches_a_child_outside_its_group,
            t_escalates_for_a_child_outside_its_group_below_pid_1,
            t_with_k_escalates_for_a_child_outside_its_group_below_pid_1;
    )
}

/// A child outside its first group, in which a helper has stayed.
const STEPS: &str = "fork [ name=helper block touch=@helper hear=SIGTERM ] await=@helper \
                     leave block say=ready hear=SIGUSR2 exit=3";

fn recipients(launcher: Launcher, pid: i32, options: &str, is_group: bool) -> Result<()> {
    let dir = TestDir::new()?;
    let running = dir.start(launcher, options, &dir.resolve(STEPS))?;
    send(running.pid(), SIGUSR1)?;
    dir.until_received("", pid, &[SIGUSR1])?;
    dir.until_received("helper", pid, if is_group { &[SIGUSR1] } else { &[] })?;
    send(running.pid(), SIGUSR2)?;
    exits(&running.wait()?, 3).with_context(|| format!("{:?}", dir.lines()))?;
    same(dir.received("", pid)?, vec![SIGUSR1, SIGUSR2])
}

fn the_group_option_reaches_the_group_and_a_child_that_has_left_it(target: Target, init: Init) -> Result<()> {
    recipients(init.start(target), 1, init.group, true)
}

fn the_group_option_reaches_the_group_and_a_child_that_has_left_it_below_pid_1(
    target: Target,
    init: Init,
) -> Result<()> {
    require::root()?;
    recipients(init.below(target).own_proc(), 2, init.group, true)
}

fn without_the_group_option_only_the_child_outside_its_group_gets_the_signal(
    target: Target,
    init: Init,
) -> Result<()> {
    recipients(init.start(target), 1, "", false)
}

fn the_group_option_reaches_a_child_whose_group_is_empty(target: Target, init: Init) -> Result<()> {
    let dir = TestDir::new()?;
    let running = dir.start(init.start(target), init.group, "leave block say=ready hear=SIGUSR2 exit=3")?;
    send(running.pid(), SIGUSR1)?;
    dir.until_received("", 1, &[SIGUSR1])?;
    send(running.pid(), SIGUSR2)?;
    exits(&running.wait()?, 3)?;
    same(dir.received("", 1)?, vec![SIGUSR1, SIGUSR2])
}

/// A stop signal is followed by SIGCONT to the group, and to the child where it is now.
fn sigcont_reaches_a_child_outside_its_group(target: Target, init: Init) -> Result<()> {
    let dir = TestDir::new()?;
    let running = dir.start(init.start(target), "-k -t 60", &dir.resolve(STEPS))?;
    send(running.pid(), SIGTERM)?;
    dir.until_received("", 1, &[SIGTERM, SIGCONT])?;
    dir.until_received("helper", 1, &[SIGTERM])?;
    send(child_of(&running)?, SIGUSR2)?;
    exits(&running.wait()?, 3)?;
    same(dir.received("helper", 1)?, vec![SIGTERM])
}

fn escalates(target: Target, init: Init, options: &str) -> Result<()> {
    require::root()?;
    let dir = TestDir::new()?;
    let running =
        dir.start(init.below(target).own_proc(), options, "ignore=SIGTERM leave say=ready sleep")?;
    let start = Instant::now();
    send(running.pid(), SIGTERM)?;
    ends_within(start, running, (137, &both_steps(0)), 0.0..1.0 + SLACK)
}

fn t_escalates_for_a_child_outside_its_group_below_pid_1(target: Target, init: Init) -> Result<()> {
    escalates(target, init, "-t 0")
}

fn t_with_k_escalates_for_a_child_outside_its_group_below_pid_1(target: Target, init: Init) -> Result<()> {
    escalates(target, init, "-k -t 0")
}
