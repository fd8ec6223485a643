//! The start of COMMAND under a limit of memory, and systemd's variables.

use anyhow::{Context, Result};
use mote_tests::outcome::same;
use mote_tests::{Launcher, Outcome, Suite, Target, dist};

use crate::etc::with_files;
use crate::fixture::{TestDir, below_1, exits, fact, facts, itself, pid1, with, words};

pub(crate) fn add(suite: Suite) -> Suite {
    let (all, native) = (Target::all(), Target::native());
    suite
        .each("pid1::starts_with_1000_kb_of_address_space", &native, little_memory)
        .each("pid1::watchdog_pid_that_was_meant_for_pid1_is_corrected", &all, watchdog)
        .each("pid1::listen_pidfdid_that_was_meant_for_pid1_is_removed", &all, listen_pidfdid)
        .each("pid1::systemd_s_variables_for_another_process_are_left", &all, others)
        .each("pid1::systemd_s_variables_are_corrected_below_pid_1", &all, below)
}

/// `ulimit -v` counts kB. A reserve of memory for the worst target would be refused.
fn little_memory(target: Target) -> Result<()> {
    let hello = dist::file(target.platform, "hello")?;
    let dir = TestDir::new()?;
    with_files(&dir, target, "alice:x:1000:1000::/home/alice:\n", "staff:x:50:alice\n")?;
    for options in ["", "-t 5 -x 1:2 -e A=1 -e B=2", "-u alice", "-u 5:6 -w /", "-kvT"] {
        let host = Target::host().context("no native platform")?;
        let limit =
            with(Launcher::of_file(host, "/bin/sh").as_pid_1(), ["-c", "ulimit -v 1000; exec \"$@\"", "sh"]);
        let launcher = with(limit.bind(&dir.join("etc"), "/etc").env("PID1_OPTS", "-e C=3"), itself(target)?);
        let outcome = words(launcher, options).argument(&hello).run()?;
        let expected = Outcome::exited("Hello, World!\n", 0);
        same((outcome.end, outcome.stdout), (expected.end, expected.stdout))
            .with_context(|| options.to_owned())?;
    }
    Ok(())
}

/// Returns systemd's variables that COMMAND has, sorted, and its PID.
fn variables(launcher: Launcher) -> Result<(Vec<String>, String)> {
    let dir = TestDir::new()?;
    exits(&dir.play(launcher, "", "report")?.run()?, 0)?;
    let lines = dir.lines();
    let is_ours = |variable: &&str| variable.starts_with("LISTEN_") || variable.starts_with("WATCHDOG_");
    let mut found: Vec<String> = facts(&lines, "env").filter(is_ours).map(str::to_owned).collect();
    found.sort();
    Ok((found, fact(&lines, "pid")?.to_owned()))
}

fn environment(launcher: Launcher, variables: &[(&str, &str)]) -> Launcher {
    variables.iter().fold(launcher, |launcher, (name, value)| launcher.env(name, value))
}

fn watchdog(target: Target) -> Result<()> {
    let launcher = environment(pid1(target), &[("WATCHDOG_PID", "1"), ("WATCHDOG_USEC", "5")]);
    let (found, pid) = variables(launcher)?;
    same(found, vec![format!("WATCHDOG_PID={pid}"), "WATCHDOG_USEC=5".to_owned()])
}

/// With the ID of another process, systemd 258 and later refuse the sockets.
fn listen_pidfdid(target: Target) -> Result<()> {
    let sockets =
        [("LISTEN_PID", "1"), ("LISTEN_FDS", "2"), ("LISTEN_FDNAMES", "a:b"), ("LISTEN_PIDFDID", "77")];
    let (found, pid) = variables(environment(pid1(target), &sockets))?;
    let expected = ["LISTEN_FDNAMES=a:b".to_owned(), "LISTEN_FDS=2".to_owned(), format!("LISTEN_PID={pid}")];
    same(found, expected.to_vec())
}

fn others(target: Target) -> Result<()> {
    for value in ["2", "10", "11", "1x", "", "0", "x", "4294967297"] {
        let all = [("LISTEN_PID", value), ("LISTEN_PIDFDID", "77"), ("WATCHDOG_PID", value)];
        let (found, _) = variables(environment(pid1(target), &all))?;
        same(found, all.map(|(name, value)| format!("{name}={value}")).to_vec())?;
    }
    same(
        variables(environment(pid1(target), &[("LISTEN_PIDFDID", "77")]))?.0,
        vec!["LISTEN_PIDFDID=77".to_owned()],
    )
}

fn below(target: Target) -> Result<()> {
    let all = [("LISTEN_PID", "2"), ("LISTEN_PIDFDID", "77"), ("WATCHDOG_PID", "2")];
    let (found, pid) = variables(environment(below_1(target).as_pid_2(), &all))?;
    same(found, vec![format!("LISTEN_PID={pid}"), format!("WATCHDOG_PID={pid}")])
}
