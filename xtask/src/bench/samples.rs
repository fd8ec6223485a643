//! What was measured.

use std::collections::BTreeMap;

use super::{metric::Metric, spread::Spread, subject::Subject};

/// Samples of each metric of each program, in the order of the rounds.
#[derive(Debug, Default)]
pub(super) struct Samples(BTreeMap<(String, Metric), Vec<f64>>);

impl Samples {
    pub(super) fn add(&mut self, subject: &Subject, figures: Vec<(Metric, f64)>) {
        for (metric, value) in figures {
            self.0.entry((subject.name.clone(), metric)).or_default().push(value);
        }
    }

    pub(super) fn of(&self, name: &str, metric: Metric) -> &[f64] {
        self.0.get(&(name.to_owned(), metric)).map_or(&[], Vec::as_slice)
    }

    pub(super) fn spread(&self, name: &str, metric: Metric) -> Option<Spread> {
        Spread::of(self.of(name, metric))
    }
}
