//! Signals that come to pid1 go on to COMMAND.

use anyhow::{Context, Result};
use mote_tests::outcome::same;
use mote_tests::{Cpu, Launcher, Suite, Target};
use nix::sys::signal::Signal;

use crate::fixture::{TestDir, command_of, exits, pid1, send};

const TERM: i32 = 15;
const CONT: i32 = 18;

/// Followed by SIGCONT: SIGHUP, SIGINT, SIGQUIT and SIGTERM end most programs.
const ENDS: [i32; 4] = [1, 2, 3, TERM];

/// Not forwarded: SIGKILL and SIGSTOP can't be caught, SIGCHLD is pid1's own.
const NEVER: [i32; 3] = [9, 17, 19];

pub(crate) fn add(suite: Suite) -> Suite {
    let (all, native) = (Target::all(), Target::native());
    let emulated = Target::emulated();
    suite
        .each("pid1::forwards_each_of_the_64_signals", &native, |target| forwards(target, 64))
        .each("pid1::forwards_each_of_the_31_classic_signals", &emulated, |target| forwards(target, 31))
        .each("pid1::forwards_real_time_signals", &emulated, forwards_real_time)
        .each("pid1::forwards_each_real_time_signal_as_often_as_it_comes", &native, queues)
        .each("pid1::does_not_forward_sigchld", &all, not_sigchld)
        .each("pid1::forwards_to_command_alone", &all, |target| whom(target, "", &[10]))
        .each("pid1::k_forwards_to_the_whole_process_group", &all, |target| whom(target, "-k", &[10, 10]))
        .each("pid1::kill_group_forwards_to_the_whole_process_group", &all, |target| {
            whom(target, "--kill-group", &[10, 10])
        })
        .each("pid1::k_forwards_to_command_if_its_group_is_gone", &all, deserted)
        .each("pid1::term_is_followed_by_cont_for_a_stopped_command", &all, stopped)
        .each("pid1::a_signal_from_before_the_start_is_forwarded", &all, |target| {
            before_start(target, "", 100)
        })
        .each("pid1::k_forwards_a_signal_from_before_the_start", &all, |target| {
            before_start(target, "-k", 100)
        })
        .each("pid1::a_signal_right_after_the_start_is_not_lost", &all, |target| right_after(target, ""))
        .each("pid1::k_does_not_lose_a_signal_right_after_the_start", &all, |target| {
            right_after(target, "-k")
        })
        .each("pid1::forwards_what_was_ignored_when_it_was_started", &all, ignored)
        .each("pid1::r_rewrites_a_signal", &all, rewrites)
        .each("pid1::r_takes_real_time_signals", &native, rewrites_real_time)
        .each("pid1::r_0_drops_a_signal", &all, drops)
        .each("pid1::r_can_be_repeated_and_is_not_applied_to_its_result", &all, rewrites_several)
        .each("pid1::r_takes_all_signals", &native, rewrites_all)
}

/// Starts with a test child that writes down every signal.
fn listening(launcher: Launcher, options: &str) -> Result<(TestDir, mote_tests::Running)> {
    let dir = TestDir::new()?;
    let running = dir.start(launcher, options, "block say=ready hear")?;
    Ok((dir, running))
}

fn deserted(target: Target) -> Result<()> {
    let dir = TestDir::new()?;
    let running = dir.start(pid1(target), "-k", "leave block say=ready hear=12 exit=3")?;
    for signal in [10, 12] {
        send(running.pid(), signal)?;
        dir.until_signals("", if signal == 10 { &[10] } else { &[10, 12] })?;
    }
    exits(&running.wait()?, 3)
}

fn forwards(target: Target, highest: i32) -> Result<()> {
    let (dir, running) = listening(pid1(target), "")?;
    let mut expected = Vec::new();
    for signal in (1..=highest).filter(|signal| !NEVER.contains(signal)) {
        send(running.pid(), signal)?;
        expected.push(signal);
        if ENDS.contains(&signal) {
            expected.push(CONT);
        }
        dir.until_signals("", &expected)?;
    }
    Ok(())
}

/// The emulators give the numbers at both ends of the range to nobody.
fn forwards_real_time(target: Target) -> Result<()> {
    let (dir, running) = listening(pid1(target), "")?;
    let mut expected = Vec::new();
    for signal in 36..=60 {
        send(running.pid(), signal)?;
        expected.push(signal);
        dir.until_signals("", &expected)?;
    }
    Ok(())
}

fn queues(target: Target) -> Result<()> {
    let (dir, running) = listening(pid1(target), "")?;
    for _ in 0..100 {
        send(running.pid(), 40)?;
    }
    dir.until_signals("", &[40; 100])
}

/// A signal of a higher number comes after it, and alone.
fn not_sigchld(target: Target) -> Result<()> {
    let (dir, running) = listening(pid1(target), "")?;
    send(running.pid(), 17)?;
    send(running.pid(), 28)?;
    dir.until_signals("", &[28])
}

/// COMMAND, another process of its group, and one of another group: who gets SIGUSR1, and before the SIGTERM
/// that comes to all when COMMAND is gone.
fn whom(target: Target, options: &str, expected: &[i32]) -> Result<()> {
    let dir = TestDir::new()?;
    let steps = "block fork [ name=same touch=@same hear=15 ] fork [ group name=other touch=@other hear=15 ] \
                 await=@same await=@other say=ready hear=10 exit=3";
    let running = dir.start(pid1(target), options, &dir.resolve(steps))?;
    send(running.pid(), 10)?;
    exits(&running.wait()?, 3)?;
    same(dir.signals("", 1)?, vec![10])?;
    let same_group = dir.signals("same", 1)?;
    same(same_group.iter().filter(|signal| **signal == 10).count(), expected.len() - 1)?;
    same(dir.signals("other", 1)?, vec![TERM])
}

fn stopped(target: Target) -> Result<()> {
    let dir = TestDir::new()?;
    let running = dir.start(pid1(target), "", "say=ready sleep")?;
    let command = command_of(&running)?;
    send(command, 19)?;
    mote_tests::until("a stop", || Ok((mote_tests::process::state(command)? == 'T').then_some(())))?;
    send(running.pid(), TERM)?;
    exits(&running.wait()?, 128 + TERM)
}

/// It waits, blocked, and is the first thing that pid1 sees after the fork. COMMAND has it blocked as well.
fn before_start(target: Target, options: &str, rounds: usize) -> Result<()> {
    for round in 0..rounds {
        let dir = TestDir::new()?;
        let launcher = pid1(target).pending(Signal::SIGUSR1);
        let outcome = dir.play(launcher, options, "block hear=10 exit=3")?.run();
        outcome.and_then(|outcome| exits(&outcome, 3)).with_context(|| format!("round {round}"))?;
    }
    Ok(())
}

/// As soon as there is a child, before it has become COMMAND: it dies of the signal, sooner or later.
fn right_after(target: Target, options: &str) -> Result<()> {
    let rounds = if target.cpu == Cpu::Native { 200 } else { 50 };
    for round in 0..rounds {
        let dir = TestDir::new()?;
        let running = dir.play(pid1(target), options, "sleep")?.spawn()?;
        let _ = command_of(&running)?;
        send(running.pid(), 10)?;
        running.wait().and_then(|outcome| exits(&outcome, 138)).with_context(|| format!("round {round}"))?;
    }
    Ok(())
}

fn ignored(target: Target) -> Result<()> {
    for signal in [Signal::SIGTERM, Signal::SIGHUP] {
        let dir = TestDir::new()?;
        let number = signal as i32;
        let steps = format!("block say=ready hear={number} exit=3");
        let running = dir.start(pid1(target).ignore(signal), "", &steps)?;
        send(running.pid(), number)?;
        exits(&running.wait()?, 3)?;
    }
    Ok(())
}

/// Sends signals one by one, and waits for what becomes of them.
fn becomes(target: Target, options: &str, pairs: &[(i32, &[i32])]) -> Result<()> {
    let (dir, running) = listening(pid1(target), options)?;
    let mut expected = Vec::new();
    for (sent, forwarded) in pairs {
        send(running.pid(), *sent)?;
        expected.extend_from_slice(forwarded);
        dir.until_signals("", &expected).with_context(|| format!("{options}: {sent}"))?;
    }
    Ok(())
}

fn rewrites(target: Target) -> Result<()> {
    for option in
        ["-r TERM:QUIT", "-r SIGTERM:SIGQUIT", "-r 15:3", "-r TERM:3", "-r 15:SIGQUIT", "--rewrite=15:QUIT"]
    {
        becomes(target, option, &[(15, &[3, CONT]), (10, &[10])])?;
    }
    // It is the one that goes out that SIGCONT follows.
    becomes(target, "-r HUP:TERM -r TERM:USR1", &[(1, &[15, CONT]), (15, &[10])])
}

fn rewrites_real_time(target: Target) -> Result<()> {
    // As `kill -l` and systemd count: RTMIN is 34.
    becomes(target, "-r TERM:RTMIN+3 -r SIGRTMIN+1:HUP", &[(15, &[37]), (35, &[1, CONT]), (37, &[37])])?;
    becomes(target, "-r TERM:SIGRTMIN -r 64:RTMIN+30", &[(15, &[34]), (64, &[64])])?;
    becomes(target, "-r 10:64 -r 32:33", &[(10, &[64]), (32, &[33])])
}

/// Signals are taken lowest number first, so SIGWINCH shows that the one before it was seen.
fn drops(target: Target) -> Result<()> {
    for option in ["-r TERM:0", "-r SIGTERM:0", "-r 15:0", "--rewrite=TERM:0"] {
        let (dir, running) = listening(pid1(target), option)?;
        send(running.pid(), 15)?;
        send(running.pid(), 28)?;
        dir.until_signals("", &[28])?;
    }
    Ok(())
}

fn rewrites_several(target: Target) -> Result<()> {
    let options = "-r TERM:INT -r INT:HUP -r USR1:USR2 -r USR2:USR1 -r HUP:HUP";
    let pairs: [(i32, &[i32]); 5] =
        [(15, &[2, CONT]), (2, &[1, CONT]), (10, &[12]), (12, &[10]), (1, &[1, CONT])];
    becomes(target, options, &pairs)
}

fn rewrites_all(target: Target) -> Result<()> {
    let numbers: Vec<i32> = (1..=64).filter(|signal| !NEVER.contains(signal)).collect();
    let options: String = numbers.iter().map(|signal| format!("-r {signal}:12 ")).collect();
    let pairs: Vec<(i32, &[i32])> = numbers.iter().map(|signal| (*signal, &[12][..])).collect();
    becomes(target, &options, &pairs)
}
