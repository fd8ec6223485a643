//! The cases that each machine must report. The list is independent of the driver, so that a lost case is noticed.

use std::collections::BTreeSet;
use std::ops::RangeInclusive;

use anyhow::Result;
use xtask::platform::Platform;
use xtask::seccomp;

use crate::machine::Machine;

/// Cases whose names begin with the same prefix.
pub(crate) struct Group {
    /// The prefix.
    pub(crate) name: String,
    /// The rest of each name.
    pub(crate) cases: Vec<String>,
}

impl Group {
    fn of<Name: ToString>(name: impl Into<String>, cases: impl IntoIterator<Item = Name>) -> Self {
        Self { name: name.into(), cases: cases.into_iter().map(|case| case.to_string()).collect() }
    }

    /// Returns the whole names.
    pub(crate) fn names(&self) -> impl Iterator<Item = String> {
        self.cases.iter().map(|case| format!("{}/{case}", self.name))
    }
}

const INITS: [&str; 4] = ["pid1", "tini", "dumb-init", "catatonit"];
const ORPHANS: [&str; 3] = ["adopted", "300-at-once", "two-at-once-100-times"];
const ZOMBIE_BEFORE: &str = "zombie-before";

/// Returns all cases that a machine reports.
///
/// # Errors
/// The table of system calls can't be read.
pub(crate) fn groups(machine: &Machine) -> Result<Vec<Group>> {
    let pages = format!("pages-of-{}", machine.page);
    let start = [&pages, "parent", "group", "words", "variable", "directory", "devpts"];
    let mut groups = vec![
        Group::of("init/start", start),
        Group::of("init/forwards", forwarded(&[])),
        Group::of("init/orphans", ORPHANS),
        Group::of(
            "init/end",
            ["battery", "sends-sigterm-to-orphans", "sends-sigcont-to-orphans", "gives-orphans-time"],
        ),
    ];
    for init in INITS {
        // The stop signals of a terminal stop the child and the init by SIGSTOP, or are not forwarded.
        let not: &[u8] = match init {
            "dumb-init" | "catatonit" => &[20, 21, 22],
            "tini" => &[21, 22],
            _ => &[],
        };
        let step = if init == "pid1" { 1 } else { 15 };
        let mut statuses: Vec<String> =
            (0..=255).step_by(step).map(|status: u8| status.to_string()).collect();
        if init == "pid1" {
            statuses.extend(["not-found", "not-executable", "mapped"].map(str::to_owned));
        }
        groups.extend([
            Group::of(format!("{init}/status"), statuses),
            Group::of(format!("{init}/death"), deadly()),
            Group::of(format!("{init}/forwards"), forwarded(not)),
            Group::of(format!("{init}/orphans"), ORPHANS.into_iter().chain([ZOMBIE_BEFORE])),
            Group::of(format!("{init}/refused"), refused(machine)?),
        ]);
    }
    groups.extend([
        Group::of(
            "pid1/shutdown",
            [
                "kills-a-stubborn-command",
                "kills-a-stubborn-command-at-once",
                "waits-for-command",
                "kills-a-stubborn-orphan",
                "kills-a-stubborn-orphan-after-4-s",
                "ends-with-an-obedient-orphan",
                "ends-without-orphans",
            ],
        ),
        Group::of(
            "pid1/users",
            [
                "name",
                "name-and-group",
                "name-and-number",
                "number",
                "number-without-entry",
                "numbers",
                "large-numbers",
                "group",
                "home",
                "unknown-user",
                "unknown-group",
                "too-large",
            ],
        ),
        Group::of("pid1/terminal", ["command-is-in-the-foreground", "ctrl-c-reaches-command-alone"]),
        Group::of("pause/ends", ["term", "int", "asked-from-inside"]),
        Group::of("pause/orphans", ORPHANS.into_iter().chain([ZOMBIE_BEFORE])),
        Group::of("pause/text", ["version"]),
        Group::of("hello/text", ["written", "no-output"]),
    ]);
    Ok(groups)
}

const SIGNALS: RangeInclusive<u8> = 1..=64;

/// Returns the cases of all signals except SIGCHLD and those that can't be caught, and the cases of several signals.
fn forwarded(not: &[u8]) -> Vec<String> {
    let single = SIGNALS.filter(|signal| ![9, 17, 19].contains(signal) && !not.contains(signal));
    single.map(|signal| signal.to_string()).chain(["queued", "no-other"].map(str::to_owned)).collect()
}

/// The signals that end a process by default (`signal(7)`).
fn deadly() -> impl Iterator<Item = u8> {
    SIGNALS.filter(|signal| ![17, 18, 19, 20, 21, 22, 23, 28].contains(signal))
}

/// Returns the refused calls: all calls of the inits in the table of the seccomp profiles, except `execve`, which starts
/// an init. The forms of a call on 32-bit architectures count as one call.
fn refused(machine: &Machine) -> Result<BTreeSet<String>> {
    let (table, platform) = (seccomp::calls()?, Platform::named(machine.platform)?);
    let mut names = BTreeSet::new();
    for init in INITS {
        names.extend(table.on(init, platform)?);
    }
    names.remove("execve");
    let first = |call: &String| match call.strip_suffix("32").unwrap_or(call) {
        "mmap2" => "mmap".to_owned(),
        call => call.strip_suffix("_time64").unwrap_or(call).to_owned(),
    };
    Ok(names.iter().map(first).collect())
}
