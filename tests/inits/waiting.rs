//! Kernels without 32-bit time, and seccomp filters, that refuse the calls by which pid1 waits.

use std::time::Duration;

use anyhow::{Context, Result, ensure};
use mote_tests::outcome::{End, same};
use mote_tests::{Launcher, Running, Suite, Target, process, until};
use nix::libc::{SIGCONT, SIGKILL, SIGTERM, SIGUSR1};

use crate::fixture::{
    TestDir, below_1, both_steps, command_of, cpu_time_of_half_a_second, errors, killed_by, pid1, says, send,
    with_errors,
};

pub(crate) fn add(suite: Suite) -> Suite {
    let native = Target::native();
    let of_386: Vec<Target> = native.iter().copied().filter(Target::calls_as_386).collect();
    suite
        .each("pid1::forwards_and_escalates_without_32_bit_time", &of_386, old_calls_missing)
        .each("pid1::v_writes_without_32_bit_time", &of_386, lines_without_old_calls)
        .each("pid1::reaps_and_sleeps_if_it_may_not_wait_for_signals", &native, |target| {
            deaf(target, &["rt_sigtimedwait"], "waitid")
        })
        .each("pid1::reaps_and_sleeps_if_it_may_neither_wait_for_signals_nor_poll", &native, |target| {
            deaf(target, &["rt_sigtimedwait", "ppoll"], "waitid")
        })
        .each("pid1::reaps_and_sleeps_if_it_may_not_wait_at_all", &native, |target| {
            deaf(target, &["rt_sigtimedwait", "waitid"], "ppoll")
        })
        .each("pid1::v_writes_if_it_may_not_poll", &native, lines_without_poll)
}

/// A kernel with CONFIG_COMPAT_32BIT_TIME=n.
fn without_32_bit_time(launcher: Launcher) -> Launcher {
    ["rt_sigtimedwait", "ppoll"].into_iter().fold(launcher, |launcher, call| launcher.refuse(call, "ENOSYS"))
}

fn old_calls_missing(target: Target) -> Result<()> {
    let dir = TestDir::new()?;
    let launcher = without_32_bit_time(pid1(target));
    let running = dir.start(launcher, "-t 1", "orphans=20 [ ] block say=ready hear")?;
    until("the orphans to be reaped", || Ok((process::children(running.pid())?.len() == 1).then_some(())))?;
    sleeps(&running)?;
    send(running.pid(), SIGUSR1)?;
    dir.until_signals("", &[SIGUSR1])?;
    sleeps(&running)?;
    send(running.pid(), SIGTERM)?;
    says(&running.wait()?, 137, &both_steps(1))?;
    same(dir.signals("", 1)?, vec![SIGUSR1, SIGTERM, SIGCONT, SIGTERM, SIGCONT])
}

/// A line needs a poll.
fn lines_without_old_calls(target: Target) -> Result<()> {
    lines(target, without_32_bit_time(pid1(target)))
}

fn lines_without_poll(target: Target) -> Result<()> {
    for errno in ["EPERM", "ENOSYS"] {
        lines(target, refuse(target, pid1(target), "ppoll", errno))?;
    }
    Ok(())
}

fn lines(_: Target, launcher: Launcher) -> Result<()> {
    let dir = TestDir::new()?;
    let running = dir.start(with_errors(launcher, &dir)?, "-v", "say=ready sleep")?;
    send(running.pid(), SIGTERM)?;
    same(running.wait()?.end, End::Exited(143))?;
    let lines = errors(&dir);
    same(lines.len(), 4).with_context(|| format!("{lines:?}"))
}

/// Refuses a call in all its forms.
fn refuse(target: Target, launcher: Launcher, call: &str, errno: &str) -> Launcher {
    let launcher = launcher.refuse(call, errno);
    let has_time = ["rt_sigtimedwait", "ppoll"].contains(&call);
    if target.calls_as_386() && has_time {
        launcher.refuse(&format!("{call}_time64"), errno)
    } else {
        launcher
    }
}

/// It uses hardly any CPU time: fifteen looks for zombies a second at most.
fn sleeps(running: &Running) -> Result<()> {
    let time = cpu_time_of_half_a_second(running)?;
    ensure!(time <= Duration::from_millis(10), "{time:?} of CPU time in half a second");
    Ok(())
}

/// It can't forward anything then. It reaps, ends with COMMAND and has its status.
fn deaf(target: Target, refused: &[&str], sleeps_in: &str) -> Result<()> {
    for errno in ["EPERM", "ENOSYS"] {
        for launcher in [pid1(target), below_1(target).as_pid_2()] {
            let dir = TestDir::new()?;
            let launcher =
                refused.iter().fold(launcher, |launcher, call| refuse(target, launcher, call, errno));
            let running = dir.start(launcher, "", "orphans=20 [ ] say=ready sleep")?;
            until("pid1 to sleep", || {
                let call = process::asleep_in(running.pid(), target)?;
                Ok((call.is_some_and(|call| call.starts_with(sleeps_in))).then_some(()))
            })?;
            until("the orphans to be reaped", || {
                Ok((process::children(running.pid())?.len() == 1).then_some(()))
            })?;
            sleeps(&running)?;
            ensure!(process::cpu_time(running.pid())? < Duration::from_millis(200), "it has spun");
            send(command_of(&running)?, SIGKILL)?;
            says(&running.wait()?, 137, &[killed_by("SIGKILL")?]).with_context(|| errno.to_owned())?;
        }
    }
    Ok(())
}
