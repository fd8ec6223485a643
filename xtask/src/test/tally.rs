//! Counting tests.

use std::{fmt, iter::Sum};

/// How many tests ended in which way.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Tally {
    pub(super) passed: u64,
    pub(super) failed: u64,
    /// Ignored, since something that they need is missing.
    pub(super) skipped: u64,
}

impl Tally {
    /// A single test.
    pub(super) fn one(passed: bool) -> Self {
        Self { passed: passed.into(), failed: (!passed).into(), skipped: 0 }
    }

    /// What a line of a test runner's output adds: `test result: ok. 3 passed; 0 failed; 1 ignored; …`.
    pub(super) fn of_line(line: &str) -> Self {
        let mut tally = Self::default();
        let Some(counts) = line.trim_start().strip_prefix("test result: ") else {
            return tally;
        };
        let counts = counts.split_once(". ").map_or(counts, |(_, counts)| counts);
        for part in counts.split(';') {
            let Some((number, what)) = part.trim().split_once(' ') else {
                continue;
            };
            let Ok(number) = number.parse() else { continue };
            match what {
                "passed" => tally.passed = number,
                "failed" => tally.failed = number,
                "ignored" => tally.skipped = number,
                _ => {}
            }
        }
        tally
    }
}

impl Sum for Tally {
    fn sum<I: Iterator<Item = Self>>(tallies: I) -> Self {
        tallies.fold(Self::default(), |sum, tally| Self {
            passed: sum.passed + tally.passed,
            failed: sum.failed + tally.failed,
            skipped: sum.skipped + tally.skipped,
        })
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} passed, {} failed", self.passed, self.failed)?;
        if self.skipped > 0 {
            write!(f, ", {} skipped", self.skipped)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_result_line_is_counted() {
        let line = "test result: FAILED. 12 passed; 3 failed; 1 ignored; 0 measured; 7 filtered out; \
                    finished in 0.01s";
        assert_eq!(Tally::of_line(line), Tally { passed: 12, failed: 3, skipped: 1 });
    }

    #[test]
    fn other_lines_count_nothing() {
        for line in ["", "test a ... ok", "running 12 passed; tests", "test result: "] {
            assert_eq!(Tally::of_line(line), Tally::default(), "{line:?}");
        }
    }

    #[test]
    fn skipped_tests_are_named_only_if_there_are_any() {
        let tally = Tally { passed: 2, failed: 1, skipped: 0 };
        assert_eq!(tally.to_string(), "2 passed, 1 failed");
        let sum: Tally = [tally, Tally { skipped: 4, ..tally }].into_iter().sum();
        assert_eq!(sum.to_string(), "4 passed, 2 failed, 4 skipped");
    }
}
