//! `-p`: the child receives a signal when pid1's parent dies.

use std::ffi::OsString;
use std::fs;

use anyhow::{Context, Result, ensure};
use mote_tests::{Launcher, Suite, Target, require, until};

use crate::fixture::{TestDir, itself};

pub(crate) fn add(suite: Suite) -> Suite {
    let all = &Target::all();
    suite
        .test(all, p_sends_the_signal_when_the_parent_dies)
        .test(&Target::native(), p_sends_real_time_signals)
        .test(&Target::native(), p_sends_the_signal_if_the_parent_died_before_the_request)
        .test(all, without_p_no_signal_is_sent)
}

/// Returns a start of pid1, below `wrapper`, with a parent that dies.
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

/// Checks that the child receives the signal when the parent has ended.
fn sends(target: Target, options: &str, signal: &str) -> Result<()> {
    let dir = TestDir::new()?;
    let steps = format!("say=ready hear={signal} touch=@received");
    let _running = family(&dir, target, &[], options, &steps)?.spawn()?;
    dir.until("ready")?;
    fs::write(dir.join("end"), "")?;
    until(signal, || Ok(dir.join("received").exists().then_some(()))).with_context(|| options.to_owned())
}

fn p_sends_the_signal_when_the_parent_dies(target: Target) -> Result<()> {
    for option in ["-p USR1", "-p SIGUSR1", "-p 10", "--parent-death=USR1"] {
        sends(target, option, "SIGUSR1")?;
    }
    sends(target, "-p TERM", "SIGTERM")?;
    sends(target, "-p TERM -r TERM:USR2", "SIGUSR2")
}

/// Emulators have other numbers for them.
fn p_sends_real_time_signals(target: Target) -> Result<()> {
    sends(target, "-p RTMIN+3", "SIGRTMIN+3")
}

/// The parent ends between pid1's getppid(2) and prctl(2), which strace delays.
fn p_sends_the_signal_if_the_parent_died_before_the_request(target: Target) -> Result<()> {
    let dir = TestDir::new()?;
    let calls = dir.join("calls");
    let strace = require::tool("strace", "strace")?;
    let options = "-D -qq -e trace=getppid,prctl,kill -e inject=prctl:delay_enter=5000000:when=2 -o";
    let options = options.split(' ').map(OsString::from);
    let wrapper: Vec<_> = [strace.into()].into_iter().chain(options).chain([calls.clone().into()]).collect();
    let _running = family(&dir, target, &wrapper, "-p USR1", "sleep")?.spawn()?;
    let log = || fs::read_to_string(&calls).unwrap_or_default();
    let has =
        |call: &str, part: &str| log().lines().any(|line| line.starts_with(call) && line.contains(part));
    until("getppid", || Ok(has("getppid", "= ").then_some(())))?;
    fs::write(dir.join("end"), "")?;
    until("kill", || Ok(has("kill", "SIGUSR1)").then_some(()))).with_context(log)
}

/// SIGUSR2 from the child's own child comes last, and alone.
fn without_p_no_signal_is_sent(target: Target) -> Result<()> {
    let dir = TestDir::new()?;
    let steps = "say=ready fork [ await=@end await=@go kill=SIGUSR2 ] hear=SIGUSR2 touch=@received";
    let _running = family(&dir, target, &[], "", steps)?.spawn()?;
    dir.until("ready")?;
    fs::write(dir.join("end"), "")?;
    fs::write(dir.join("go"), "")?;
    until("SIGUSR2", || Ok(dir.join("received").exists().then_some(())))?;
    let signals = dir.lines().iter().filter(|line| line.contains("signal")).count();
    ensure!(signals == 1, "{:?}", dir.lines());
    Ok(())
}
