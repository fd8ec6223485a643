//! `-v` of pid1: a line on standard error for each start, forwarded signal, reaped process and exit.

use std::fs;

use anyhow::{Context, Result, ensure};
use mote_tests::outcome::{End, same};
use mote_tests::signal::{
    SIGABRT, SIGCONT, SIGHUP, SIGKILL, SIGSEGV, SIGTERM, SIGUSR1, SIGUSR2, SIGWINCH, Signal,
};
use mote_tests::test_dir::{TestDir, child_of, exits, fact, send};
use mote_tests::{Suite, Target, until};

use crate::fixture::{errors, killed_by, pid1, with_errors};
use crate::forward::NEVER;
use crate::init::{Init, PID1, tests};

pub(crate) fn add(suite: Suite) -> Suite {
    let (all, native) = (Target::all(), Target::native());
    tests!(suite;
        [PID1], all => v_reports_the_start_and_the_exit, v_reports_forwarded_signals, v_reports_reaped_processes,
            v_reports_the_signal_that_killed_the_child, without_v_nothing_is_reported;
        [PID1], native => v_names_each_of_the_64_signals;
    )
}

/// Runs a child with these steps, sends signals, each of which becomes others, and returns the child's PID and all lines.
fn lines(
    target: Target,
    options: &str,
    steps: &str,
    signals: &[(Signal, Vec<Signal>)],
    status: i32,
) -> Result<(i32, Vec<String>)> {
    let dir = TestDir::new()?;
    let steps = format!("report {steps}");
    let running = dir.start(with_errors(pid1(target), &dir)?, options, &dir.resolve(&steps))?;
    let mut expected = Vec::new();
    for (sent, received) in signals {
        send(running.pid(), *sent)?;
        expected.extend_from_slice(received);
        dir.until_received("", 1, &expected)?;
    }
    same(running.wait()?.end, End::Exited(status))?;
    let text = fs::read_to_string(dir.join("errors"))?;
    ensure!(text.ends_with('\n') && text.lines().all(|line| line.starts_with("pid1: ")), "{text}");
    Ok((fact(&dir.lines(), "pid")?.parse()?, errors(&dir)))
}

fn v_reports_the_start_and_the_exit(target: Target, _: Init) -> Result<()> {
    for option in ["-v", "--verbose"] {
        let (child, lines) = lines(target, option, "say=ready exit=7", &[], 7)?;
        let expected = [format!("started {child}"), format!("reaped {child}"), "exiting with 7".to_owned()];
        same(&lines[..], &expected)?;
    }
    Ok(())
}

/// SIGCONT that follows a signal has no line of its own, and a signal that is dropped has none.
fn v_reports_forwarded_signals(target: Target, _: Init) -> Result<()> {
    let signals = [
        (SIGUSR1, vec![SIGUSR1]),
        (SIGTERM, vec![SIGTERM, SIGCONT]),
        (SIGWINCH, vec![]),
        (SIGHUP, vec![SIGUSR2]),
    ];
    let steps = "block say=ready hear=SIGUSR2 exit=0";
    let (child, lines) = lines(target, "-v -r HUP:USR2 -r WINCH:0", steps, &signals, 0)?;
    let forwarded = |signal: Signal| format!("forwarded to {child}: {signal}");
    let expected = [
        format!("started {child}"),
        forwarded(SIGUSR1),
        forwarded(SIGTERM),
        forwarded(SIGUSR2),
        format!("reaped {child}"),
        "exiting with 0".to_owned(),
    ];
    same(&lines[..], &expected)
}

/// SIGUSR2 comes last and ends the child.
fn v_names_each_of_the_64_signals(target: Target, init: Init) -> Result<()> {
    let signals: Vec<(Signal, Vec<Signal>)> = Signal::all()
        .filter(|signal| !NEVER.contains(signal) && *signal != SIGUSR2)
        .chain([SIGUSR2])
        .map(|signal| (signal, init.forwarded(signal).collect()))
        .collect();
    let (child, lines) = lines(target, "-v", "block say=ready hear=SIGUSR2 exit=3", &signals, 3)?;
    let expected: Vec<String> =
        signals.iter().map(|(signal, _)| format!("forwarded to {child}: {signal}")).collect();
    let forwarded: Vec<String> = lines.into_iter().filter(|line| line.starts_with("forwarded")).collect();
    same(forwarded, expected)
}

/// The children of the child are its own as long as it runs.
fn v_reports_reaped_processes(target: Target, init: Init) -> Result<()> {
    let dir = TestDir::new()?;
    let steps = "orphans=1 [ name=orphan report exit=5 ] orphans=1 [ name=killed report die=SIGKILL ] \
                 fork [ name=own report ] say=ready block hear=SIGUSR1 exit=3";
    let running = dir.start(with_errors(init.start(target), &dir)?, "-v", steps)?;
    for (name, signal) in [("orphan", ""), ("killed", ": SIGKILL")] {
        let line = format!("reaped {}{signal}", pid_of(&dir, name)?);
        until("a line", || Ok(errors(&dir).contains(&line).then_some(())))
            .with_context(|| format!("{line}: {:?}", errors(&dir)))?;
    }
    let own = format!("reaped {}", pid_of(&dir, "own")?);
    ensure!(!errors(&dir).contains(&own), "{:?}", errors(&dir));
    send(child_of(&running)?, SIGUSR1)?;
    same(running.wait()?.end, End::Exited(3))
}

/// Returns the PID that the test child of this name has reported.
fn pid_of(dir: &TestDir, name: &str) -> Result<String> {
    let prefix = format!("{name}: pid ");
    until("a report", || {
        Ok(dir.lines().iter().find_map(|line| line.strip_prefix(&prefix)).map(str::to_owned))
    })
}

fn v_reports_the_signal_that_killed_the_child(target: Target, _: Init) -> Result<()> {
    for signal in [SIGTERM, SIGKILL, SIGUSR1, SIGSEGV, SIGABRT] {
        reports_kill(target, "-v", signal, signal.status())?;
    }
    reports_kill(target, "-v -x 143:0", SIGTERM, 0)
}

/// The third line is written without `-v` as well.
fn reports_kill(target: Target, options: &str, signal: Signal, status: i32) -> Result<()> {
    let (child, lines) = lines(target, options, &format!("say=ready die={signal}"), &[], status)?;
    let expected = [
        format!("started {child}"),
        format!("reaped {child}: {signal}"),
        killed_by(&signal.to_string())?,
        format!("exiting with {status}: {signal}"),
    ];
    same(&lines[..], &expected)
}

fn without_v_nothing_is_reported(target: Target, init: Init) -> Result<()> {
    let dir = TestDir::new()?;
    let steps = "daemon [ exit=5 ] block say=ready hear=SIGUSR1 exit=3";
    let running = dir.start(init.start(target), "", steps)?;
    send(running.pid(), SIGUSR1)?;
    exits(&running.wait()?, 3)
}
