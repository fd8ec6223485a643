//! Many samples in five numbers.

use serde::Serialize;

/// The spread of samples.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Spread {
    /// The least.
    pub min: f64,
    /// A quarter of them is not above this.
    pub lower_quartile: f64,
    /// Half of them is not above this.
    pub median: f64,
    /// Three quarters of them are not above this.
    pub upper_quartile: f64,
    /// The most.
    pub max: f64,
    /// How many there are.
    pub samples: usize,
}

impl Spread {
    /// The spread of `samples`; none of no samples.
    pub(super) fn of(samples: &[f64]) -> Option<Self> {
        let mut sorted = samples.to_vec();
        sorted.sort_by(f64::total_cmp);
        // The nearest rank: a value that was measured, and no mean of two.
        let rank = |quarter: usize| sorted.get((sorted.len() * quarter).div_ceil(4).max(1) - 1).copied();
        Some(Self {
            min: *sorted.first()?,
            lower_quartile: rank(1)?,
            median: rank(2)?,
            upper_quartile: rank(3)?,
            max: *sorted.last()?,
            samples: sorted.len(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quartiles_are_samples() {
        let spread = Spread::of(&[9.0, 1.0, 5.0, 3.0, 7.0]);
        let expected =
            Spread { min: 1.0, lower_quartile: 3.0, median: 5.0, upper_quartile: 7.0, max: 9.0, samples: 5 };
        assert_eq!(spread, Some(expected));
    }

    #[test]
    fn one_sample_is_all_of_them() {
        let spread = Spread::of(&[2.0]);
        assert_eq!(spread.map(|spread| (spread.min, spread.median, spread.max)), Some((2.0, 2.0, 2.0)));
        assert_eq!(Spread::of(&[]), None);
    }
}
