//! Results of tests.

use std::{fmt, ops::AddAssign};

/// Numbers of tests by result.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Tally {
    pub(super) passed: u64,
    pub(super) failed: u64,
    /// Ignored, since a prerequisite is missing.
    pub(super) skipped: u64,
}

impl Tally {
    /// Returns the result of a single test.
    pub(super) fn one(passed: bool) -> Self {
        Self { passed: passed.into(), failed: (!passed).into(), skipped: 0 }
    }

    /// Returns the numbers in a line `test result: ok. 3 passed; 0 failed; 1 ignored; …`, and none for another line.
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

impl AddAssign for Tally {
    fn add_assign(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
        self.skipped += other.skipped;
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
    fn skipped_tests_are_named_only_if_there_are_any() {
        let mut tally = Tally { passed: 2, failed: 1, skipped: 0 };
        assert_eq!(tally.to_string(), "2 passed, 1 failed");
        tally += Tally { skipped: 4, ..tally };
        assert_eq!(tally.to_string(), "4 passed, 2 failed, 4 skipped");
    }
}
