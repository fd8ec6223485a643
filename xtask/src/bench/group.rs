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
        about: "Sizes, what a program executes itself, and how often it wakes up. Dynamic programs differ by a few instructions \
                with the addresses that the kernel chooses.",
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
        about: "Noisy by a page or two, since the kernel chooses addresses at random. Minor faults are those of a whole life.",
        metrics: &[Metric::Resident, Metric::Proportional, Metric::PageTables, Metric::MinorFaults],
    },
    Group {
        title: "Time",
        about: "Noisy. A life is from start to end: of an init that runs `true`, or of a hello. The ratio is to our pid1 or hello in the \
                same round.",
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
