//! What is written to `results.json`: exact figures and noisy ones apart.

use std::collections::BTreeMap;

use serde::Serialize;

use super::{
    machine::Machine,
    metric::{METRICS, Metric},
    plan::Plan,
    samples::Samples,
    spread::Spread,
    subject::{Kind, LeftOut, Subject},
};

/// A run.
#[derive(Debug, Serialize)]
pub struct Results {
    /// Where it took place.
    pub machine: Machine,
    /// How much was measured.
    pub plan: Plan,
    /// Who was measured.
    pub programs: Vec<Entry>,
    /// Who could not be.
    pub left_out: Vec<LeftOut>,
}

/// A program and its figures.
#[derive(Debug, Serialize)]
pub struct Entry {
    /// Its name.
    pub name: String,
    /// What it is for.
    pub kind: Kind,
    /// Whether it is one of this family.
    pub ours: bool,
    /// Where it is from.
    pub origin: String,
    /// Whether it needs a C library on top of its own file.
    pub dynamic: bool,
    /// What repeats exactly.
    pub exact: BTreeMap<Metric, Exact>,
    /// What does not.
    pub noisy: BTreeMap<Metric, Spread>,
}

/// A figure that repeats, and how far it did.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Exact {
    /// The least, which is the only one unless something was not as expected.
    pub value: u64,
    /// The most.
    pub most: u64,
}

impl Entry {
    /// The figures of a program.
    pub(super) fn of(subject: Subject, samples: &Samples) -> Self {
        let spread = |metric: &Metric| Some((*metric, samples.spread(&subject.name, *metric)?));
        let (exact, noisy): (Vec<_>, Vec<_>) =
            METRICS.iter().filter_map(spread).partition(|(metric, _)| metric.shown().exact);
        let exact = exact
            .into_iter()
            .map(|(metric, spread)| (metric, Exact { value: spread.min as u64, most: spread.max as u64 }));
        let (exact, noisy) = (exact.collect(), noisy.into_iter().collect());
        let Subject { name, kind, ours, origin, dynamic, .. } = subject;
        Self { name, kind, ours, origin, dynamic, exact, noisy }
    }
}
