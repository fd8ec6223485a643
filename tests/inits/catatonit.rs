//! `-P` of catatonit: it holds namespaces, and runs no command.

use std::fs;

use anyhow::{Context, Result};
use mote_tests::outcome::same;
use mote_tests::signal::{
    SIGALRM, SIGCHLD, SIGCONT, SIGHUP, SIGINT, SIGKILL, SIGQUIT, SIGSTOP, SIGTERM, SIGTSTP, SIGUSR1, SIGUSR2,
    SIGWINCH, Signal,
};
use mote_tests::test_dir::{TestDir, exits, send, words};
use mote_tests::{Cpu, Launcher, Running, Suite, Target, process, until};

use crate::init::{CATATONIT, Init, tests};
use crate::reaping::{stays_asleep, until_it_waits};

pub(crate) fn add(suite: Suite) -> Suite {
    let (all, native) = (Target::all(), Target::native());
    tests!(suite;
        [CATATONIT], all => p_exits_with_0_on_sigterm_and_sigint, p_goes_on_after_every_other_signal,
            p_does_not_wake_up, p_reaps, p_reaps_if_sigchld_was_ignored, p_keeps_no_directory_and_no_descriptor;
        [CATATONIT], native => p_exits_with_0_below_pid_1;
    )
}

/// Signals that are sent in an emulator.
const EMULATED: [Signal; 10] =
    [SIGHUP, SIGQUIT, SIGUSR1, SIGUSR2, SIGALRM, SIGCHLD, SIGCONT, SIGTSTP, SIGWINCH, Signal::rtmin(6)];

/// Starts it, and waits until it waits for a signal.
fn holding(launcher: Launcher, line: &str) -> Result<Running> {
    let running = words(launcher, line).spawn()?;
    until_it_waits(&running)?;
    Ok(running)
}

fn ends(running: Running, signal: Signal) -> Result<()> {
    send(running.pid(), signal)?;
    exits(&running.wait()?, 0)
}

fn p_exits_with_0_on_sigterm_and_sigint(target: Target, init: Init) -> Result<()> {
    for (line, signal) in [("-P", SIGTERM), ("-P", SIGINT), ("-gP", SIGTERM), ("-P -- true", SIGINT)] {
        ends(holding(init.start(target), line)?, signal).with_context(|| line.to_owned())?;
    }
    Ok(())
}

fn p_exits_with_0_below_pid_1(target: Target, init: Init) -> Result<()> {
    [SIGTERM, SIGINT].into_iter().try_for_each(|signal| ends(holding(init.below(target), "-P")?, signal))
}

/// SIGKILL and SIGSTOP from outside the namespace reach PID 1. The emulators keep some real-time signals to themselves, and
/// may crash when fault signals of another process arrive.
fn p_goes_on_after_every_other_signal(target: Target, init: Init) -> Result<()> {
    let running = holding(init.start(target), "-P")?;
    let is_known = |signal: &Signal| target.cpu == Cpu::Native || EMULATED.contains(signal);
    let others = |signal: &Signal| ![SIGINT, SIGKILL, SIGTERM, SIGSTOP].contains(signal);
    for signal in Signal::all().filter(is_known).filter(others) {
        send(running.pid(), signal)?;
    }
    stays_asleep(&running, 1)?;
    ends(running, SIGTERM)
}

fn p_does_not_wake_up(target: Target, init: Init) -> Result<()> {
    let running = holding(init.start(target), "-P")?;
    stays_asleep(&running, if target.cpu == Cpu::Native { 20 } else { 5 })?;
    ends(running, SIGTERM)
}

fn until_no_child_is_left(running: &Running) -> Result<()> {
    until("the end of all children", || Ok(process::children(running.pid())?.is_empty().then_some(())))
}

/// Zombies from before the start, and processes that exit later.
fn p_reaps(target: Target, init: Init) -> Result<()> {
    let launcher = init.start(target).zombies(20).unusual_zombies(5).orphans(100);
    let mut running = holding(launcher, "-P")?;
    until("the end of the zombies", || Ok((process::children(running.pid())?.len() == 100).then_some(())))?;
    running.close_stdin();
    until_no_child_is_left(&running)?;
    ends(running, SIGTERM)
}

fn p_reaps_if_sigchld_was_ignored(target: Target, init: Init) -> Result<()> {
    let running = holding(init.start(target).ignore(SIGCHLD).zombies(10), "-P")?;
    until_no_child_is_left(&running)?;
    ends(running, SIGTERM)
}

fn p_keeps_no_directory_and_no_descriptor(target: Target, init: Init) -> Result<()> {
    let dir = TestDir::new()?;
    let pipe = dir.pipe("pipe")?;
    let running = holding(init.start(target).cwd(dir.path()).open(700, &dir.join("pipe")), "-P")?;
    until("the pipe's end", || Ok(pipe.has_ended()?.then_some(())))?;
    same(process::cwd(running.pid())?.as_os_str(), "/".as_ref())?;
    if target.cpu == Cpu::Native {
        same(fs::read_dir(format!("/proc/{}/fd", running.pid()))?.count(), 3)?;
    }
    ends(running, SIGTERM)
}
