//! Starts of pid1, its messages, and states to wait for.

use std::fs::{self, File};
use std::path::PathBuf;
use std::thread;
use std::time::Duration;

use anyhow::{Result, ensure};
use mote_tests::outcome::{End, same, text};
pub(crate) use mote_tests::test_dir::{TestDir, child_of, exits, fact, facts, send, test_child, with, words};
use mote_tests::variables::start_without_variables;
use mote_tests::{Launcher, Outcome, Running, Target, dist, process, until};

/// Returns a start of pid1 as PID 1.
pub(crate) fn pid1(target: Target) -> Launcher {
    below_1(target).as_pid_1()
}

/// Returns a start of pid1 in no PID namespace of its own yet.
pub(crate) fn below_1(target: Target) -> Launcher {
    start_without_variables(target, "pid1")
}

/// Returns the file of pid1, behind the emulator if there must be one.
pub(crate) fn itself(target: Target) -> Result<Vec<PathBuf>> {
    Ok(target.emulator()?.into_iter().chain([dist::file(target.platform, "pid1")?]).collect())
}

/// Expects this status, and one line on standard error that has all of these words.
pub(crate) fn complains(outcome: &Outcome, status: i32, words: &[&str]) -> Result<()> {
    let stderr = text(&outcome.stderr)?;
    let is_line = stderr.starts_with("pid1: ") && stderr.ends_with('\n') && stderr.lines().count() == 1;
    let has_words = words.iter().all(|word| stderr.contains(word));
    let right = outcome.end == End::Exited(status) && outcome.stdout.is_empty() && is_line && has_words;
    ensure!(right, "expected status {status} and one line with {words:?}: {outcome:?}");
    Ok(())
}

/// Expects this status, and exactly these lines on standard error, each behind `pid1: `.
pub(crate) fn says<T: AsRef<str>>(outcome: &Outcome, status: i32, lines: &[T]) -> Result<()> {
    let stderr: String = lines.iter().map(|line| format!("pid1: {}\n", line.as_ref())).collect();
    same(outcome, &Outcome { stdout: Vec::new(), stderr: stderr.into(), end: End::Exited(status) })
}

/// Returns the line about a timeout of so many seconds that has expired.
pub(crate) fn step(seconds: u32, signal: &str) -> String {
    format!("timeout after {seconds} s: sent {signal} to all processes")
}

/// Returns the lines about the timeouts of both steps.
pub(crate) fn both_steps(seconds: u32) -> [String; 2] {
    [step(seconds, "SIGTERM"), step(seconds, "SIGKILL")]
}

/// Returns the line about the test child that was killed by a signal.
pub(crate) fn killed_by(signal: &str) -> Result<String> {
    Ok(format!("{}: killed by {signal}", test_child()?.display()))
}

/// Redirects standard error to the file `errors` of the test directory, so that it can be read while pid1 runs.
pub(crate) fn with_errors(launcher: Launcher, dir: &TestDir) -> Result<Launcher> {
    Ok(launcher.stderr(File::create(dir.join("errors"))?))
}

/// Returns the complete lines of that file, without `pid1: `.
pub(crate) fn errors(dir: &TestDir) -> Vec<String> {
    let text = fs::read_to_string(dir.join("errors")).unwrap_or_default();
    let complete = text.split_inclusive('\n').filter(|line| line.ends_with('\n'));
    complete.map(|line| line.trim_end().trim_start_matches("pid1: ").to_owned()).collect()
}

/// Waits until no signal is pending for the process.
pub(crate) fn until_none_pending(pid: i32) -> Result<()> {
    until("no pending signal", || {
        let status = fs::read_to_string(format!("/proc/{pid}/status"))?;
        let mut sets =
            status.lines().filter(|line| line.starts_with("ShdPnd:") || line.starts_with("SigPnd:"));
        Ok(sets.all(|line| line.trim_end().ends_with("\t0000000000000000")).then_some(()))
    })
}

/// Waits until a process has this state: `T` if it is stopped.
pub(crate) fn until_state(pid: i32, state: char) -> Result<()> {
    until(&format!("state {state}"), || Ok((process::state(pid)? == state).then_some(())))
}

/// Returns the CPU time that a program uses in half a second.
pub(crate) fn cpu_time_of_half_a_second(running: &Running) -> Result<Duration> {
    let before = process::cpu_time(running.pid())?;
    thread::sleep(Duration::from_millis(500));
    Ok(process::cpu_time(running.pid())?.saturating_sub(before))
}
