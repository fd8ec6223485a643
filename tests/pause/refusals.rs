//! What it does when a seccomp filter refuses what it asks for.
//!
//! The kernel filters the emulators' own calls. Where one of those is the program's call and nothing else, the
//! emulated are tested as well.

use std::thread;
use std::time::Duration;

use anyhow::{Result, ensure};
use mote_tests::outcome::{End, same};
use mote_tests::{Launcher, Outcome, State, Suite, Target, process};
use nix::sys::signal::Signal;

use crate::pause;

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
    let native = Target::native();
    // The emulators sleep in the program's `ppoll` as in one of their own, and in `rt_sigsuspend` for `pause`.
    let (without_pause, with_pause): (Vec<_>, Vec<_>) = Target::emulated()
        .into_iter()
        .partition(|target| matches!(target.platform.docker, "linux/arm64" | "linux/riscv64"));
    suite
        .each("pause::sleeps_in_ppoll_if_pause_is_refused", &native, |target| sleeps_without(target, "pause"))
        .each("pause::sleeps_in_ppoll_if_pause_is_refused", &with_pause, |target| {
            sleeps_without(target, "rt_sigsuspend")
        })
        .each("pause::yields_if_it_may_not_sleep", &native, |target| {
            let forms = ["pause", "ppoll", "ppoll_time64"];
            yields_without(target, if target.calls_as_386() { &forms } else { &forms[..2] })
        })
        .each("pause::yields_if_it_may_not_sleep", &without_pause, |target| {
            yields_without(target, &["ppoll"])
        })
        .each("pause::yields_if_it_may_not_sleep", &with_pause, |target| {
            yields_without(target, &["rt_sigsuspend", "ppoll"])
        })
        .each("pause::ends_with_status_0_if_exit_group_is_refused", &native, ends_by_exit)
        .each("pause::dies_of_a_trap_if_every_exit_is_refused", &native, dies_of_a_trap)
        .each("pause::ends_whichever_one_call_is_refused", &native, ends_whichever)
}

fn refusing(target: Target, calls: &[&str], errno: &str) -> Launcher {
    calls.iter().fold(pause(target), |launcher, call| launcher.refuse(call, errno))
}

/// It serves as well: two seconds take no CPU time.
fn sleeps_without(target: Target, call: &str) -> Result<()> {
    for errno in ERRORS {
        let mut running = refusing(target, &[call], errno).spawn()?;
        same(running.fall_asleep()?, "ppoll")?;
        let before = process::cpu_time(running.pid())?;
        thread::sleep(Duration::from_secs(2));
        same(process::cpu_time(running.pid())?, before)?;
        running.end_by(Signal::SIGTERM)?.is(&Outcome::exited("", 0))?;
    }
    Ok(())
}

/// Nothing is left but to yield. That takes CPU time, and the signals work.
fn yields_without(target: Target, calls: &[&str]) -> Result<()> {
    for errno in ERRORS {
        let mut running = refusing(target, calls, errno).spawn()?;
        same(running.settle()?, State::Busy)?;
        running.end_by(Signal::SIGTERM)?.is(&Outcome::exited("", 0))?;
    }
    Ok(())
}

fn ends_by_exit(target: Target) -> Result<()> {
    for errno in ERRORS {
        for signal in [Signal::SIGTERM, Signal::SIGINT] {
            let mut running = refusing(target, &["exit_group"], errno).spawn()?;
            running.fall_asleep()?;
            running.end_by(signal)?.is(&Outcome::exited("", 0))?;
        }
    }
    Ok(())
}

/// It never spins instead, and the kernel delivers a trap even to PID 1.
fn dies_of_a_trap(target: Target) -> Result<()> {
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

/// One call at a time: it gets to its sleep, and SIGTERM ends it, be it without its handler.
fn ends_whichever(target: Target) -> Result<()> {
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
