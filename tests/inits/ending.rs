//! Shutdown of pid1 with `-t`: which process gets which signal when, and how long it takes.

use std::ops::Range;
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use mote_tests::outcome::same;
use mote_tests::signal::{
    SIGALRM, SIGCONT, SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGUSR1, SIGUSR2, SIGWINCH, Signal,
};
use mote_tests::test_dir::{TestDir, exits, send};
use mote_tests::{Running, Suite, Target};

use crate::fixture::{both_steps, pid1, says};
use crate::init::{Init, PID1, tests};

/// Seconds that the slowest machine may need for anything that takes no time.
pub(crate) const SLACK: f64 = 3.0;

/// No line on standard error.
pub(crate) const NO_LINES: &[&str] = &[];

pub(crate) fn add(suite: Suite) -> Suite {
    let (all, native) = (Target::all(), Target::native());
    tests!(suite;
        [PID1], all => without_t_the_child_has_no_timeout, sigterm_is_sent_again_at_the_timeout_and_then_sigkill,
            t_0_escalates_at_once, t_starts_with_sigterm_and_sigint, t_does_not_start_with_another_signal,
            t_starts_with_the_signal_after_rewriting, t_does_not_start_with_a_signal_that_is_rewritten_or_dropped,
            exits_with_a_child_that_handles_sigterm, a_second_sigterm_does_not_prolong_the_timeout;
        [PID1], native => both_steps_reach_every_process;
    )
}

/// Expects that the init exits with this status after so many seconds, with these lines on standard error.
pub(crate) fn ends_within<T: AsRef<str>>(
    start: Instant,
    running: Running,
    (status, lines): (i32, &[T]),
    seconds: Range<f64>,
) -> Result<()> {
    let outcome = running.wait()?;
    let elapsed = start.elapsed().as_secs_f64();
    says(&outcome, status, lines)?;
    ensure!(seconds.contains(&elapsed), "expected {seconds:?} s, got {elapsed:.3}");
    Ok(())
}

/// Orphans would have 4 seconds.
fn without_t_the_child_has_no_timeout(target: Target, init: Init) -> Result<()> {
    let dir = TestDir::new()?;
    let running = dir.start(init.start(target), "", "block say=ready hear=SIGUSR2 exit=3")?;
    send(running.pid(), SIGTERM)?;
    dir.until_received("", 1, &[SIGTERM, SIGCONT])?;
    thread::sleep(Duration::from_secs(6));
    send(running.pid(), SIGUSR2)?;
    exits(&running.wait()?, 3)?;
    same(dir.received("", 1)?, vec![SIGTERM, SIGCONT, SIGUSR2])
}

fn sigterm_is_sent_again_at_the_timeout_and_then_sigkill(target: Target, init: Init) -> Result<()> {
    let dir = TestDir::new()?;
    let running = dir.start(init.start(target), "-t 1", "block say=ready hear")?;
    let start = Instant::now();
    send(running.pid(), SIGTERM)?;
    ends_within(start, running, (137, &both_steps(1)), 2.0..2.0 + SLACK)?;
    same(dir.received("", 1)?, vec![SIGTERM, SIGCONT, SIGTERM, SIGCONT])
}

/// Before the first timeout only the child gets SIGTERM, and its process group SIGCONT.
fn both_steps_reach_every_process(target: Target, init: Init) -> Result<()> {
    let dir = TestDir::new()?;
    let steps = "block daemon [ name=far touch=@far hear ] fork [ name=near touch=@near hear ] \
                 await=@far await=@near say=ready hear";
    let running = dir.start(init.start(target), "-t 1", &dir.resolve(steps))?;
    let start = Instant::now();
    send(running.pid(), SIGTERM)?;
    ends_within(start, running, (137, &both_steps(1)), 2.0..2.0 + SLACK)?;
    same(dir.received("", 1)?, vec![SIGTERM, SIGCONT, SIGTERM, SIGCONT])?;
    same(dir.received("far", 1)?, vec![SIGTERM, SIGCONT])?;
    same(dir.received("near", 1)?, vec![SIGCONT, SIGTERM, SIGCONT])
}

fn t_0_escalates_at_once(target: Target, init: Init) -> Result<()> {
    let dir = TestDir::new()?;
    let steps = "ignore=SIGTERM daemon [ touch=@far sleep ] await=@far say=ready sleep";
    let running = dir.start(init.start(target), "-t 0", &dir.resolve(steps))?;
    let start = Instant::now();
    send(running.pid(), SIGTERM)?;
    ends_within(start, running, (137, &both_steps(0)), 0.0..SLACK)
}

/// Expects that each of the signals starts a timeout of no length.
pub(crate) fn starts<S: Into<Signal> + Copy>(target: Target, options: &str, signals: &[S]) -> Result<()> {
    for signal in signals.iter().map(|signal| (*signal).into()) {
        let dir = TestDir::new()?;
        let ignored = [SIGHUP, SIGINT, SIGQUIT, SIGUSR1, SIGUSR2, SIGTERM].map(|s| format!("ignore={s} "));
        let running = dir.start(pid1(target), options, &format!("{} say=ready sleep", ignored.concat()))?;
        let start = Instant::now();
        send(running.pid(), signal)?;
        ends_within(start, running, (137, &both_steps(0)), 0.0..SLACK).with_context(|| signal.to_string())?;
    }
    Ok(())
}

fn t_starts_with_sigterm_and_sigint(target: Target, _: Init) -> Result<()> {
    starts(target, "-t 0", &[SIGTERM, SIGINT])
}

fn t_starts_with_the_signal_after_rewriting(target: Target, _: Init) -> Result<()> {
    starts(target, "-t 0 -r HUP:TERM -r USR1:INT", &[SIGHUP, SIGUSR1])
}

/// Sends signals, each of which becomes others. The child is still there some time later, and exits at SIGUSR2.
pub(crate) fn goes_on<S: Into<Signal> + Copy>(
    target: Target,
    options: &str,
    signals: &[(S, &[S])],
) -> Result<()> {
    let dir = TestDir::new()?;
    let running = dir.start(pid1(target), options, "block say=ready hear=SIGUSR2 exit=3")?;
    let mut expected: Vec<Signal> = Vec::new();
    for (sent, received) in signals {
        send(running.pid(), *sent)?;
        expected.extend(received.iter().map(|signal| (*signal).into()));
        dir.until_received("", 1, &expected)?;
    }
    thread::sleep(Duration::from_secs(1));
    send(running.pid(), SIGUSR2)?;
    expected.push(SIGUSR2);
    exits(&running.wait()?, 3)?;
    same(dir.received("", 1)?, expected)
}

fn t_does_not_start_with_another_signal(target: Target, _: Init) -> Result<()> {
    for signal in [SIGHUP, SIGQUIT] {
        let others = [SIGUSR1, SIGALRM, SIGCONT, SIGWINCH].map(|signal| (signal, [signal]));
        let first = [signal, SIGCONT];
        let signals: Vec<(Signal, &[Signal])> = [(signal, first.as_slice())]
            .into_iter()
            .chain(others.iter().map(|(sent, received)| (*sent, received.as_slice())))
            .collect();
        goes_on(target, "-t 0", &signals)?;
    }
    Ok(())
}

fn t_does_not_start_with_a_signal_that_is_rewritten_or_dropped(target: Target, _: Init) -> Result<()> {
    let signals: [(Signal, &[Signal]); 3] = [(SIGTERM, &[]), (SIGINT, &[SIGUSR1]), (SIGWINCH, &[SIGWINCH])];
    goes_on(target, "-t 0 -r TERM:0 -r INT:USR1", &signals)
}

fn exits_with_a_child_that_handles_sigterm(target: Target, init: Init) -> Result<()> {
    let dir = TestDir::new()?;
    let running = dir.start(init.start(target), "-t 30", "say=ready sleep")?;
    let start = Instant::now();
    send(running.pid(), SIGTERM)?;
    ends_within(start, running, (SIGTERM.status(), NO_LINES), 0.0..SLACK)
}

fn a_second_sigterm_does_not_prolong_the_timeout(target: Target, init: Init) -> Result<()> {
    let dir = TestDir::new()?;
    let running = dir.start(init.start(target), "-t 3", "block say=ready hear")?;
    let start = Instant::now();
    send(running.pid(), SIGTERM)?;
    dir.until_received("", 1, &[SIGTERM, SIGCONT])?;
    thread::sleep(Duration::from_secs(2).saturating_sub(start.elapsed()));
    send(running.pid(), SIGTERM)?;
    // Started again by the second, the timeout would end after eight seconds.
    ends_within(start, running, (137, &both_steps(3)), 6.0..8.0)?;
    same(dir.received("", 1)?, vec![SIGTERM, SIGCONT, SIGTERM, SIGCONT, SIGTERM, SIGCONT])
}
