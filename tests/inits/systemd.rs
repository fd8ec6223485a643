//! Variables of systemd that name a process: pid1 and catatonit correct those that named the init.

use anyhow::Result;
use mote_tests::outcome::same;
use mote_tests::test_dir::{fact, facts};
use mote_tests::{Launcher, Suite, Target};

use crate::inherited::report;
use crate::init::{CATATONIT, DUMB_INIT, Init, PID1, TINI, tests};

pub(crate) fn add(suite: Suite) -> Suite {
    let (all, native) = (Target::all(), Target::native());
    let correcting = [PID1, CATATONIT];
    tests!(suite;
        correcting, all => listen_pid_of_the_init_is_corrected, watchdog_pid_of_the_init_is_corrected,
            listen_pidfdid_is_removed_with_listen_pid_of_the_init, variables_for_other_processes_are_left;
        [PID1], all => variables_are_corrected_below_pid_1;
        [CATATONIT], native => variables_are_corrected_below_pid_1;
        [TINI, DUMB_INIT], all => variables_are_left;
    )
}

/// Returns the variables of systemd that the child has, sorted, and its PID.
fn variables(launcher: Launcher, variables: &[(&str, &str)]) -> Result<(Vec<String>, String)> {
    let launcher = variables.iter().fold(launcher, |launcher, (name, value)| launcher.env(name, value));
    let lines = report(launcher, "")?;
    let is_systemd = |variable: &&str| variable.starts_with("LISTEN_") || variable.starts_with("WATCHDOG_");
    let mut found: Vec<String> = facts(&lines, "env").filter(is_systemd).map(str::to_owned).collect();
    found.sort();
    Ok((found, fact(&lines, "pid")?.to_owned()))
}

/// Expects the child to have these variables and no others, with `PID` for its own PID.
fn becomes(launcher: Launcher, given: &[(&str, &str)], expected: &[&str]) -> Result<()> {
    let (found, pid) = variables(launcher, given)?;
    let expected: Vec<String> =
        expected.iter().map(|variable| variable.replace("=PID", &format!("={pid}"))).collect();
    same(found, expected)
}

/// Socket activation: the descriptors are for the process with this PID alone.
fn listen_pid_of_the_init_is_corrected(target: Target, init: Init) -> Result<()> {
    let given = [("LISTEN_PID", "1"), ("LISTEN_FDS", "1")];
    becomes(init.start(target), &given, &["LISTEN_FDS=1", "LISTEN_PID=PID"])
}

fn watchdog_pid_of_the_init_is_corrected(target: Target, init: Init) -> Result<()> {
    let given = [("WATCHDOG_PID", "1"), ("WATCHDOG_USEC", "5")];
    becomes(init.start(target), &given, &["WATCHDOG_PID=PID", "WATCHDOG_USEC=5"])
}

/// With the ID of another process, systemd 258 and later refuse the sockets.
fn listen_pidfdid_is_removed_with_listen_pid_of_the_init(target: Target, init: Init) -> Result<()> {
    let given =
        [("LISTEN_PID", "1"), ("LISTEN_FDS", "2"), ("LISTEN_FDNAMES", "a:b"), ("LISTEN_PIDFDID", "77")];
    becomes(init.start(target), &given, &["LISTEN_FDNAMES=a:b", "LISTEN_FDS=2", "LISTEN_PID=PID"])
}

fn are_left(launcher: Launcher, given: &[(&str, &str)]) -> Result<()> {
    let (found, _) = variables(launcher, given)?;
    let expected: Vec<String> = given.iter().map(|(name, value)| format!("{name}={value}")).collect();
    same(found, expected)
}

fn variables_for_other_processes_are_left(target: Target, init: Init) -> Result<()> {
    for value in ["2", "10", "11", "1x", "", "0", "x", "4294967297"] {
        let given = [("LISTEN_PID", value), ("LISTEN_PIDFDID", "77"), ("WATCHDOG_PID", value)];
        are_left(init.start(target), &given)?;
    }
    are_left(init.start(target), &[("LISTEN_PIDFDID", "77")])?;
    are_left(init.start(target), &[])
}

fn variables_are_corrected_below_pid_1(target: Target, init: Init) -> Result<()> {
    let given = [("LISTEN_PID", "2"), ("LISTEN_PIDFDID", "77"), ("WATCHDOG_PID", "2")];
    becomes(init.below(target), &given, &["LISTEN_PID=PID", "WATCHDOG_PID=PID"])
}

fn variables_are_left(target: Target, init: Init) -> Result<()> {
    are_left(init.start(target), &[("LISTEN_PID", "1"), ("LISTEN_PIDFDID", "77"), ("WATCHDOG_PID", "1")])
}
