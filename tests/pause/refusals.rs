//! System calls that seccomp refuses.
//!
//! A filter sees the calls of an emulator and not those of the program in it. So emulated targets take part only where
//! both are the same.

use std::thread;
use std::time::Duration;

use anyhow::{Result, ensure};
use mote_tests::outcome::{End, same};
use mote_tests::{Cpu, Launcher, Outcome, State, Suite, Target, process};
use nix::sys::signal::Signal;

use crate::{has_pause, pause};

const ERRORS: [&str; 2] = ["ENOSYS", "EPERM"];

/// Every system call of the program.
const CALLS: [&str; 9] = [
    "rt_sigaction",
    "rt_sigprocmask",
    "chdir",
    "wait4",
    "pause",
    "ppoll",
    "sched_yield",
    "exit_group",
    "exit",
];

pub(crate) fn add(suite: Suite) -> Suite {
    let (all, native) = (Target::all(), Target::native());
    let have_pause: Vec<_> = all.iter().copied().filter(|target| has_pause(*target)).collect();
    suite
        .test(&have_pause, it_sleeps_in_ppoll_if_pause_is_refused)
        .test(&all, it_yields_if_every_sleep_is_refused)
        .test(&native, it_exits_with_status_0_if_exit_group_is_refused)
        .test(&native, it_ends_by_a_trap_if_every_exit_is_refused)
        .test(&native, it_ends_if_any_one_call_is_refused)
}

fn refusing(target: Target, calls: &[&str], errno: &str) -> Launcher {
    calls.iter().fold(pause(target), |launcher, call| launcher.refuse(call, errno))
}

/// Returns the call that stands for pause(2): an emulator makes `rt_sigsuspend` of it.
fn pause_call(target: Target) -> &'static str {
    if target.cpu == Cpu::Native { "pause" } else { "rt_sigsuspend" }
}

/// Checks that two seconds in ppoll(2) take no CPU time.
fn it_sleeps_in_ppoll_if_pause_is_refused(target: Target) -> Result<()> {
    for errno in ERRORS {
        let mut running = refusing(target, &[pause_call(target)], errno).spawn()?;
        same(running.fall_asleep()?, "ppoll")?;
        let before = process::cpu_time(running.pid())?;
        thread::sleep(Duration::from_secs(2));
        same(process::cpu_time(running.pid())?, before)?;
        running.end_by(Signal::SIGTERM)?.is(&Outcome::exited("", 0))?;
    }
    Ok(())
}

/// The last resort takes CPU time, but SIGTERM works.
fn it_yields_if_every_sleep_is_refused(target: Target) -> Result<()> {
    let mut calls = vec!["ppoll"];
    calls.extend(has_pause(target).then(|| pause_call(target)));
    calls.extend(target.calls_as_386().then_some("ppoll_time64"));
    for errno in ERRORS {
        let mut running = refusing(target, &calls, errno).spawn()?;
        same(running.settle()?, State::Busy)?;
        running.end_by(Signal::SIGTERM)?.is(&Outcome::exited("", 0))?;
    }
    Ok(())
}

fn it_exits_with_status_0_if_exit_group_is_refused(target: Target) -> Result<()> {
    for errno in ERRORS {
        for signal in [Signal::SIGTERM, Signal::SIGINT] {
            let mut running = refusing(target, &["exit_group"], errno).spawn()?;
            running.fall_asleep()?;
            running.end_by(signal)?.is(&Outcome::exited("", 0))?;
        }
    }
    Ok(())
}

/// It does not spin instead. The kernel delivers a trap even to PID 1.
fn it_ends_by_a_trap_if_every_exit_is_refused(target: Target) -> Result<()> {
    for errno in ERRORS {
        for launcher in [pause(target), pause(target).as_pid_1()] {
            let mut running = launcher.refuse("exit_group", errno).refuse("exit", errno).spawn()?;
            running.fall_asleep()?;
            let end = running.end_by(Signal::SIGTERM)?.end;
            let trap = matches!(end, End::Killed(Signal::SIGILL | Signal::SIGTRAP));
            ensure!(trap, "expected SIGILL or SIGTRAP, got {end:?}");
        }
    }
    Ok(())
}

/// It sleeps, and SIGTERM ends it, if need be without its handler.
fn it_ends_if_any_one_call_is_refused(target: Target) -> Result<()> {
    for call in CALLS {
        for errno in ERRORS {
            let mut running = refusing(target, &[call], errno).spawn()?;
            running.fall_asleep()?;
            let end = running.end_by(Signal::SIGTERM)?.end;
            let expected = match call {
                "rt_sigaction" => End::Killed(Signal::SIGTERM),
                _ => End::Exited(0),
            };
            ensure!(end == expected, "{call} refused with {errno}: expected {expected:?}, got {end:?}");
        }
    }
    Ok(())
}
