//! `-p`: COMMAND hears of the death of pid1's parent.

use std::ffi::OsString;
use std::fs;

use anyhow::{Context, Result};
use mote_tests::{Case, Cpu, Start, Suite, require};

use crate::scene::{Scene, itself};

pub(crate) fn add(suite: Suite) -> Suite {
    let all = Case::all();
    suite
        .each("pid1::p_tells_command_when_the_parent_dies", &all, dies)
        .each("pid1::p_takes_a_signal_that_is_rewritten", &all, rewritten)
        .each("pid1::p_notices_that_the_parent_has_died_already", &Case::native(), died_meanwhile)
        .each("pid1::without_p_the_death_of_the_parent_is_no_news", &all, no_news)
}

/// pid1 with a parent that dies, below the words of `wrapper`.
fn family(scene: &Scene, case: Case, wrapper: &[OsString], options: &str, steps: &str) -> Result<Start> {
    let itself = itself(case)?.into_iter().map(OsString::from);
    scene.family(wrapper.iter().cloned().chain(itself), options, steps)
}

/// The signal that COMMAND gets when the parent has ended.
fn hears(case: Case, options: &str, signal: i32) -> Result<()> {
    let scene = Scene::new()?;
    let steps = format!("say=ready hear={signal} touch=@heard");
    let _running = family(&scene, case, &[], options, &steps)?.spawn()?;
    scene.until("ready")?;
    fs::write(scene.path("end"), "")?;
    mote_tests::until("the signal", || Ok(scene.path("heard").exists().then_some(())))
        .with_context(|| options.to_owned())
}

fn dies(case: Case) -> Result<()> {
    for option in ["-p USR1", "-p SIGUSR1", "-p 10", "--parent-death=USR1"] {
        hears(case, option, 10)?;
    }
    hears(case, "-p TERM", 15)?;
    if case.cpu == Cpu::Native {
        hears(case, "-p RTMIN+3", 37)?;
    }
    Ok(())
}

fn rewritten(case: Case) -> Result<()> {
    hears(case, "-p TERM -r TERM:USR2", 12)
}

/// The parent ends when pid1 knows who it is, and before the kernel is asked to tell: strace holds that call up.
fn died_meanwhile(case: Case) -> Result<()> {
    let scene = Scene::new()?;
    let calls = scene.path("calls");
    let strace = require::tool("strace", "strace")?;
    let options = "-D -qq -e trace=getppid,prctl,kill -e inject=prctl:delay_enter=5000000:when=2 -o";
    let words = options.split(' ').map(OsString::from);
    let wrapper: Vec<_> = [strace.into()].into_iter().chain(words).chain([calls.clone().into()]).collect();
    let _running = family(&scene, case, &wrapper, "-p USR1", "sleep")?.spawn()?;
    let log = || fs::read_to_string(&calls).unwrap_or_default();
    let said =
        |call: &str, word: &str| log().lines().any(|line| line.starts_with(call) && line.contains(word));
    mote_tests::until("pid1 to know its parent", || Ok(said("getppid", "= ").then_some(())))?;
    fs::write(scene.path("end"), "")?;
    mote_tests::until("the signal", || Ok(said("kill", "SIGUSR1)").then_some(()))).with_context(log)
}

/// SIGUSR2 from COMMAND's own side comes last, and alone.
fn no_news(case: Case) -> Result<()> {
    let scene = Scene::new()?;
    let steps = "say=ready fork [ await=@end await=@go kill=12 ] hear=12 touch=@heard";
    let _running = family(&scene, case, &[], "", steps)?.spawn()?;
    scene.until("ready")?;
    fs::write(scene.path("end"), "")?;
    fs::write(scene.path("go"), "")?;
    mote_tests::until("the signal", || Ok(scene.path("heard").exists().then_some(())))?;
    let signals: Vec<String> = scene.lines().into_iter().filter(|line| line.contains("signal")).collect();
    mote_tests::outcome::same(signals.len(), 1).with_context(|| format!("{signals:?}"))
}
