//! Kernels without 32-bit time, and seccomp filters, that refuse the calls by which an init waits.

use std::fs::File;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use mote_tests::outcome::{End, same};
use mote_tests::signal::{SIGCONT, SIGKILL, SIGTERM, SIGUSR1, SIGUSR2};
use mote_tests::test_dir::{TestDir, child_of, exits, send, test_child};
use mote_tests::{Launcher, Running, Suite, Target, process, until};

use crate::fixture::{both_steps, cpu_time_of_half_a_second, says};
use crate::init::{INITS, Init, PID1, tests};
use crate::reaping::only_child;

pub(crate) fn add(suite: Suite) -> Suite {
    let native = Target::native();
    let of_386: Vec<Target> = native.iter().copied().filter(Target::calls_as_386).collect();
    tests!(suite;
        INITS, of_386 => forwards_and_reaps_without_32_bit_time, messages_are_written_without_32_bit_time;
        [PID1], of_386 => escalates_without_32_bit_time;
        INITS, native => reaps_and_sleeps_if_rt_sigtimedwait_is_refused,
            reaps_and_sleeps_if_rt_sigtimedwait_and_ppoll_are_refused,
            reaps_and_sleeps_if_rt_sigtimedwait_and_waitid_are_refused, messages_are_written_if_ppoll_is_refused;
    )
}

/// A kernel with CONFIG_COMPAT_32BIT_TIME=n.
fn without_32_bit_time(launcher: Launcher) -> Launcher {
    ["rt_sigtimedwait", "ppoll"].into_iter().fold(launcher, |launcher, call| launcher.refuse(call, "ENOSYS"))
}

fn forwards_and_reaps_without_32_bit_time(target: Target, init: Init) -> Result<()> {
    let dir = TestDir::new()?;
    let launcher = without_32_bit_time(init.start(target));
    let running = dir.start(launcher, "", "orphans=20 [ ] block say=ready hear=SIGUSR2 exit=3")?;
    only_child(&running)?;
    sleeps(&running)?;
    send(running.pid(), SIGUSR1)?;
    dir.until_received("", 1, &[SIGUSR1])?;
    sleeps(&running)?;
    send(running.pid(), SIGUSR2)?;
    exits(&running.wait()?, 3)
}

fn escalates_without_32_bit_time(target: Target, init: Init) -> Result<()> {
    let dir = TestDir::new()?;
    let running = dir.start(without_32_bit_time(init.start(target)), "-t 1", "block say=ready hear")?;
    send(running.pid(), SIGTERM)?;
    says(&running.wait()?, 137, &both_steps(1))?;
    same(dir.received("", 1)?, vec![SIGTERM, SIGCONT, SIGTERM, SIGCONT])
}

fn messages_are_written_without_32_bit_time(target: Target, init: Init) -> Result<()> {
    is_verbose(init, without_32_bit_time(init.start(target)))
}

fn messages_are_written_if_ppoll_is_refused(target: Target, init: Init) -> Result<()> {
    for errno in ["EPERM", "ENOSYS"] {
        is_verbose(init, refuse(target, init.start(target), "ppoll", errno))?;
    }
    Ok(())
}

/// Expects a message about each of a start, a signal, a zombie and an exit, or else about the command that is missing.
fn is_verbose(init: Init, launcher: Launcher) -> Result<()> {
    let dir = TestDir::new()?;
    let log = File::create(dir.join("messages"))?;
    let launcher = launcher.stdout(log.try_clone()?).stderr(log);
    let (end, least) = match init.verbose {
        Some(option) => {
            let running = dir.start(launcher, option, "say=ready sleep")?;
            send(running.pid(), SIGTERM)?;
            (running.wait()?.end, 4)
        }
        None => (launcher.argument("/nonexistent").run()?.end, 1),
    };
    same(end, End::Exited(if init.verbose.is_some() { SIGTERM.status() } else { 1 }))?;
    let messages = std::fs::read_to_string(dir.join("messages"))?;
    ensure!(messages.lines().count() >= least, "{messages}");
    Ok(())
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

/// Expects hardly any CPU time: fifteen looks for zombies a second at most.
fn sleeps(running: &Running) -> Result<()> {
    let time = cpu_time_of_half_a_second(running)?;
    ensure!(time <= Duration::from_millis(10), "{time:?} of CPU time in half a second");
    Ok(())
}

/// The init can't forward signals then. It reaps, and exits with the child's status.
fn reaps_and_sleeps(target: Target, init: Init, refused: &[&str], sleeps_in: &str) -> Result<()> {
    for errno in ["EPERM", "ENOSYS"] {
        for launcher in [init.start(target), init.below(target)] {
            let dir = TestDir::new()?;
            let launcher =
                refused.iter().fold(launcher, |launcher, call| refuse(target, launcher, call, errno));
            let options = init.subreaper.unwrap_or_default();
            let running = dir.start(launcher, options, "orphans=20 [ ] say=ready sleep")?;
            until("the init to sleep", || {
                let call = process::asleep_in(running.pid(), target)?;
                Ok((call.is_some_and(|call| call.starts_with(sleeps_in))).then_some(()))
            })?;
            only_child(&running)?;
            sleeps(&running)?;
            ensure!(process::cpu_time(running.pid())? < Duration::from_millis(200), "it has spun");
            send(child_of(&running)?, SIGKILL)?;
            let child = test_child()?.display().to_string();
            init.reports_kill(&running.wait()?, &child, SIGKILL).with_context(|| errno.to_owned())?;
        }
    }
    Ok(())
}

fn reaps_and_sleeps_if_rt_sigtimedwait_is_refused(target: Target, init: Init) -> Result<()> {
    reaps_and_sleeps(target, init, &["rt_sigtimedwait"], "waitid")
}

fn reaps_and_sleeps_if_rt_sigtimedwait_and_ppoll_are_refused(target: Target, init: Init) -> Result<()> {
    reaps_and_sleeps(target, init, &["rt_sigtimedwait", "ppoll"], "waitid")
}

fn reaps_and_sleeps_if_rt_sigtimedwait_and_waitid_are_refused(target: Target, init: Init) -> Result<()> {
    reaps_and_sleeps(target, init, &["rt_sigtimedwait", "waitid"], "ppoll")
}
