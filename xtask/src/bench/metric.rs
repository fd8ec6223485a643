//! What is measured.

use serde::Serialize;

/// A figure of a program.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Metric {
    /// Size of the file.
    FileBytes,
    /// What a registry keeps of an image that holds the file alone.
    ImageBytes,
    /// Instructions that it executes itself.
    Instructions,
    /// System calls that it makes.
    SystemCalls,
    /// How often it woke up while nothing happened.
    WakeUps,
    /// Pages that it had to ask the kernel for.
    MinorFaults,
    /// Resident memory when idle.
    Resident,
    /// The same, with pages that several processes share divided among them.
    Proportional,
    /// Memory of its page tables when idle.
    PageTables,
    /// Time from its start to its end.
    Life,
    /// The same, divided by that of this family's program in the same round.
    LifeRatio,
    /// Time to make and reap orphans, each made when the one before is gone.
    SingleOrphans,
    /// CPU time of its own for that.
    SingleOrphansCpu,
    /// Time to reap orphans that all came at once.
    BurstOrphans,
    /// CPU time of its own for that.
    BurstOrphansCpu,
    /// Time from a signal to it to the same signal at its command.
    ForwardLatency,
    /// Time from SIGTERM to its end.
    Ending,
}

/// How a metric is shown.
#[derive(Clone, Copy, Debug)]
pub(super) struct Shown {
    /// Heading of a column.
    pub(super) title: &'static str,
    pub(super) unit: &'static str,
    /// Whether it repeats exactly.
    pub(super) exact: bool,
}

/// All metrics, in the order of the tables.
pub(super) const METRICS: [Metric; 17] = [
    Metric::FileBytes,
    Metric::ImageBytes,
    Metric::Instructions,
    Metric::SystemCalls,
    Metric::WakeUps,
    Metric::MinorFaults,
    Metric::Resident,
    Metric::Proportional,
    Metric::PageTables,
    Metric::Life,
    Metric::LifeRatio,
    Metric::SingleOrphans,
    Metric::SingleOrphansCpu,
    Metric::BurstOrphans,
    Metric::BurstOrphansCpu,
    Metric::ForwardLatency,
    Metric::Ending,
];

impl Metric {
    pub(super) const fn shown(self) -> Shown {
        let (title, unit, exact) = match self {
            Self::FileBytes => ("file", "bytes", true),
            Self::ImageBytes => ("image", "bytes", true),
            Self::Instructions => ("instructions", "", true),
            Self::SystemCalls => ("system calls", "", true),
            Self::WakeUps => ("wake-ups", "", true),
            Self::MinorFaults => ("minor faults", "", false),
            Self::Resident => ("resident", "kB", false),
            Self::Proportional => ("proportional", "kB", false),
            Self::PageTables => ("page tables", "kB", false),
            Self::Life => ("start to end", "µs", false),
            Self::LifeRatio => ("ratio", "", false),
            Self::SingleOrphans => ("orphans one by one", "ms", false),
            Self::SingleOrphansCpu => ("its CPU time", "ms", false),
            Self::BurstOrphans => ("orphans at once", "ms", false),
            Self::BurstOrphansCpu => ("its CPU time", "ms", false),
            Self::ForwardLatency => ("signal to command", "µs", false),
            Self::Ending => ("SIGTERM to end", "µs", false),
        };
        Shown { title, unit, exact }
    }
}
