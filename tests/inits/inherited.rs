//! The state that the child starts with, and the files that the init keeps.

use std::fs;

use anyhow::{Context, Result, ensure};
use mote_tests::outcome::same;
use mote_tests::signal::{SIGCHLD, SIGHUP, SIGINT, SIGKILL, SIGPIPE, SIGSTOP, SIGTERM, SIGTTOU, Signal};
use mote_tests::test_dir::{TestDir, child_of, exits, fact, facts, with};
use mote_tests::{Cpu, Launcher, Suite, Target, process, until};

use crate::init::{CATATONIT, DUMB_INIT, IN_SESSION, INITS, Init, PID1, tests};

/// Signals whose mask the emulators pass on. Ignored signals they handle themselves.
const PASSED_ON: [Signal; 6] = [SIGHUP, SIGINT, SIGPIPE, SIGTERM, SIGCHLD, SIGTTOU];

/// All signals that can be blocked and ignored.
const ALL: u64 = !(SIGKILL.bit() | SIGSTOP.bit());

/// The signals above the standard ones, whose actions dumb-init does not reset.
const NOT_STANDARD: u64 = !0 << 31;

pub(crate) fn add(suite: Suite) -> Suite {
    let (all, native) = (Target::all(), Target::native());
    tests!(suite;
        INITS, all => the_child_starts_with_the_expected_signal_mask, the_child_starts_without_closed_standard_streams,
            a_closed_standard_input_is_no_error, the_child_starts_in_the_directory_of_the_init;
        INITS, native => the_child_starts_with_the_expected_ignored_signals,
            the_child_starts_with_the_expected_signals_if_all_are_blocked_and_ignored;
        IN_SESSION, all => the_child_leads_a_process_group_in_the_same_session;
        [PID1], all => the_child_leads_a_process_group_in_the_same_session_below_pid_1, w_changes_the_directory;
        [DUMB_INIT], all => the_child_leads_a_session, the_child_leads_no_process_group_with_c;
        [PID1, CATATONIT], all => the_child_keeps_its_descriptors_and_the_init_closes_them;
        [PID1, CATATONIT], native => the_init_closes_descriptors_without_close_range;
        [PID1, DUMB_INIT, CATATONIT], all => the_init_changes_to_the_root_directory;
    )
}

/// Returns the report of the child about itself.
pub(crate) fn report(launcher: Launcher, options: &str) -> Result<Vec<String>> {
    let dir = TestDir::new()?;
    exits(&dir.play(launcher, options, "report")?.run()?, 0)?;
    Ok(dir.lines())
}

/// Expects these signals to be blocked and to be ignored in the child.
fn signals(launcher: Launcher, blocked: u64, ignored: u64) -> Result<()> {
    let lines = report(launcher, "")?;
    let bits = |name: &str| -> Result<u64> {
        u64::from_str_radix(fact(&lines, name)?, 16).with_context(|| name.to_owned())
    };
    same((bits("SigBlk")?, bits("SigIgn")?), (blocked, ignored))
}

impl Init {
    /// Returns the signals that the child has blocked or ignores, where the init was started with one.
    fn restored(self, signal: Signal) -> u64 {
        if self.restores_signals { signal.bit() } else { 0 }
    }
}

fn the_child_starts_with_the_expected_signal_mask(target: Target, init: Init) -> Result<()> {
    signals(init.start(target), 0, 0)?;
    for signal in PASSED_ON {
        signals(init.start(target).block(signal), init.restored(signal), 0)
            .with_context(|| signal.to_string())?;
    }
    Ok(())
}

fn the_child_starts_with_the_expected_ignored_signals(target: Target, init: Init) -> Result<()> {
    for signal in PASSED_ON {
        signals(init.start(target).ignore(signal), 0, init.restored(signal))
            .with_context(|| signal.to_string())?;
    }
    Ok(())
}

fn the_child_starts_with_the_expected_signals_if_all_are_blocked_and_ignored(
    target: Target,
    init: Init,
) -> Result<()> {
    let (blocked, ignored) = if init.restores_signals { (ALL, ALL) } else { (0, NOT_STANDARD) };
    signals(init.start(target).block_all().ignore_all(), blocked, ignored)
}

fn leads_group(launcher: Launcher) -> Result<()> {
    let lines = report(launcher, "")?;
    same(fact(&lines, "pgid")?, fact(&lines, "pid")?)?;
    ensure!(fact(&lines, "sid")? != fact(&lines, "pid")?, "the child leads a session");
    Ok(())
}

fn the_child_leads_a_process_group_in_the_same_session(target: Target, init: Init) -> Result<()> {
    leads_group(init.start(target))
}

fn the_child_leads_a_process_group_in_the_same_session_below_pid_1(target: Target, init: Init) -> Result<()> {
    leads_group(init.below(target))
}

fn the_child_leads_a_session(target: Target, init: Init) -> Result<()> {
    let lines = report(init.start(target), "")?;
    let pid = fact(&lines, "pid")?;
    same((fact(&lines, "pgid")?, fact(&lines, "sid")?), (pid, pid))
}

fn the_child_leads_no_process_group_with_c(target: Target, init: Init) -> Result<()> {
    let lines = report(init.start(target), "-c")?;
    ensure!(fact(&lines, "pgid")? != fact(&lines, "pid")?, "the child leads a process group");
    ensure!(fact(&lines, "sid")? != fact(&lines, "pid")?, "the child leads a session");
    Ok(())
}

fn a_closed_standard_input_is_no_error(target: Target, init: Init) -> Result<()> {
    let lines = report(init.start(target).close(0), "")?;
    same(fact(&lines, "foreground")?, "EBADF")?;
    exits(&with(init.start(target).close(0), ["--", "sh", "-c", "exit 7"]).run()?, 7)
}

fn the_child_starts_without_closed_standard_streams(target: Target, init: Init) -> Result<()> {
    let lines = report(init.start(target).close(0).close(1).close(2), "")?;
    same(facts(&lines, "fd").filter(|fd| ["0", "1", "2"].contains(fd)).count(), 0)
}

fn the_child_starts_in_the_directory_of_the_init(target: Target, init: Init) -> Result<()> {
    let dir = TestDir::new()?;
    let lines = report(init.start(target).cwd(dir.path()), "")?;
    same(fact(&lines, "cwd")?, &dir.path().canonicalize()?.display().to_string())
}

fn w_changes_the_directory(target: Target, init: Init) -> Result<()> {
    let dir = TestDir::new()?;
    fs::create_dir(dir.join("below"))?;
    let expected = dir.join("below").canonicalize()?.display().to_string();
    let lines = report(init.start(target), &dir.resolve("-w @below"))?;
    same(fact(&lines, "cwd")?, &expected)?;
    // The last one counts, and is relative to the directory that pid1 was started in.
    for options in ["--workdir=below", "-w / -w below"] {
        let lines = report(init.start(target).cwd(dir.path()), options)?;
        same(fact(&lines, "cwd")?, &expected)?;
    }
    Ok(())
}

/// The child has the ends of two pipes, and closes them when told to. Then no process has them open.
fn descriptors(target: Target, launcher: Launcher) -> Result<()> {
    let dir = TestDir::new()?;
    let pipes = [(3, dir.pipe("low")?), (700, dir.pipe("high")?)];
    let launcher = launcher.open(3, &dir.join("low")).open(700, &dir.join("high"));
    let steps = "report say=ready await=@go close=3 close=700 touch=@closed sleep";
    let running = dir.start(launcher, "", &dir.resolve(steps))?;
    let lines = dir.lines();
    for (fd, pipe) in &pipes {
        ensure!(facts(&lines, "fd").any(|open| open == fd.to_string()), "the child lost descriptor {fd}");
        ensure!(!pipe.has_ended()?, "no process has descriptor {fd}");
    }
    fs::write(dir.join("go"), "")?;
    for (_, pipe) in &pipes {
        until("the pipe's end", || Ok(pipe.has_ended()?.then_some(())))?;
    }
    if target.cpu == Cpu::Native {
        until("three descriptors in the init", || {
            Ok((fs::read_dir(format!("/proc/{}/fd", running.pid()))?.count() == 3).then_some(()))
        })?;
    }
    Ok(())
}

fn the_child_keeps_its_descriptors_and_the_init_closes_them(target: Target, init: Init) -> Result<()> {
    descriptors(target, init.start(target))
}

fn the_init_closes_descriptors_without_close_range(target: Target, init: Init) -> Result<()> {
    descriptors(target, init.start(target).refuse("close_range", "ENOSYS"))
}

fn the_init_changes_to_the_root_directory(target: Target, init: Init) -> Result<()> {
    let dir = TestDir::new()?;
    let running = dir.start(init.start(target).cwd(dir.path()), "", "say=ready sleep")?;
    until("the init in /", || Ok((process::cwd(running.pid())?.as_os_str() == "/").then_some(())))?;
    same(process::cwd(child_of(&running)?)?, dir.path().canonicalize()?)
}
