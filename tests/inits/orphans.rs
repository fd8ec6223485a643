//! Orphans that remain after the child of pid1: SIGTERM and SIGCONT, a timeout, and SIGKILL.

use std::fs;
use std::time::Instant;

use anyhow::{Context, Result, ensure};
use mote_tests::outcome::same;
use mote_tests::signal::{SIGCONT, SIGTERM, SIGUSR1};
use mote_tests::test_dir::{TestDir, child_of, exits, send};
use mote_tests::{Suite, Target, process, until};

use crate::ending::{NO_LINES, SLACK, ends_within};
use crate::fixture::step;
use crate::init::{Init, PID1, tests};

pub(crate) fn add(suite: Suite) -> Suite {
    let (all, native) = (Target::all(), Target::native());
    tests!(suite;
        [PID1], all => orphans_get_sigterm_and_sigcont_and_are_waited_for, stopped_orphans_continue,
            orphans_get_sigkill_after_4_seconds, orphans_get_sigkill_at_the_timeout,
            orphans_get_sigkill_at_once_with_t_0, exits_at_once_without_orphans,
            hundreds_of_orphans_are_gone_in_time, signals_are_not_forwarded_after_the_end_of_the_child;
        [PID1], native => the_timer_for_orphans_has_exactly_the_documented_length,
            orphans_get_sigkill_at_once_if_the_timer_is_refused;
    )
}

/// An orphan that ignores SIGTERM, and a child that leaves it after SIGUSR1.
const STUBBORN: &str =
    "ignore=SIGTERM daemon [ touch=@orphan sleep ] await=@orphan say=ready block hear=SIGUSR1 exit=3";

/// The orphan takes a second to exit. The status is the child's.
fn orphans_get_sigterm_and_sigcont_and_are_waited_for(target: Target, init: Init) -> Result<()> {
    let dir = TestDir::new()?;
    let steps = "block daemon [ name=orphan touch=@orphan hear=SIGTERM hear=SIGCONT \
                 exec sh -c sleep${IFS}1;touch${IFS}@done ] await=@orphan exit=3";
    let start = Instant::now();
    let running = dir.play(init.start(target), "", &dir.resolve(steps))?.spawn()?;
    ends_within(start, running, (3, NO_LINES), 1.0..4.0)?;
    ensure!(dir.join("done").exists(), "the orphan was killed");
    same(dir.received("orphan", 1)?, vec![SIGTERM, SIGCONT])
}

fn stopped_orphans_continue(target: Target, init: Init) -> Result<()> {
    let dir = TestDir::new()?;
    let steps = "daemon [ touch=@orphan exec sh -c kill${IFS}-STOP${IFS}$$ ] await=@orphan say=ready \
                 block hear=SIGUSR1 exit=3";
    let running = dir.start(init.start(target), "", &dir.resolve(steps))?;
    let child = child_of(&running)?;
    until("a stop", || {
        let children = process::children(running.pid())?;
        Ok(children.iter().any(|(_, state)| *state == 'T').then_some(()))
    })?;
    let start = Instant::now();
    send(child, SIGUSR1)?;
    ends_within(start, running, (3, NO_LINES), 0.0..SLACK)
}

fn killed_after(target: Target, init: Init, options: &str, seconds: u32) -> Result<()> {
    let dir = TestDir::new()?;
    let running = dir.start(init.start(target), options, &dir.resolve(STUBBORN))?;
    let start = Instant::now();
    send(child_of(&running)?, SIGUSR1)?;
    let expected = f64::from(seconds)..f64::from(seconds) + SLACK;
    ends_within(start, running, (3, &[step(seconds, "SIGKILL")]), expected)
}

fn orphans_get_sigkill_after_4_seconds(target: Target, init: Init) -> Result<()> {
    killed_after(target, init, "", 4)
}

fn orphans_get_sigkill_at_the_timeout(target: Target, init: Init) -> Result<()> {
    killed_after(target, init, "-t 1", 1)
}

fn orphans_get_sigkill_at_once_with_t_0(target: Target, init: Init) -> Result<()> {
    killed_after(target, init, "-t 0", 0)
}

/// Expects that the init sets its timer to so many seconds. strace shows the length, however loaded the machine is.
fn the_timer_for_orphans_has_exactly_the_documented_length(target: Target, init: Init) -> Result<()> {
    for (options, seconds) in [("", 4), ("-t 7", 7)] {
        let dir = TestDir::new()?;
        let launcher = init.start(target).trace_all(&dir.join("calls"));
        let steps = "daemon [ touch=@orphan sleep ] await=@orphan exit=3";
        exits(&dir.play(launcher, options, &dir.resolve(steps))?.run()?, 3)?;
        let calls = fs::read_to_string(dir.join("calls"))?;
        let timers = calls.lines().filter(|call| call.contains("setitimer(ITIMER_REAL, {"));
        let armed: Vec<&str> =
            timers.filter(|call| !call.contains("it_value={tv_sec=0, tv_usec=0}")).collect();
        let value = format!("it_value={{tv_sec={seconds}, tv_usec=1}}");
        ensure!(armed.len() == 1 && armed[0].contains(&value), "expected one timer, {value}: {armed:?}");
    }
    Ok(())
}

/// Without a timer nothing would end the grace period. The same holds below PID 1 for the child's group.
fn orphans_get_sigkill_at_once_if_the_timer_is_refused(target: Target, init: Init) -> Result<()> {
    let in_group = STUBBORN.replace("daemon", "fork");
    for errno in ["EPERM", "ENOSYS"] {
        for (launcher, steps) in [(init.start(target), STUBBORN), (init.below(target), in_group.as_str())] {
            let dir = TestDir::new()?;
            let running = dir.start(launcher.refuse("setitimer", errno), "", &dir.resolve(steps))?;
            send(child_of(&running)?, SIGUSR1)?;
            exits(&running.wait()?, 3).with_context(|| errno.to_owned())?;
        }
    }
    Ok(())
}

fn exits_at_once_without_orphans(target: Target, init: Init) -> Result<()> {
    for (options, steps) in
        [("", "exit=3"), ("-t 9", "exit=3"), ("", "daemon [ ] exit=3"), ("-t 9", "daemon [ sleep ] exit=3")]
    {
        let dir = TestDir::new()?;
        let start = Instant::now();
        let running = dir.play(init.start(target), options, steps)?.spawn()?;
        ends_within(start, running, (3, NO_LINES), 0.0..SLACK)?;
    }
    Ok(())
}

fn hundreds_of_orphans_are_gone_in_time(target: Target, init: Init) -> Result<()> {
    let dir = TestDir::new()?;
    let steps = "orphans=300 [ session sleep ] ignore=SIGTERM orphans=300 [ group sleep ] exit=3";
    let start = Instant::now();
    let running = dir.play(init.start(target), "-t 1", steps)?.spawn()?;
    ends_within(start, running, (3, &[step(1, "SIGKILL")]), 1.0..1.0 + 2.0 * SLACK)
}

/// Orphans get the signals of the shutdown, and not those that arrive at the init.
fn signals_are_not_forwarded_after_the_end_of_the_child(target: Target, init: Init) -> Result<()> {
    let dir = TestDir::new()?;
    let steps = "block daemon [ name=orphan touch=@orphan hear ] await=@orphan exit=3";
    let start = Instant::now();
    let running = dir.play(init.start(target), "-t 2", &dir.resolve(steps))?.spawn()?;
    dir.until_received("orphan", 1, &[SIGTERM, SIGCONT])?;
    send(running.pid(), SIGUSR1)?;
    ends_within(start, running, (3, &[step(2, "SIGKILL")]), 2.0..2.0 + SLACK)?;
    same(dir.received("orphan", 1)?, vec![SIGTERM, SIGCONT])
}
