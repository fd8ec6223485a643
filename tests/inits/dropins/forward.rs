//! Signals that come to the init go on to COMMAND, or to its process group.

use std::fs;

use anyhow::{Context, Result};
use mote_tests::outcome::same;
use mote_tests::test_dir::{TestDir, command_of, exits, send};
use mote_tests::{Cpu, Launcher, Running, Suite, Target};
use nix::sys::signal::Signal;

use crate::dropins::reaping::until_it_waits;
use crate::init::{CATATONIT, DUMB_INIT, Init, TINI, each, of, says_without_pids};

/// SIGKILL and SIGSTOP, which can't be caught.
pub(crate) const UNCATCHABLE: [i32; 2] = [9, 19];

/// The init's own.
const CHLD: i32 = 17;

pub(crate) fn add(suite: Suite) -> Suite {
    let (all, native) = (Target::all(), Target::native());
    let emulated = Target::emulated();
    let suite = each(suite, "forwards_each_signal", &native, |target, init| forwards(target, init, 1..=64));
    // They keep the numbers at both ends of the real-time ones to themselves.
    let suite = each(suite, "forwards_signals", &emulated, |target, init| {
        forwards(target, init, [1, 2, 3, 10, 12, 15, 18, 28, 36, 50])
    });
    let suite = each(suite, "forwards_each_real_time_signal_as_often_as_it_comes", &native, queues);
    let suite =
        each(suite, "does_not_forward_sigchld", &all, |target, init| forwards(target, init, [17, 28]));
    let suite = each(suite, "forwards_to_command_alone", &all, |target, init| {
        whom(target, init.start(target), init.alone, false)
    });
    let suite = each(suite, "forwards_to_the_process_group", &all, |target, init| {
        whom(target, init.start(target), init.group, true)
    });
    // The child of dumb-init leads a session, and can't leave its group.
    let suite = [TINI, CATATONIT].into_iter().fold(suite, |suite, init| {
        let name = "forwards_to_the_process_group_and_to_a_command_that_left_it";
        let suite = of(suite, init, name, &all, left_group);
        of(suite, init, "forwards_to_a_command_that_left_an_empty_process_group", &all, left_empty_group)
    });
    let suite = each(suite, "a_refused_kill_is_reported_once", &all, refused);
    let suite = of(suite, TINI, "kill_process_group_in_the_environment_counts", &all, |target, init| {
        whom(target, init.start(target).env("TINI_KILL_PROCESS_GROUP", ""), "", true)
    });
    let suite = of(suite, DUMB_INIT, "no_setsid_in_the_environment_counts", &all, |target, init| {
        whom(target, init.start(target).env("DUMB_INIT_SETSID", "0"), "", false)?;
        whom(target, init.start(target).env("DUMB_INIT_SETSID", "1"), "", true)
    });
    let suite = of(suite, DUMB_INIT, "single_child_is_the_long_form_of_c", &all, |target, init| {
        whom(target, init.start(target), "--single-child", false)
    });
    let suite = each(suite, "a_signal_from_before_the_start_is_forwarded", &all, |target, init| {
        before_start(target, init, init.alone)
    });
    let suite = each(suite, "a_signal_from_before_the_start_reaches_the_group", &all, |target, init| {
        before_start(target, init, init.group)
    });
    let suite = each(suite, "a_signal_right_after_the_start_is_not_lost", &all, |target, init| {
        right_after(target, init, init.group)
    });
    let suite = each(suite, "forwards_what_was_ignored_when_it_was_started", &all, ignored);
    each(suite, "forwards_below_process_1", &all, below)
}

/// Starts with a test child that writes down every signal.
pub(crate) fn listening(launcher: Launcher, options: &str) -> Result<(TestDir, Running)> {
    let dir = TestDir::new()?;
    let running = dir.start(launcher, options, "block say=ready hear")?;
    Ok((dir, running))
}

/// SIGWINCH comes behind each that is dropped: lowest number first, it would show one that was not.
fn forwards(target: Target, init: Init, signals: impl IntoIterator<Item = i32>) -> Result<()> {
    let (dir, running) = listening(init.start(target), init.alone)?;
    let mut expected = Vec::new();
    for signal in signals {
        if UNCATCHABLE.contains(&signal) {
            continue;
        }
        send(running.pid(), signal)?;
        if signal == CHLD || init.dropped.contains(&signal) {
            send(running.pid(), 28)?;
            expected.push(28);
        } else {
            expected.push(signal);
        }
        dir.until_signals("", &expected)?;
    }
    Ok(())
}

fn queues(target: Target, init: Init) -> Result<()> {
    let (dir, running) = listening(init.start(target), "")?;
    for _ in 0..100 {
        send(running.pid(), 40)?;
    }
    dir.until_signals("", &[40; 100])
}

/// The signals that came to the test child of this name, whoever sent them.
pub(crate) fn heard(dir: &TestDir, name: &str) -> Vec<String> {
    let prefix = format!("{name}: signal ");
    let lines = dir.lines();
    let rest = lines.iter().filter_map(|line| line.strip_prefix(&prefix));
    rest.filter_map(|rest| {
        Some(rest.split(' ').next()?.parse::<mote_tests::Signal>().ok()?.number().to_string())
    })
    .collect()
}

/// COMMAND, another process of its group, and one of another group: who gets SIGUSR1. Each of the others then gets
/// SIGUSR2 from its own side, behind which nothing can come. A COMMAND that leads no group makes one: that in which
/// it was started is the tests' own.
fn whom(target: Target, launcher: Launcher, options: &str, group: bool) -> Result<()> {
    let dir = TestDir::new()?;
    let steps = "block fork [ name=same touch=@same hear=12 touch=@same-done sleep ]
        fork [ group name=other touch=@other await=@same-done kill=12 hear=12 touch=@other-done sleep ]
        await=@same await=@other say=ready hear=10 kill=12 await=@same-done await=@other-done exit=3";
    let steps = format!("{} {steps}", if group { "" } else { "group" });
    let running = dir.start(launcher, options, &steps)?;
    send(running.pid(), 10)?;
    exits(&running.wait()?, 3).with_context(|| format!("{target} {options}: {:?}", dir.lines()))?;
    same(dir.signals("", 1)?, vec![10])?;
    same(heard(&dir, "same"), if group { vec!["10".to_owned(), "12".into()] } else { vec!["12".into()] })?;
    same(heard(&dir, "other"), vec!["12".to_owned()])
}

const USR1: i32 = Signal::SIGUSR1 as i32;
const USR2: i32 = Signal::SIGUSR2 as i32;

/// Both get the signal once.
fn left_group(target: Target, init: Init) -> Result<()> {
    let dir = TestDir::new()?;
    let steps = format!(
        "block fork [ name=left touch=@left hear={USR1} touch=@heard sleep ]
         await=@left leave say=ready hear={USR1} await=@heard exit=3"
    );
    let running = dir.start(init.start(target), init.group, &steps)?;
    send(running.pid(), USR1)?;
    exits(&running.wait()?, 3).with_context(|| format!("{:?}", dir.lines()))?;
    same(dir.signals("", 1)?, vec![USR1])?;
    same(dir.signals("left", 1)?, vec![USR1])
}

fn left_empty_group(target: Target, init: Init) -> Result<()> {
    let dir = TestDir::new()?;
    let steps = format!("block leave say=ready hear={USR2} exit=3");
    let running = dir.start(init.start(target), init.group, &steps)?;
    send(running.pid(), USR1)?;
    dir.until_signals("", &[USR1])?;
    send(running.pid(), USR2)?;
    exits(&running.wait()?, 3)?;
    same(dir.signals("", 1)?, vec![USR1, USR2])
}

/// The signals are lost, and COMMAND's end is noticed.
fn refused(target: Target, init: Init) -> Result<()> {
    let dir = TestDir::new()?;
    let launcher = init.start(target).refuse("kill", "EPERM");
    let running = dir.start(launcher, init.alone, "block say=ready await=@go exit=3")?;
    for signal in [USR1, USR2, USR1] {
        send(running.pid(), signal)?;
        until_it_waits(&running)?;
    }
    fs::write(dir.join("go"), "")?;
    let line = match init.name {
        "tini" => "[WARN  tini (N)] Failed to send a signal: Operation not permitted\n",
        "dumb-init" => "[dumb-init] Unable to send a signal: Operation not permitted\n",
        _ => "ERROR (catatonit:N): failed to send a signal: Operation not permitted\n",
    };
    says_without_pids(&running.wait()?, "", line, 3)
}

/// It waits, blocked, and is the first thing that the init sees after the fork. COMMAND has it blocked as well, or
/// dies of it.
fn before_start(target: Target, init: Init, options: &str) -> Result<()> {
    for round in 0..if target.cpu == Cpu::Native { 50 } else { 20 } {
        let dir = TestDir::new()?;
        let launcher = init.start(target).pending(Signal::SIGUSR1);
        let outcome = dir.play(launcher, options, "block hear=10 exit=138")?.run();
        outcome.and_then(|outcome| exits(&outcome, 138)).with_context(|| format!("round {round}"))?;
    }
    Ok(())
}

/// As soon as there is a child, before it has become COMMAND: it dies of the signal, sooner or later.
fn right_after(target: Target, init: Init, options: &str) -> Result<()> {
    for round in 0..if target.cpu == Cpu::Native { 100 } else { 30 } {
        let dir = TestDir::new()?;
        let running = dir.play(init.start(target), options, "sleep")?.spawn()?;
        let _ = command_of(&running)?;
        send(running.pid(), 10)?;
        running.wait().and_then(|outcome| exits(&outcome, 138)).with_context(|| format!("round {round}"))?;
    }
    Ok(())
}

fn ignored(target: Target, init: Init) -> Result<()> {
    for signal in [Signal::SIGTERM, Signal::SIGHUP] {
        let dir = TestDir::new()?;
        let number = signal as i32;
        let steps = format!("block say=ready hear={number} exit=3");
        let running = dir.start(init.start(target).ignore(signal), "", &steps)?;
        send(running.pid(), number)?;
        exits(&running.wait()?, 3)?;
    }
    Ok(())
}

/// An emulator refuses to make a process the adopter of orphans, which catatonit insists on.
fn below(target: Target, init: Init) -> Result<()> {
    let dir = TestDir::new()?;
    let launcher = init.below(target).env("TINI_VERBOSITY", "0");
    if init.adopts == Some("") && target.cpu != Cpu::Native {
        let line = "ERROR (catatonit:N): failed to set child-reaper as non-pid1: 22\n";
        let outcome = dir.play(launcher, "", "exit=3")?.run()?;
        return says_without_pids(&outcome, "", line, 1);
    }
    let running = dir.start(launcher, "", "block say=ready hear=12 exit=3")?;
    for signal in [1, 15, 10, 12] {
        send(running.pid(), signal)?;
        mote_tests::until("the signal", || Ok(dir.signals("", 2)?.contains(&signal).then_some(())))?;
    }
    exits(&running.wait()?, 3)?;
    same(dir.signals("", 2)?, vec![1, 15, 10, 12])
}
