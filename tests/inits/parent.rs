//! `-p`: COMMAND hears of the death of pid1's parent.

use std::ffi::OsString;
use std::fs;

use anyhow::{Context, Result};
use mote_tests::{Cpu, Launcher, Suite, Target, require};

use crate::fixture::{TestDir, itself};

pub(crate) fn add(suite: Suite) -> Suite {
    let all = Target::all();
    suite
        .each("pid1::p_tells_command_when_the_parent_dies", &all, dies)
        .each("pid1::p_takes_a_signal_that_is_rewritten", &all, rewritten)
        .each("pid1::p_notices_that_the_parent_has_died_already", &Target::native(), died_meanwhile)
        .each("pid1::without_p_the_death_of_the_parent_is_no_news", &all, no_news)
}

/// pid1 with a parent that dies, below the words of `wrapper`.
fn family(
    dir: &TestDir,
    target: Target,
    wrapper: &[OsString],
    options: &str,
    steps: &str,
) -> Result<Launcher> {
    let itself = itself(target)?.into_iter().map(OsString::from);
    dir.family(wrapper.iter().cloned().chain(itself), options, steps)
}

/// The signal that COMMAND gets when the parent has ended.
fn hears(target: Target, options: &str, signal: i32) -> Result<()> {
    let dir = TestDir::new()?;
    let steps = format!("say=ready hear={signal} touch=@heard");
    let _running = family(&dir, target, &[], options, &steps)?.spawn()?;
    dir.until("ready")?;
    fs::write(dir.join("end"), "")?;
    mote_tests::until("the signal", || Ok(dir.join("heard").exists().then_some(())))
        .with_context(|| options.to_owned())
}

fn dies(target: Target) -> Result<()> {
    for option in ["-p USR1", "-p SIGUSR1", "-p 10", "--parent-death=USR1"] {
        hears(target, option, 10)?;
    }
    hears(target, "-p TERM", 15)?;
    if target.cpu == Cpu::Native {
        hears(target, "-p RTMIN+3", 37)?;
    }
    Ok(())
}

fn rewritten(target: Target) -> Result<()> {
    hears(target, "-p TERM -r TERM:USR2", 12)
}

/// The parent ends when pid1 knows who it is, and before the kernel is asked to tell: strace holds that call up.
fn died_meanwhile(target: Target) -> Result<()> {
    let dir = TestDir::new()?;
    let calls = dir.join("calls");
    let strace = require::tool("strace", "strace")?;
    let options = "-D -qq -e trace=getppid,prctl,kill -e inject=prctl:delay_enter=5000000:when=2 -o";
    let words = options.split(' ').map(OsString::from);
    let wrapper: Vec<_> = [strace.into()].into_iter().chain(words).chain([calls.clone().into()]).collect();
    let _running = family(&dir, target, &wrapper, "-p USR1", "sleep")?.spawn()?;
    let log = || fs::read_to_string(&calls).unwrap_or_default();
    let said =
        |call: &str, word: &str| log().lines().any(|line| line.starts_with(call) && line.contains(word));
    mote_tests::until("pid1 to know its parent", || Ok(said("getppid", "= ").then_some(())))?;
    fs::write(dir.join("end"), "")?;
    mote_tests::until("the signal", || Ok(said("kill", "SIGUSR1)").then_some(()))).with_context(log)
}

/// SIGUSR2 from COMMAND's own side comes last, and alone.
fn no_news(target: Target) -> Result<()> {
    let dir = TestDir::new()?;
    let steps = "say=ready fork [ await=@end await=@go kill=12 ] hear=12 touch=@heard";
    let _running = family(&dir, target, &[], "", steps)?.spawn()?;
    dir.until("ready")?;
    fs::write(dir.join("end"), "")?;
    fs::write(dir.join("go"), "")?;
    mote_tests::until("the signal", || Ok(dir.join("heard").exists().then_some(())))?;
    let signals: Vec<String> = dir.lines().into_iter().filter(|line| line.contains("signal")).collect();
    mote_tests::outcome::same(signals.len(), 1).with_context(|| format!("{signals:?}"))
}
