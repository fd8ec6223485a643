//! The metrics, and the tables that show them.

/// A property of a program that is measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Metric {
    FileBytes,
    ImageBytes,
    Instructions,
    SystemCalls,
    WakeUps,
    Resident,
    Proportional,
    PageTables,
    MinorFaults,
    Lifetime,
    LifetimeRatio,
    SignalLatency,
    Shutdown,
    OrphansOneByOne,
    OrphansOneByOneCpu,
    OrphansAtOnce,
    OrphansAtOnceCpu,
}

/// Metrics that share a section of the page.
pub(crate) struct Group {
    pub(crate) title: &'static str,
    pub(crate) about: &'static str,
    /// The metrics and the headings of their columns.
    pub(crate) columns: &'static [(Metric, &'static str)],
}

/// All groups, in the order of the page.
pub(crate) const GROUPS: [Group; 4] = [
    Group {
        title: "Exact figures",
        about: "Sizes, the instructions and system calls of the program itself, and its wake-ups. The instruction \
                counts of dynamic\nprograms vary slightly with the addresses that the kernel chooses.",
        columns: &[
            (Metric::FileBytes, "file, bytes"),
            (Metric::ImageBytes, "image, bytes"),
            (Metric::Instructions, "instructions"),
            (Metric::SystemCalls, "system calls"),
            (Metric::WakeUps, "wake-ups"),
        ],
    },
    Group {
        title: "Memory",
        about: "These figures vary by a page or two, since the kernel chooses addresses at random. Minor faults \
                are counted from start\nto exit.",
        columns: &[
            (Metric::Resident, "resident, kB"),
            (Metric::Proportional, "proportional, kB"),
            (Metric::PageTables, "page tables, kB"),
            (Metric::MinorFaults, "minor faults"),
        ],
    },
    Group {
        title: "Time",
        about: "These figures are noisy. From start to exit, an init runs `true`. The ratio is to mote's pid1 or \
                hello in the same\nround.",
        columns: &[
            (Metric::Lifetime, "start to exit, µs"),
            (Metric::LifetimeRatio, "ratio"),
            (Metric::SignalLatency, "signal to child, µs"),
            (Metric::Shutdown, "SIGTERM to exit, µs"),
        ],
    },
    Group {
        title: "Orphans",
        about: "These figures are noisy.",
        columns: &[
            (Metric::OrphansOneByOne, "orphans one by one, ms"),
            (Metric::OrphansOneByOneCpu, "its CPU time, ms"),
            (Metric::OrphansAtOnce, "orphans at once, ms"),
            (Metric::OrphansAtOnceCpu, "its CPU time, ms"),
        ],
    },
];
