//! The cases that each machine must report: written down here once more, so that one that the driver loses is missed.

use std::collections::BTreeSet;
use std::ops::RangeInclusive;

use anyhow::Result;
use xtask::platform::Platform;
use xtask::seccomp;

use crate::machine::Machine;

/// Cases whose names begin alike.
pub(crate) struct Group {
    /// How they begin.
    pub(crate) name: String,
    /// How they go on.
    pub(crate) cases: Vec<String>,
}

impl Group {
    fn of<Name: ToString>(name: impl Into<String>, cases: impl IntoIterator<Item = Name>) -> Self {
        Self { name: name.into(), cases: cases.into_iter().map(|case| case.to_string()).collect() }
    }

    /// The whole names.
    pub(crate) fn names(&self) -> impl Iterator<Item = String> {
        self.cases.iter().map(|case| format!("{}/{case}", self.name))
    }
}

const INITS: [&str; 4] = ["pid1", "tini", "dumb-init", "catatonit"];
const ORPHANS: [&str; 3] = ["adopted", "300-at-once", "two-at-once-100-times"];
const DEAD_BEFORE: &str = "dead-before";

/// All that a machine reports.
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
        Group::of("init/end", ["battery", "asks-who-is-left", "resumes-who-is-left", "leaves-them-time"]),
    ];
    for init in INITS {
        // Those by which a terminal stops processes: a SIGSTOP for COMMAND and itself, or none of COMMAND's business.
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
            Group::of(format!("{init}/orphans"), ORPHANS.into_iter().chain([DEAD_BEFORE])),
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
                "kills-a-stubborn-leftover",
                "kills-a-stubborn-leftover-after-4-s",
                "ends-with-an-obedient-leftover",
                "ends-when-nobody-is-left",
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
        Group::of("pause/orphans", ORPHANS.into_iter().chain([DEAD_BEFORE])),
        Group::of("pause/text", ["version"]),
        Group::of("hello/text", ["written", "no-output"]),
    ]);
    Ok(groups)
}

const SIGNALS: RangeInclusive<u8> = 1..=64;

/// All signals but those that can't be caught and SIGCHLD, and what is tried with several.
fn forwarded(not: &[u8]) -> Vec<String> {
    let single = SIGNALS.filter(|signal| ![9, 17, 19].contains(signal) && !not.contains(signal));
    single.map(|signal| signal.to_string()).chain(["queued", "no-other"].map(str::to_owned)).collect()
}

/// The signals that end a process by default (`signal(7)`).
fn deadly() -> impl Iterator<Item = u8> {
    SIGNALS.filter(|signal| ![17, 18, 19, 20, 21, 22, 23, 28].contains(signal))
}

/// The calls that are refused: all that any of the inits makes, as the table has them, which traces are compared with.
/// Only `execve` is not among them, which is how an init begins. The second forms of 32-bit architectures go by the name
/// of the first.
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
