//! pid1 in a dir of the harness.

use std::fs::{self, File};
use std::path::PathBuf;
use std::thread;
use std::time::Duration;

use anyhow::{Result, ensure};
use mote_tests::outcome::{End, same, text};
pub(crate) use mote_tests::test_dir::{
    TestDir, command_of, exits, fact, facts, send, test_child, with, words,
};
use mote_tests::variables::start_without_variables;
use mote_tests::{Launcher, Outcome, Running, Target, dist, process, until};

/// A start of pid1 as PID 1.
pub(crate) fn pid1(target: Target) -> Launcher {
    below_1(target).as_pid_1()
}

/// A start of pid1 that says nothing yet about which process it is.
pub(crate) fn below_1(target: Target) -> Launcher {
    start_without_variables(target, "pid1")
}

/// What runs pid1 as it is: an emulator if there must be one, and the file.
pub(crate) fn itself(target: Target) -> Result<Vec<PathBuf>> {
    Ok(target.emulator()?.into_iter().chain([dist::file(target.platform, "pid1")?]).collect())
}

/// It left with this status, and wrote one line to standard error that has all of these words.
pub(crate) fn complains(outcome: &Outcome, status: i32, words: &[&str]) -> Result<()> {
    let stderr = text(&outcome.stderr)?;
    let is_line = stderr.starts_with("pid1: ") && stderr.ends_with('\n') && stderr.lines().count() == 1;
    let has_words = words.iter().all(|word| stderr.contains(word));
    let right = outcome.end == End::Exited(status) && outcome.stdout.is_empty() && is_line && has_words;
    ensure!(right, "expected status {status} and one line with {words:?}: {outcome:?}");
    Ok(())
}

/// Checks that it exited with this status, and wrote exactly these lines to standard error, each behind `pid1: `.
pub(crate) fn says<T: AsRef<str>>(outcome: &Outcome, status: i32, lines: &[T]) -> Result<()> {
    let stderr: String = lines.iter().map(|line| format!("pid1: {}\n", line.as_ref())).collect();
    same(outcome, &Outcome { stdout: Vec::new(), stderr: stderr.into(), end: End::Exited(status) })
}

/// The line about a step whose timeout of so many seconds has expired.
pub(crate) fn step(seconds: u32, signal: &str) -> String {
    format!("timeout after {seconds} s: sent {signal} to all processes")
}

/// The lines about both steps.
pub(crate) fn both_steps(seconds: u32) -> [String; 2] {
    [step(seconds, "SIGTERM"), step(seconds, "SIGKILL")]
}

/// The line about the test child that was killed by a signal.
pub(crate) fn killed_by(signal: &str) -> Result<String> {
    Ok(format!("{}: killed by {signal}", test_child()?.display()))
}

/// Sends standard error to the file `errors` of a dir, so that it can be read while pid1 runs.
pub(crate) fn with_errors(launcher: Launcher, dir: &TestDir) -> Result<Launcher> {
    Ok(launcher.stderr(File::create(dir.join("errors"))?))
}

/// The complete lines of that file, without `pid1: `.
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

/// The CPU time that pid1 uses in half a second.
pub(crate) fn cpu_time_of_half_a_second(running: &Running) -> Result<Duration> {
    let before = process::cpu_time(running.pid())?;
    thread::sleep(Duration::from_millis(500));
    Ok(process::cpu_time(running.pid())?.saturating_sub(before))
}
