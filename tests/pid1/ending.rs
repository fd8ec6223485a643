//! Shutdown: who gets which signal when, and how long it takes.

use std::ops::Range;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use mote_tests::outcome::same;
use mote_tests::{Case, Running, Suite, process, until};

use crate::scene::{Scene, command_of, exits, pid1, send};

/// What the slowest machine may need for anything that takes no time.
const SLACK: f64 = 3.0;

pub(crate) fn add(suite: Suite) -> Suite {
    let all = Case::all();
    suite
        .each("pid1::without_t_command_has_no_deadline", &all, no_deadline)
        .each("pid1::t_term_comes_again_and_then_kill", &all, two_steps)
        .each("pid1::t_reaches_everything_in_both_steps", &Case::native(), everything)
        .each("pid1::t_0_means_at_once", &all, at_once)
        .each("pid1::t_is_started_by_term_int_and_quit", &all, |case| starts(case, "-t 0", &[15, 2, 3]))
        .each("pid1::t_is_not_started_by_another_signal", &all, other_signals)
        .each("pid1::t_is_started_by_what_a_signal_is_rewritten_to", &all, |case| {
            starts(case, "-t 0 -r HUP:TERM -r USR1:INT -r USR2:QUIT", &[1, 10, 12])
        })
        .each("pid1::t_is_not_started_by_a_signal_that_is_rewritten_or_dropped", &all, dropped)
        .each("pid1::t_is_no_reason_to_wait_if_command_ends", &all, obedient)
        .each("pid1::a_second_term_does_not_prolong_the_deadline", &all, second_term)
        .each("pid1::what_command_leaves_gets_term_and_cont_and_is_waited_for", &all, left_behind)
        .each("pid1::what_command_leaves_stopped_is_continued", &all, left_stopped)
        .each("pid1::what_command_leaves_is_killed_after_4_seconds", &all, |case| stubborn(case, "", 4.0))
        .each("pid1::what_command_leaves_is_killed_at_the_deadline", &all, |case| stubborn(case, "-t 1", 1.0))
        .each("pid1::what_command_leaves_is_killed_at_once_with_t_0", &all, |case| {
            stubborn(case, "-t 0", 0.0)
        })
        .each("pid1::ends_at_once_if_command_leaves_nothing", &all, nothing_left)
        .each("pid1::many_left_behind_are_gone_in_time", &all, many_left)
        .each("pid1::a_clock_that_rings_in_vain_rings_again", &Case::native(), rings_again)
        .each("pid1::an_alarm_of_somebody_outlives_the_setting_of_the_clock", &Case::native(), alarm_kept)
        .each("pid1::an_alarm_from_before_the_start_is_forwarded_and_no_deadline", &all, foreign_alarm)
        .each("pid1::signals_are_forwarded_no_more_when_command_is_gone", &all, after_command)
}

/// It ends with this status after so many seconds.
fn ends_within(start: Instant, running: Running, status: i32, seconds: Range<f64>) -> Result<()> {
    let outcome = running.wait()?;
    let elapsed = start.elapsed().as_secs_f64();
    exits(&outcome, status)?;
    ensure!(seconds.contains(&elapsed), "expected {seconds:?} s, got {elapsed:.3}");
    Ok(())
}

fn no_deadline(case: Case) -> Result<()> {
    let scene = Scene::new()?;
    let running = scene.start(pid1(case), "", "block say=ready hear=12 exit=3")?;
    send(running.pid(), 15)?;
    scene.until_signals("", &[15, 18])?;
    // Longer than what remains after COMMAND would have.
    std::thread::sleep(Duration::from_secs(6));
    send(running.pid(), 12)?;
    exits(&running.wait()?, 3)?;
    same(scene.signals("", 1)?, vec![15, 18, 12])
}

fn two_steps(case: Case) -> Result<()> {
    let scene = Scene::new()?;
    let running = scene.start(pid1(case), "-t 1", "block say=ready hear")?;
    let start = Instant::now();
    send(running.pid(), 15)?;
    ends_within(start, running, 137, 2.0..2.0 + SLACK)?;
    same(scene.signals("", 1)?, vec![15, 18, 15, 18])
}

/// While a SIGALRM waits to be taken the kernel drops another, and that is the clock's here.
fn rings_again(case: Case) -> Result<()> {
    let scene = Scene::new()?;
    let running = scene.start(pid1(case), "-t 1", "block say=ready hear")?;
    send(running.pid(), 15)?;
    scene.until_signals("", &[15, 18])?;
    send(running.pid(), 19)?;
    until("pid1 to stop", || Ok((process::state(running.pid())? == 'T').then_some(())))?;
    send(running.pid(), 14)?;
    std::thread::sleep(Duration::from_secs(2));
    send(running.pid(), 18)?;
    exits(&running.wait()?, 137)
}

/// Whatever SIGALRM waits when the clock is set is taken for one of before. SIGINT, which sets it, is taken first.
fn alarm_kept(case: Case) -> Result<()> {
    let scene = Scene::new()?;
    let running = scene.start(pid1(case), "-t 60", "block say=ready hear=12 exit=3")?;
    send(running.pid(), 19)?;
    until("pid1 to stop", || Ok((process::state(running.pid())? == 'T').then_some(())))?;
    for signal in [2, 14, 18] {
        send(running.pid(), signal)?;
    }
    scene.until_signals("", &[2, 14, 18])?;
    send(running.pid(), 12)?;
    exits(&running.wait()?, 3)?;
    same(scene.signals("", 1)?, vec![2, 14, 18, 12])
}

/// Nothing is sent to those that are not COMMAND before the first deadline.
fn everything(case: Case) -> Result<()> {
    let scene = Scene::new()?;
    let steps = "block daemon [ name=far touch=@far hear ] fork [ name=near touch=@near hear ] \
                 await=@far await=@near say=ready hear";
    let running = scene.start(pid1(case), "-t 1", &scene.resolve(steps))?;
    let start = Instant::now();
    send(running.pid(), 15)?;
    ends_within(start, running, 137, 2.0..2.0 + SLACK)?;
    same(scene.signals("", 1)?, vec![15, 18, 15, 18])?;
    for name in ["far", "near"] {
        same(scene.signals(name, 1)?, vec![15, 18]).with_context(|| name.to_owned())?;
    }
    Ok(())
}

fn at_once(case: Case) -> Result<()> {
    let scene = Scene::new()?;
    let steps = "ignore=15 daemon [ touch=@far sleep ] await=@far say=ready sleep";
    let running = scene.start(pid1(case), "-t 0", &scene.resolve(steps))?;
    let start = Instant::now();
    send(running.pid(), 15)?;
    ends_within(start, running, 137, 0.0..SLACK)
}

fn starts(case: Case, options: &str, signals: &[i32]) -> Result<()> {
    for signal in signals {
        let scene = Scene::new()?;
        let steps = "ignore=1 ignore=2 ignore=3 ignore=10 ignore=12 ignore=15 say=ready sleep";
        let running = scene.start(pid1(case), options, steps)?;
        let start = Instant::now();
        send(running.pid(), *signal)?;
        ends_within(start, running, 137, 0.0..SLACK).with_context(|| format!("signal {signal}"))?;
    }
    Ok(())
}

fn other_signals(case: Case) -> Result<()> {
    goes_on(case, "-t 0", &[1, 10, 14, 18, 28], &[1, 10, 14, 18, 28])
}

fn dropped(case: Case) -> Result<()> {
    goes_on(case, "-t 0 -r TERM:0 -r INT:HUP -r QUIT:USR1", &[15, 2, 3, 28], &[1, 10, 28])
}

/// COMMAND is still there some time after these signals, and ends when it wants to.
fn goes_on(case: Case, options: &str, sent: &[i32], received: &[i32]) -> Result<()> {
    let scene = Scene::new()?;
    let running = scene.start(pid1(case), options, "block say=ready hear=12 exit=3")?;
    for (count, signal) in sent.iter().enumerate() {
        send(running.pid(), *signal)?;
        let dropped = sent.len() - received.len();
        scene.until_signals("", received.get(..(count + 1).saturating_sub(dropped)).unwrap_or_default())?;
    }
    std::thread::sleep(Duration::from_secs(1));
    send(running.pid(), 12)?;
    exits(&running.wait()?, 3)?;
    same(scene.signals("", 1)?, [received, &[12]].concat())
}

fn obedient(case: Case) -> Result<()> {
    let scene = Scene::new()?;
    let running = scene.start(pid1(case), "-t 30", "say=ready sleep")?;
    let start = Instant::now();
    send(running.pid(), 15)?;
    ends_within(start, running, 143, 0.0..SLACK)
}

fn second_term(case: Case) -> Result<()> {
    let scene = Scene::new()?;
    let running = scene.start(pid1(case), "-t 3", "block say=ready hear")?;
    let start = Instant::now();
    send(running.pid(), 15)?;
    scene.until_signals("", &[15, 18])?;
    std::thread::sleep(Duration::from_secs(2).saturating_sub(start.elapsed()));
    send(running.pid(), 15)?;
    // Started anew at the second, the clock would run for eight seconds.
    ends_within(start, running, 137, 6.0..8.0)?;
    same(scene.signals("", 1)?, vec![15, 18, 15, 18, 15, 18])
}

/// It has something to do before it ends, and is given the time. The status is COMMAND's.
fn left_behind(case: Case) -> Result<()> {
    let scene = Scene::new()?;
    let steps = "block daemon [ name=left touch=@left hear=15 hear=18 exec sh -c sleep${IFS}1;touch${IFS}@done ] \
                 await=@left exit=3";
    let start = Instant::now();
    let running = scene.play(pid1(case), "", &scene.resolve(steps))?.spawn()?;
    ends_within(start, running, 3, 1.0..4.0)?;
    ensure!(scene.path("done").exists(), "it was cut short");
    same(scene.signals("left", 1)?, vec![15, 18])
}

fn left_stopped(case: Case) -> Result<()> {
    let scene = Scene::new()?;
    let steps = "daemon [ touch=@left exec sh -c kill${IFS}-STOP${IFS}$$ ] await=@left say=ready block hear=10 exit=3";
    let running = scene.start(pid1(case), "", &scene.resolve(steps))?;
    let command = command_of(&running)?;
    mote_tests::until("a stop", || {
        let children = mote_tests::process::children(running.pid())?;
        Ok(children.iter().any(|(_, state)| *state == 'T').then_some(()))
    })?;
    let start = Instant::now();
    send(command, 10)?;
    ends_within(start, running, 3, 0.0..SLACK)
}

fn stubborn(case: Case, options: &str, seconds: f64) -> Result<()> {
    let scene = Scene::new()?;
    let steps = "ignore=15 daemon [ touch=@left sleep ] await=@left say=ready block hear=10 exit=3";
    let running = scene.start(pid1(case), options, &scene.resolve(steps))?;
    let start = Instant::now();
    send(command_of(&running)?, 10)?;
    ends_within(start, running, 3, seconds..seconds + SLACK)
}

fn nothing_left(case: Case) -> Result<()> {
    for (options, steps) in
        [("", "exit=3"), ("-t 9", "exit=3"), ("", "daemon [ ] exit=3"), ("-t 9", "daemon [ sleep ] exit=3")]
    {
        let scene = Scene::new()?;
        let start = Instant::now();
        let running = scene.play(pid1(case), options, steps)?.spawn()?;
        ends_within(start, running, 3, 0.0..SLACK)?;
    }
    Ok(())
}

fn many_left(case: Case) -> Result<()> {
    let scene = Scene::new()?;
    let steps = "orphans=300 [ session sleep ] ignore=15 orphans=300 [ group sleep ] exit=3";
    let start = Instant::now();
    let running = scene.play(pid1(case), "-t 1", steps)?.spawn()?;
    ends_within(start, running, 3, 1.0..1.0 + 2.0 * SLACK)
}

/// An alarm clock outlives `execve`, and it is another's: COMMAND would have heard it. With `-t` pid1 needs the clock itself.
fn foreign_alarm(case: Case) -> Result<()> {
    let scene = Scene::new()?;
    let running = scene.start(pid1(case).alarm(), "", "block say=ready hear=14 exit=3")?;
    exits(&running.wait()?, 3)?;
    same(scene.signals("", 1)?, vec![14])?;

    let scene = Scene::new()?;
    let running = scene.start(pid1(case).alarm(), "-t 0", "block say=ready hear=12 exit=3")?;
    std::thread::sleep(Duration::from_secs(2));
    send(running.pid(), 12)?;
    exits(&running.wait()?, 3)?;
    let signals = scene.signals("", 1)?;
    ensure!(signals == [12] || signals == [14, 12], "{signals:?}");
    Ok(())
}

/// What is left gets what belongs to the shutdown, and not what comes from outside.
fn after_command(case: Case) -> Result<()> {
    let scene = Scene::new()?;
    let steps = "block daemon [ name=left touch=@left hear ] await=@left exit=3";
    let start = Instant::now();
    let running = scene.play(pid1(case), "-t 2", &scene.resolve(steps))?.spawn()?;
    scene.until_signals("left", &[15, 18])?;
    send(running.pid(), 10)?;
    ends_within(start, running, 3, 2.0..2.0 + SLACK)?;
    same(scene.signals("left", 1)?, vec![15, 18])
}
