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
        title: "Exact figures",
        about: "Sizes, the instructions and system calls of the program itself, and its wake-ups. The instruction counts of \
                dynamic programs vary slightly with the addresses that the kernel chooses.",
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
        about: "These figures vary by a page or two, since the kernel chooses addresses at random. Minor faults are counted \
                from start to exit.",
        metrics: &[Metric::Resident, Metric::Proportional, Metric::PageTables, Metric::MinorFaults],
    },
    Group {
        title: "Time",
        about: "These figures are noisy. A life is the time from start to exit of an init that runs `true`, or of hello. The \
                ratio is to mote's pid1 or hello in the same round.",
        metrics: &[Metric::Life, Metric::LifeRatio, Metric::ForwardLatency, Metric::Ending],
    },
    Group {
        title: "Orphans",
        about: "These figures are noisy.",
        metrics: &[
            Metric::SingleOrphans,
            Metric::SingleOrphansCpu,
            Metric::BurstOrphans,
            Metric::BurstOrphansCpu,
        ],
    },
];
