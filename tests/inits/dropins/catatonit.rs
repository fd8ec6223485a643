//! catatonit's `-P`: it holds namespaces, and runs nothing.

use std::fs;

use anyhow::{Context, Result};
use mote_tests::outcome::same;
use mote_tests::test_dir::{TestDir, exits, send, words};
use mote_tests::{Cpu, Launcher, Running, Suite, Target, process, until};

use crate::dropins::reaping::{stays_asleep, until_it_waits};
use crate::init::{CATATONIT, Init, of};

const TERM: i32 = 15;
const INT: i32 = 2;

pub(crate) fn add(suite: Suite) -> Suite {
    let (all, native) = (Target::all(), Target::native());
    let suite = of(suite, CATATONIT, "p_ends_with_0_on_sigterm_and_sigint", &all, |target, init| {
        for (line, signal) in [("-P", TERM), ("-P", INT), ("-gP", TERM), ("-P -- true", INT)] {
            ends(holding(init.start(target), line)?, signal).with_context(|| line.to_owned())?;
        }
        Ok(())
    });
    // An emulator refuses to make a process the adopter of orphans.
    let suite = of(suite, CATATONIT, "p_ends_with_0_below_process_1", &native, |target, init| {
        [TERM, INT].into_iter().try_for_each(|signal| ends(holding(init.below(target), "-P")?, signal))
    });
    let suite = of(suite, CATATONIT, "p_goes_on_at_every_other_signal", &native, |target, init| {
        goes_on(holding(init.start(target), "-P")?, 1..=64)
    });
    let suite = of(suite, CATATONIT, "p_goes_on_at_other_signals", &Target::emulated(), |target, init| {
        goes_on(holding(init.start(target), "-P")?, [1, 3, 10, 12, 14, 17, 18, 20, 28, 40])
    });
    let suite = of(suite, CATATONIT, "p_does_not_wake_up", &all, |target, init| {
        let running = holding(init.start(target), "-P")?;
        stays_asleep(&running)?;
        ends(running, TERM)
    });
    let suite = of(suite, CATATONIT, "p_reaps", &all, reaps);
    let suite = of(suite, CATATONIT, "p_reaps_though_sigchld_was_ignored", &all, |target, init| {
        let launcher = init.start(target).ignore(nix::sys::signal::Signal::SIGCHLD).zombies(10);
        let running = holding(launcher, "-P")?;
        nobody_is_left(&running)?;
        ends(running, TERM)
    });
    of(suite, CATATONIT, "p_keeps_no_directory_and_no_descriptor", &all, keeps_nothing)
}

/// It has started and waits for what comes.
fn holding(launcher: Launcher, line: &str) -> Result<Running> {
    let running = words(launcher, line).spawn()?;
    until_it_waits(&running)?;
    Ok(running)
}

fn ends(running: Running, signal: i32) -> Result<()> {
    send(running.pid(), signal)?;
    exits(&running.wait()?, 0)
}

/// SIGKILL and SIGSTOP do nothing to PID 1 that come from its own namespace, and end or stop it from here.
fn goes_on(running: Running, signals: impl IntoIterator<Item = i32>) -> Result<()> {
    for signal in signals.into_iter().filter(|signal| ![INT, 9, TERM, 19].contains(signal)) {
        send(running.pid(), signal)?;
    }
    stays_asleep(&running)?;
    ends(running, TERM)
}

fn nobody_is_left(running: &Running) -> Result<()> {
    until("the end of all", || Ok(process::children(running.pid())?.is_empty().then_some(())))
}

/// Those who were dead before, and those who die now.
fn reaps(target: Target, init: Init) -> Result<()> {
    let launcher = init.start(target).zombies(20).unusual_zombies(5).orphans(100);
    let mut running = holding(launcher, "-P")?;
    until("the end of the dead", || Ok((process::children(running.pid())?.len() == 100).then_some(())))?;
    running.close_stdin();
    nobody_is_left(&running)?;
    ends(running, TERM)
}

fn keeps_nothing(target: Target, init: Init) -> Result<()> {
    let dir = TestDir::new()?;
    let pipe = dir.pipe("pipe")?;
    let running = holding(init.start(target).cwd(dir.path()).open(700, &dir.join("pipe")), "-P")?;
    until("the pipe's end", || Ok(pipe.has_ended()?.then_some(())))?;
    same(process::cwd(running.pid())?.as_os_str(), "/".as_ref())?;
    if target.cpu == Cpu::Native {
        same(fs::read_dir(format!("/proc/{}/fd", running.pid()))?.count(), 3)?;
    }
    ends(running, TERM)
}
