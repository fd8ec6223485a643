//! Shutdown: who gets which signal when, and how long it takes.

use std::ops::Range;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use mote_tests::outcome::same;
use mote_tests::{Running, Suite, Target, until};

use crate::fixture::{TestDir, both_steps, exits, pid1, says, send, until_state};

/// Seconds that the slowest machine may need for anything that takes no time.
pub(crate) const SLACK: f64 = 3.0;

/// No line on standard error.
pub(crate) const NO_LINES: &[&str] = &[];

pub(crate) fn add(suite: Suite) -> Suite {
    let all = Target::all();
    suite
        .each("pid1::without_t_command_has_no_deadline", &all, no_deadline)
        .each("pid1::t_term_comes_again_and_then_kill", &all, two_steps)
        .each("pid1::t_reaches_everything_in_both_steps", &Target::native(), everything)
        .each("pid1::t_0_means_at_once", &all, at_once)
        .each("pid1::t_is_started_by_term_and_int", &all, |target| starts(target, "-t 0", &[15, 2]))
        .each("pid1::t_is_not_started_by_another_signal", &all, other_signals)
        .each("pid1::t_is_started_by_what_a_signal_is_rewritten_to", &all, |target| {
            starts(target, "-t 0 -r HUP:TERM -r USR1:INT", &[1, 10])
        })
        .each("pid1::t_is_not_started_by_a_signal_that_is_rewritten_or_dropped", &all, dropped)
        .each("pid1::t_is_no_reason_to_wait_if_command_ends", &all, obedient)
        .each("pid1::a_second_term_does_not_prolong_the_deadline", &all, second_term)
        .each("pid1::a_clock_that_rings_in_vain_rings_again", &Target::native(), rings_again)
        .each("pid1::an_alarm_of_somebody_outlives_the_setting_of_the_clock", &Target::native(), alarm_kept)
        .each("pid1::an_alarm_from_before_the_start_is_forwarded_and_no_deadline", &all, foreign_alarm)
}

/// Checks that it ends with this status after so many seconds, and that these are its lines.
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

fn no_deadline(target: Target) -> Result<()> {
    let dir = TestDir::new()?;
    let running = dir.start(pid1(target), "", "block say=ready hear=12 exit=3")?;
    send(running.pid(), 15)?;
    dir.until_signals("", &[15, 18])?;
    // Longer than what remains after COMMAND would have.
    std::thread::sleep(Duration::from_secs(6));
    send(running.pid(), 12)?;
    exits(&running.wait()?, 3)?;
    same(dir.signals("", 1)?, vec![15, 18, 12])
}

fn two_steps(target: Target) -> Result<()> {
    let dir = TestDir::new()?;
    let running = dir.start(pid1(target), "-t 1", "block say=ready hear")?;
    let start = Instant::now();
    send(running.pid(), 15)?;
    ends_within(start, running, (137, &both_steps(1)), 2.0..2.0 + SLACK)?;
    same(dir.signals("", 1)?, vec![15, 18, 15, 18])
}

/// While a SIGALRM waits to be taken the kernel drops another, and that is the clock's here.
fn rings_again(target: Target) -> Result<()> {
    let dir = TestDir::new()?;
    let running = dir.start(pid1(target), "-t 1", "block say=ready hear")?;
    send(running.pid(), 15)?;
    dir.until_signals("", &[15, 18])?;
    send(running.pid(), 19)?;
    until_state(running.pid(), 'T')?;
    send(running.pid(), 14)?;
    std::thread::sleep(Duration::from_secs(2));
    send(running.pid(), 18)?;
    says(&running.wait()?, 137, &both_steps(1))
}

/// Whatever SIGALRM waits when the clock is set is taken for one of before. SIGINT, which sets it, is taken first.
fn alarm_kept(target: Target) -> Result<()> {
    let dir = TestDir::new()?;
    let running = dir.start(pid1(target), "-t 60", "block say=ready hear=12 exit=3")?;
    send(running.pid(), 19)?;
    until_state(running.pid(), 'T')?;
    for signal in [2, 14, 18] {
        send(running.pid(), signal)?;
    }
    // SIGCONT, which may come before and after SIGALRM, says nothing.
    let without_cont = || -> Result<Vec<i32>> {
        Ok(dir.signals("", 1)?.into_iter().filter(|signal| *signal != 18).collect())
    };
    until("both signals", || Ok((without_cont()? == [2, 14]).then_some(())))?;
    send(running.pid(), 12)?;
    exits(&running.wait()?, 3)?;
    same(without_cont()?, vec![2, 14, 12])
}

/// Before the first step only COMMAND gets SIGTERM, and its process group SIGCONT.
fn everything(target: Target) -> Result<()> {
    let dir = TestDir::new()?;
    let steps = "block daemon [ name=far touch=@far hear ] fork [ name=near touch=@near hear ] \
                 await=@far await=@near say=ready hear";
    let running = dir.start(pid1(target), "-t 1", &dir.resolve(steps))?;
    let start = Instant::now();
    send(running.pid(), 15)?;
    ends_within(start, running, (137, &both_steps(1)), 2.0..2.0 + SLACK)?;
    same(dir.signals("", 1)?, vec![15, 18, 15, 18])?;
    same(dir.signals("far", 1)?, vec![15, 18])?;
    same(dir.signals("near", 1)?, vec![18, 15, 18])
}

fn at_once(target: Target) -> Result<()> {
    let dir = TestDir::new()?;
    let steps = "ignore=15 daemon [ touch=@far sleep ] await=@far say=ready sleep";
    let running = dir.start(pid1(target), "-t 0", &dir.resolve(steps))?;
    let start = Instant::now();
    send(running.pid(), 15)?;
    ends_within(start, running, (137, &both_steps(0)), 0.0..SLACK)
}

pub(crate) fn starts(target: Target, options: &str, signals: &[i32]) -> Result<()> {
    for signal in signals {
        let dir = TestDir::new()?;
        let steps = "ignore=1 ignore=2 ignore=3 ignore=10 ignore=12 ignore=15 say=ready sleep";
        let running = dir.start(pid1(target), options, steps)?;
        let start = Instant::now();
        send(running.pid(), *signal)?;
        ends_within(start, running, (137, &both_steps(0)), 0.0..SLACK)
            .with_context(|| format!("signal {signal}"))?;
    }
    Ok(())
}

fn other_signals(target: Target) -> Result<()> {
    for signal in [1, 3] {
        goes_on(
            target,
            "-t 0",
            &[(signal, &[signal, 18]), (10, &[10]), (14, &[14]), (18, &[18]), (28, &[28])],
        )?;
    }
    Ok(())
}

fn dropped(target: Target) -> Result<()> {
    goes_on(target, "-t 0 -r TERM:0 -r INT:USR1", &[(15, &[]), (2, &[10]), (28, &[28])])
}

/// Sends signals, each of which becomes others. COMMAND is still there some time later, and ends when it wants to.
pub(crate) fn goes_on(target: Target, options: &str, signals: &[(i32, &[i32])]) -> Result<()> {
    let dir = TestDir::new()?;
    let running = dir.start(pid1(target), options, "block say=ready hear=12 exit=3")?;
    let mut expected = Vec::new();
    for (sent, received) in signals {
        send(running.pid(), *sent)?;
        expected.extend_from_slice(received);
        dir.until_signals("", &expected)?;
    }
    std::thread::sleep(Duration::from_secs(1));
    send(running.pid(), 12)?;
    expected.push(12);
    exits(&running.wait()?, 3)?;
    same(dir.signals("", 1)?, expected)
}

fn obedient(target: Target) -> Result<()> {
    let dir = TestDir::new()?;
    let running = dir.start(pid1(target), "-t 30", "say=ready sleep")?;
    let start = Instant::now();
    send(running.pid(), 15)?;
    ends_within(start, running, (143, NO_LINES), 0.0..SLACK)
}

fn second_term(target: Target) -> Result<()> {
    let dir = TestDir::new()?;
    let running = dir.start(pid1(target), "-t 3", "block say=ready hear")?;
    let start = Instant::now();
    send(running.pid(), 15)?;
    dir.until_signals("", &[15, 18])?;
    std::thread::sleep(Duration::from_secs(2).saturating_sub(start.elapsed()));
    send(running.pid(), 15)?;
    // Started anew at the second, the clock would run for eight seconds.
    ends_within(start, running, (137, &both_steps(3)), 6.0..8.0)?;
    same(dir.signals("", 1)?, vec![15, 18, 15, 18, 15, 18])
}

/// An alarm clock outlives `execve`, and it is another's: COMMAND would have heard it. With `-t` pid1 needs the clock itself.
fn foreign_alarm(target: Target) -> Result<()> {
    let dir = TestDir::new()?;
    let running = dir.start(pid1(target).alarm(), "", "block say=ready hear=14 exit=3")?;
    exits(&running.wait()?, 3)?;
    same(dir.signals("", 1)?, vec![14])?;

    let dir = TestDir::new()?;
    let running = dir.start(pid1(target).alarm(), "-t 0", "block say=ready hear=12 exit=3")?;
    std::thread::sleep(Duration::from_secs(2));
    send(running.pid(), 12)?;
    exits(&running.wait()?, 3)?;
    let signals = dir.signals("", 1)?;
    ensure!(signals == [12] || signals == [14, 12], "{signals:?}");
    Ok(())
}
