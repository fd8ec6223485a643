//! How much is measured.

use std::time::Duration;

use serde::Serialize;

/// How many rounds each measure has, and how much happens in one.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Plan {
    /// Rounds of counting instructions and system calls.
    pub counts: u32,
    /// Starts after which memory is looked at.
    pub starts: u32,
    /// How long wake-ups are counted.
    pub idle: Duration,
    /// Runs from start to end that are timed.
    pub lives: u32,
    /// Rounds of orphans.
    pub orphan_rounds: u32,
    /// Orphans of a round.
    pub orphans: u32,
    /// Starts after which signals are sent.
    pub forward_rounds: u32,
    /// Signals after one start.
    pub signals: u32,
    /// Starts that end by SIGTERM.
    pub endings: u32,
}

impl Plan {
    /// Enough for spreads that can be compared.
    pub(super) const FULL: Self = Self {
        counts: 3,
        starts: 200,
        idle: Duration::from_secs(20),
        lives: 200,
        orphan_rounds: 9,
        orphans: 10_000,
        forward_rounds: 20,
        signals: 50,
        endings: 200,
    };

    /// Enough to see that everything works, and what is exact.
    pub(super) const QUICK: Self = Self {
        counts: 1,
        starts: 5,
        idle: Duration::from_secs(3),
        lives: 5,
        orphan_rounds: 1,
        orphans: 200,
        forward_rounds: 1,
        signals: 10,
        endings: 5,
    };
}
