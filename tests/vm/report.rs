//! Compares the reports of the machines with the expected cases.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, OnceLock};

use anyhow::{Error, Result, anyhow, ensure};
use mote_tests::require::Missing;

use crate::boot::{self, Boot};
use crate::expected::{self, Group};
use crate::machine::Machine;

/// The kernel's panic message after its init has exited with the driver's status, 42.
const PANIC: &str = "Attempted to kill init! exitcode=0x00002a00";

/// A machine, which boots when the first test asks for its report.
pub(crate) struct Booted {
    /// The machine.
    pub(crate) machine: &'static Machine,
    boot: OnceLock<Result<Boot>>,
    passed: Mutex<BTreeMap<String, usize>>,
}

/// Why a case failed, or `None` if it passed.
type Outcome<'a> = Option<&'a str>;

impl Booted {
    /// Makes a machine that has not booted yet.
    pub(crate) fn new(machine: &'static Machine) -> Self {
        Self { machine, boot: OnceLock::new(), passed: Mutex::default() }
    }

    /// Boots it if it has not booted yet, and checks that the kernel's init exited with the driver's status.
    ///
    /// # Errors
    /// If it can't be booted, does not end, ends differently, or reports an unknown case.
    pub(crate) fn check_boot(&self) -> Result<()> {
        let boot = self.boot()?;
        let tail = || tail(&boot.console);
        ensure!(boot.ended, "the machine did not end within {:.0?}; the console:\n{}", boot.took, tail());
        ensure!(boot.console.contains(PANIC), "no {PANIC:?} in\n{}", tail());
        let known: BTreeSet<String> = expected::groups(self.machine)?.iter().flat_map(Group::names).collect();
        let unknown: Vec<_> =
            cases(&boot.console).map(|(name, _)| name).filter(|name| !known.contains(*name)).collect();
        ensure!(unknown.is_empty(), "not expected: {unknown:?}");
        Ok(())
    }

    /// Checks that every case of a group was reported once and passed.
    ///
    /// # Errors
    /// If it can't be booted; the failed cases with their reasons, and the missing ones.
    pub(crate) fn check(&self, group: &Group) -> Result<()> {
        let boot = self.boot()?;
        let mut wrong = Vec::new();
        for name in group.names() {
            let found: Vec<Outcome<'_>> =
                cases(&boot.console).filter(|(case, _)| *case == name).map(|(_, outcome)| outcome).collect();
            match found[..] {
                [None] => {}
                [Some(reason)] => wrong.push(format!("{name}: {reason}")),
                [] => wrong.push(format!("{name}: missing")),
                _ => wrong.push(format!("{name}: reported {} times", found.len())),
            }
        }
        if let Ok(mut passed) = self.passed.lock() {
            passed.insert(group.name.clone(), group.cases.len() - wrong.len());
        }
        ensure!(wrong.is_empty(), "{}\nthe console:\n{}", wrong.join("\n"), tail(&boot.console));
        Ok(())
    }

    fn boot(&self) -> Result<&Boot> {
        self.boot.get_or_init(|| boot::run(self.machine)).as_ref().map_err(again)
    }
}

/// Returns the same error for a further test.
fn again(error: &Error) -> Error {
    match error.downcast_ref::<Missing>() {
        Some(Missing(what)) => Missing(what.clone()).into(),
        None => anyhow!("{error:#}"),
    }
}

/// Returns the cases of a console: lines `NAME ok` or `NAME FAILED REASON`.
fn cases(console: &str) -> impl Iterator<Item = (&str, Outcome<'_>)> {
    console.lines().map(str::trim).filter_map(|line| match line.split_once(' ')? {
        (name, "ok") => Some((name, None)),
        (name, rest) => Some((name, Some(rest.strip_prefix("FAILED")?.trim()))),
    })
}

/// Returns the last lines of a console, without passed cases and the kernel's stack traces.
fn tail(console: &str) -> String {
    let is_trace = |line: &str| line.starts_with('[') && !line.contains("Kernel panic");
    let lines: Vec<&str> =
        console.lines().map(str::trim).filter(|line| !line.ends_with(" ok") && !is_trace(line)).collect();
    lines.get(lines.len().saturating_sub(30)..).unwrap_or_default().join("\n")
}

/// Prints the numbers of passed cases by group and machine.
pub(crate) fn print(machines: &[Arc<Booted>]) {
    for booted in machines {
        let Some(Ok(boot)) = booted.boot.get() else { continue };
        let Ok(passed) = booted.passed.lock() else { continue };
        let total: usize = passed.values().sum();
        let counts: Vec<String> = passed.iter().map(|(group, count)| format!("{group} {count}")).collect();
        println!("{} ({}), {:.0?}: {total} cases", booted.machine.name, boot.kernel, boot.took);
        println!("    {}", counts.join(", "));
    }
}
