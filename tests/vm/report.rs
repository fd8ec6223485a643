//! What machines reported, against what they must.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, OnceLock};

use anyhow::{Error, Result, anyhow, ensure};
use mote_tests::require::Missing;

use crate::boot::{self, Boot};
use crate::expected::{self, Group};
use crate::machine::Machine;

/// The kernel's last words when its init has ended with the driver's status, 42.
const LAST_WORDS: &str = "Attempted to kill init! exitcode=0x00002a00";

/// A machine, which boots when the first test asks for its report.
pub(crate) struct Booted {
    /// The machine.
    pub(crate) machine: &'static Machine,
    boot: OnceLock<Result<Boot>>,
    passed: Mutex<BTreeMap<String, usize>>,
}

/// A case's reason to have failed; none if it has not.
type Outcome<'a> = Option<&'a str>;

impl Booted {
    /// One that has not booted.
    pub(crate) fn new(machine: &'static Machine) -> Self {
        Self { machine, boot: OnceLock::new(), passed: Mutex::default() }
    }

    /// Boots it, unless it has, and expects the kernel to see its init end with COMMAND's status.
    ///
    /// # Errors
    /// If it can't be booted, does not end, says something else, or reports a case that nobody expects.
    pub(crate) fn check_boot(&self) -> Result<()> {
        let boot = self.boot()?;
        let tail = || tail(&boot.console);
        ensure!(boot.ended, "it had to be ended after {:.0?}; the console:\n{}", boot.took, tail());
        ensure!(boot.console.contains(LAST_WORDS), "not {LAST_WORDS:?} but\n{}", tail());
        let known: BTreeSet<String> = expected::groups(self.machine)?.iter().flat_map(Group::names).collect();
        let unknown: Vec<_> =
            cases(&boot.console).map(|(name, _)| name).filter(|name| !known.contains(*name)).collect();
        ensure!(unknown.is_empty(), "not expected: {unknown:?}");
        Ok(())
    }

    /// Expects every case of a group once, and that it is well.
    ///
    /// # Errors
    /// If it can't be booted; those that failed, with the reason, or are missing.
    pub(crate) fn check(&self, group: &Group) -> Result<()> {
        let boot = self.boot()?;
        let mut wrong = Vec::new();
        for name in group.names() {
            let found: Vec<Outcome<'_>> = cases(&boot.console)
                .filter(|(case, _)| *case == name)
                .map(|(_, outcome)| outcome)
                .collect();
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

/// The same error for one more test.
fn again(error: &Error) -> Error {
    match error.downcast_ref::<Missing>() {
        Some(Missing(what)) => Missing(what.clone()).into(),
        None => anyhow!("{error:#}"),
    }
}

/// The lines of cases: `NAME ok` or `NAME FAILED REASON`.
fn cases(console: &str) -> impl Iterator<Item = (&str, Outcome<'_>)> {
    console.lines().map(str::trim).filter_map(|line| match line.split_once(' ')? {
        (name, "ok") => Some((name, None)),
        (name, rest) => Some((name, Some(rest.strip_prefix("FAILED")?.trim()))),
    })
}

/// What of a console is no case that is well and no trace of the kernel's, as much as somebody would read.
fn tail(console: &str) -> String {
    let is_trace = |line: &str| line.starts_with('[') && !line.contains("Kernel panic");
    let lines: Vec<&str> =
        console.lines().map(str::trim).filter(|line| !line.ends_with(" ok") && !is_trace(line)).collect();
    lines.get(lines.len().saturating_sub(30)..).unwrap_or_default().join("\n")
}

/// Prints how many cases passed, by group and machine, and what the machines were.
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
