//! Its sleep: the system call, wake-ups and memory.

use std::fs;
use std::thread;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use mote_tests::outcome::same;
use mote_tests::{Cpu, Outcome, Suite, Target, process};
use nix::sys::signal::Signal;

use crate::{has_pause, pause};

pub(crate) fn add(suite: Suite) -> Suite {
    let (all, native) = (Target::all(), Target::native());
    suite
        .test(&all, it_sleeps_in_pause_or_ppoll)
        .test(&all, it_does_not_wake_up_in_10_seconds)
        .test(&native, it_takes_16_kb_of_memory)
}

fn it_sleeps_in_pause_or_ppoll(target: Target) -> Result<()> {
    let expected = if has_pause(target) { "pause" } else { "ppoll" };
    if target.cpu == Cpu::Native {
        let mut running = pause(target).spawn()?;
        same(running.fall_asleep()?, expected)?;
        return running.end_by(Signal::SIGTERM)?.is(&Outcome::exited("", 0));
    }
    // An emulator may sleep in another call than the program makes, so its log is read.
    let log = tempfile::NamedTempFile::new()?;
    let mut running = pause(target).trace(log.path()).spawn()?;
    running.fall_asleep()?;
    let text = fs::read_to_string(log.path())?;
    let last = text.lines().last().context("an empty log")?;
    let call = last.split_once(' ').and_then(|(_pid, call)| call.split_once('(')).context("no call")?.0;
    same(call, expected)?;
    running.end_by(Signal::SIGTERM)?;
    Ok(())
}

fn it_does_not_wake_up_in_10_seconds(target: Target) -> Result<()> {
    let mut running = pause(target).spawn()?;
    let call = running.fall_asleep()?;
    let before = (process::switches(running.pid())?, process::cpu_time(running.pid())?);
    thread::sleep(Duration::from_secs(10));
    same((process::switches(running.pid())?, process::cpu_time(running.pid())?), before)?;
    same(running.fall_asleep()?, call)?;
    running.end_by(Signal::SIGTERM)?.is(&Outcome::exited("", 0))
}

fn it_takes_16_kb_of_memory(target: Target) -> Result<()> {
    let mut running = pause(target).spawn()?;
    running.fall_asleep()?;
    let kilobytes = process::resident(running.pid())?;
    ensure!(kilobytes <= 16, "{kilobytes} kB are resident");
    running.end_by(Signal::SIGTERM)?.is(&Outcome::exited("", 0))
}
