//! What COMMAND starts with: as if pid1 were not there, but for what it was asked to change.

use std::fs;

use anyhow::{Context, Result, ensure};
use mote_tests::outcome::same;
use mote_tests::{Launcher, Suite, Target, process};
use nix::sys::signal::Signal;

use crate::fixture::{TestDir, command_of, exits, fact, facts, pid1, send, with};

/// All 64 bits; SIGKILL's and SIGSTOP's can't be set.
const ALL: u64 = !(1 << 8 | 1 << 18);

/// Signals whose mask the emulators pass on as it is. What is ignored they don't: they handle it themselves.
const PASSED_ON: [(Signal, u64); 6] = [
    (Signal::SIGHUP, 1),
    (Signal::SIGINT, 1 << 1),
    (Signal::SIGPIPE, 1 << 12),
    (Signal::SIGTERM, 1 << 14),
    (Signal::SIGCHLD, 1 << 16),
    (Signal::SIGTTOU, 1 << 21),
];

pub(crate) fn add(suite: Suite) -> Suite {
    let (all, native) = (Target::all(), Target::native());
    suite
        .each("pid1::command_starts_with_the_signal_mask_of_pid1", &all, mask)
        .each("pid1::command_starts_with_the_ignored_signals_of_pid1", &native, ignored)
        .each("pid1::command_starts_with_every_signal_blocked_and_ignored", &native, everything)
        .each("pid1::started_with_sigchld_ignored_it_reaps_all_the_same", &all, sigchld_ignored)
        .each("pid1::started_with_sigchld_blocked_it_reaps_all_the_same", &all, sigchld_blocked)
        .each("pid1::command_leads_a_new_process_group_in_the_same_session", &all, group)
        .each("pid1::a_closed_standard_input_is_no_error", &all, closed_input)
        .each("pid1::command_starts_without_standard_streams", &all, closed_streams)
        .each("pid1::command_starts_in_the_directory_of_pid1", &all, directory)
        .each("pid1::w_changes_the_directory", &all, workdir)
        .each("pid1::command_keeps_its_descriptors_and_pid1_keeps_none", &all, |target| {
            descriptors(target, pid1(target))
        })
        .each(
            "pid1::it_keeps_no_descriptor_where_the_kernel_has_no_close_range",
            &Target::native(),
            |target| descriptors(target, pid1(target).refuse("close_range", "ENOSYS")),
        )
        .each("pid1::pid1_changes_to_the_root_directory", &all, root_directory)
        .each("pid1::listen_pid_that_was_meant_for_pid1_is_corrected", &all, listen_pid)
        .each("pid1::listen_pid_that_was_meant_for_another_is_left", &all, other_listen_pid)
}

/// What COMMAND says of itself.
fn report(launcher: Launcher, options: &str) -> Result<Vec<String>> {
    let dir = TestDir::new()?;
    exits(&dir.play(launcher, options, "report")?.run()?, 0)?;
    Ok(dir.lines())
}

fn bits(lines: &[String], name: &str) -> Result<u64> {
    u64::from_str_radix(fact(lines, name)?, 16).with_context(|| name.to_owned())
}

fn mask(target: Target) -> Result<()> {
    same(bits(&report(pid1(target), "")?, "SigBlk")?, 0)?;
    for (signal, bit) in PASSED_ON {
        let lines = report(pid1(target).block(signal), "")?;
        same((bits(&lines, "SigBlk")?, bits(&lines, "SigIgn")?), (bit, 0))
            .with_context(|| signal.to_string())?;
    }
    Ok(())
}

fn ignored(target: Target) -> Result<()> {
    same(bits(&report(pid1(target), "")?, "SigIgn")?, 0)?;
    for (signal, bit) in PASSED_ON {
        let lines = report(pid1(target).ignore(signal), "")?;
        same((bits(&lines, "SigBlk")?, bits(&lines, "SigIgn")?), (0, bit))
            .with_context(|| signal.to_string())?;
    }
    Ok(())
}

fn everything(target: Target) -> Result<()> {
    let lines = report(pid1(target).block_all().ignore_all(), "")?;
    same((bits(&lines, "SigBlk")?, bits(&lines, "SigIgn")?), (ALL, ALL))
}

/// Then the kernel reaps by itself, and a `wait` would wait for ever.
fn sigchld_ignored(target: Target) -> Result<()> {
    let launcher = || pid1(target).ignore(Signal::SIGCHLD);
    for status in [0, 7] {
        exits(&with(launcher(), ["sh", "-c", &format!("exit {status}")]).run()?, status)?;
    }
    let dir = TestDir::new()?;
    let running = dir.start(launcher(), "", "orphans=20 [ ] say=ready block hear=10 exit=3")?;
    mote_tests::until("the orphans' end", || {
        Ok((process::children(running.pid())?.len() == 1).then_some(()))
    })?;
    send(command_of(&running)?, 10)?;
    exits(&running.wait()?, 3)
}

fn sigchld_blocked(target: Target) -> Result<()> {
    let launcher = pid1(target).block(Signal::SIGCHLD).zombies(3);
    exits(&with(launcher, ["sh", "-c", "exit 7"]).run()?, 7)
}

fn group(target: Target) -> Result<()> {
    for launcher in [pid1(target), crate::fixture::below_1(target).as_pid_2()] {
        let lines = report(launcher, "")?;
        same(fact(&lines, "pgid")?, fact(&lines, "pid")?)?;
        ensure!(fact(&lines, "sid")? != fact(&lines, "pid")?, "COMMAND leads a session");
    }
    Ok(())
}

fn closed_input(target: Target) -> Result<()> {
    let lines = report(pid1(target).close(0), "")?;
    same(fact(&lines, "foreground")?, "EBADF")?;
    exits(&with(pid1(target).close(0), ["sh", "-c", "exit 7"]).run()?, 7)
}

fn closed_streams(target: Target) -> Result<()> {
    let lines = report(pid1(target).close(0).close(1).close(2), "")?;
    same(facts(&lines, "fd").filter(|fd| ["0", "1", "2"].contains(fd)).count(), 0)
}

fn directory(target: Target) -> Result<()> {
    let dir = TestDir::new()?;
    let lines = report(pid1(target).cwd(dir.path()), "")?;
    same(fact(&lines, "cwd")?, &dir.path().canonicalize()?.display().to_string())
}

fn workdir(target: Target) -> Result<()> {
    let dir = TestDir::new()?;
    fs::create_dir(dir.join("below"))?;
    let expected = dir.join("below").canonicalize()?.display().to_string();
    let lines = report(pid1(target), &dir.resolve("-w @below"))?;
    same(fact(&lines, "cwd")?, &expected)?;
    let lines = report(pid1(target).cwd(dir.path()), "--workdir=below")?;
    same(fact(&lines, "cwd")?, &expected)?;
    // A later one is seen from where pid1 was started, not from the earlier one.
    let lines = report(pid1(target).cwd(dir.path()), "-w / -w below")?;
    same(fact(&lines, "cwd")?, &expected)
}

/// COMMAND has the ends of two pipes, and lets go of them when told to. Then nobody has them.
fn descriptors(target: Target, launcher: Launcher) -> Result<()> {
    let dir = TestDir::new()?;
    let pipes = [(3, dir.pipe("low")?), (700, dir.pipe("high")?)];
    let launcher = launcher.open(3, &dir.join("low")).open(700, &dir.join("high"));
    let steps = "report say=ready await=@go close=3 close=700 touch=@closed sleep";
    let running = dir.start(launcher, "", &dir.resolve(steps))?;
    let lines = dir.lines();
    for (fd, pipe) in &pipes {
        ensure!(facts(&lines, "fd").any(|open| open == fd.to_string()), "COMMAND lost descriptor {fd}");
        ensure!(!pipe.has_ended()?, "nobody has descriptor {fd}");
    }
    fs::write(dir.join("go"), "")?;
    for (_, pipe) in &pipes {
        mote_tests::until("the pipe's end", || Ok(pipe.has_ended()?.then_some(())))?;
    }
    if target.cpu == mote_tests::Cpu::Native {
        mote_tests::until("three descriptors in pid1", || {
            Ok((fs::read_dir(format!("/proc/{}/fd", running.pid()))?.count() == 3).then_some(()))
        })?;
    }
    Ok(())
}

fn root_directory(target: Target) -> Result<()> {
    let dir = TestDir::new()?;
    let running = dir.start(pid1(target).cwd(dir.path()), "", "say=ready sleep")?;
    mote_tests::until("pid1 in /", || Ok((process::cwd(running.pid())?.as_os_str() == "/").then_some(())))?;
    same(process::cwd(command_of(&running)?)?, dir.path().canonicalize()?)
}

/// Socket activation: the descriptors are for the process of that number alone.
fn listen_pid(target: Target) -> Result<()> {
    let lines = report(pid1(target).env("LISTEN_PID", "1").env("LISTEN_FDS", "1"), "")?;
    let expected = format!("LISTEN_PID={}", fact(&lines, "pid")?);
    let found: Vec<&str> = facts(&lines, "env").filter(|env| env.starts_with("LISTEN_PID")).collect();
    same(found, vec![expected.as_str()])?;
    ensure!(facts(&lines, "env").any(|env| env == "LISTEN_FDS=1"), "{lines:?}");
    Ok(())
}

fn other_listen_pid(target: Target) -> Result<()> {
    for value in ["2", "10", "11", "1x", "", "0", "x", "4294967297"] {
        let lines = report(pid1(target).env("LISTEN_PID", value), "")?;
        let expected = format!("LISTEN_PID={value}");
        let found: Vec<&str> = facts(&lines, "env").filter(|env| env.starts_with("LISTEN_PID")).collect();
        same(found, vec![expected.as_str()])?;
    }
    let lines = report(pid1(target), "")?;
    same(facts(&lines, "env").filter(|env| env.starts_with("LISTEN_PID")).count(), 0)
}
