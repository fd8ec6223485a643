//! Which figures stand together in a table.

use super::metric::Metric;

/// Metrics of one kind.
pub(super) struct Group {
    pub(super) title: &'static str,
    /// What a reader should know of them.
    pub(super) about: &'static str,
    pub(super) metrics: &'static [Metric],
}

/// All groups: exact figures first, noisy ones after them.
pub(super) const GROUPS: [Group; 4] = [
    Group {
        title: "What repeats exactly",
        about: "Sizes, what a program executes itself, and how often it wakes up.",
        metrics: &[
            Metric::FileBytes,
            Metric::ImageBytes,
            Metric::Instructions,
            Metric::SystemCalls,
            Metric::WakeUps,
        ],
    },
    Group {
        title: "Memory",
        about: "Noisy by a page or two, since the kernel chooses addresses at random. Minor faults are from start to end.",
        metrics: &[Metric::Resident, Metric::Proportional, Metric::PageTables, Metric::MinorFaults],
    },
    Group {
        title: "Time",
        about: "Noisy. The ratio is to our pid1 or hello in the same round.",
        metrics: &[Metric::Life, Metric::LifeRatio, Metric::ForwardLatency, Metric::Ending],
    },
    Group {
        title: "Orphans",
        about: "Noisy.",
        metrics: &[
            Metric::SingleOrphans,
            Metric::SingleOrphansCpu,
            Metric::BurstOrphans,
            Metric::BurstOrphansCpu,
        ],
    },
];
