//! Counting what a group of tests has tried.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::platform::PLATFORMS;

/// What the tests themselves are counted as.
const TESTS: &str = "tests";

/// How much a group has tried: of what, on which platform, how many. What is of no platform has an empty one.
///
/// It is read from the output of test runners. A line `test NAME ... ok` is a test; its platform is that which NAME
/// ends in, as in `pid1::version::linux/arm64`, whatever else is said of it. A line `tried: NUMBER WHAT on PLATFORM`
/// counts what was tried inside of tests; ` on PLATFORM` may be missing, and lines of the same WHAT add up.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts(BTreeMap<String, BTreeMap<String, u64>>);

impl Counts {
    /// Adds what a line of output says.
    pub fn add_line(&mut self, line: &str) {
        if let Some(name) = line.strip_prefix("test ").and_then(|rest| rest.trim_end().strip_suffix("... ok"))
        {
            self.add(TESTS, platform(name.trim_end()), 1);
        } else if let Some((number, what)) =
            line.strip_prefix("tried: ").and_then(|rest| rest.trim_end().split_once(' '))
            && let Ok(number) = number.parse()
        {
            let (what, platform) = what.rsplit_once(" on ").unwrap_or((what, ""));
            self.add(what, platform, number);
        }
    }

    /// Counts tests that were not seen, such as one that printed something in the middle of its line: `passed` is how
    /// many there were.
    pub fn complete(&mut self, passed: u64) {
        let seen = self.numbers(TESTS).map(|(_, number)| number).sum();
        let unseen = passed.saturating_sub(seen);
        if unseen > 0 {
            self.add(TESTS, "", unseen);
        }
    }

    /// What there is beside tests, to be said behind their number.
    #[must_use]
    pub fn beside_tests(&self) -> String {
        let others = self.whats().filter(|what| *what != TESTS);
        others.map(|what| format!(", {} {what}", self.numbers(what).map(|(_, n)| n).sum::<u64>())).collect()
    }

    /// What was counted, tests first.
    pub(super) fn whats(&self) -> impl Iterator<Item = &str> {
        let others = self.0.keys().map(String::as_str).filter(|what| *what != TESTS);
        self.0.get_key_value(TESTS).map(|(what, _)| what.as_str()).into_iter().chain(others)
    }

    /// How many of `what`, by platform.
    pub(super) fn numbers(&self, what: &str) -> impl Iterator<Item = (&str, u64)> {
        self.0.get(what).into_iter().flatten().map(|(platform, number)| (platform.as_str(), *number))
    }

    fn add(&mut self, what: &str, platform: &str, number: u64) {
        *self.0.entry(what.to_owned()).or_default().entry(platform.to_owned()).or_default() += number;
    }
}

/// The platform that a test's name ends in, if it does.
fn platform(test: &str) -> &'static str {
    let is_of = |name: &str| {
        let (_, rest) = test.rsplit_once("::")?;
        let rest = rest.strip_prefix(name)?;
        (!rest.starts_with(|next: char| next.is_ascii_alphanumeric())).then_some(())
    };
    let names = PLATFORMS.iter().map(|platform| platform.docker);
    names.into_iter().find(|name| is_of(name).is_some()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counts(lines: &[&str]) -> Counts {
        let mut counts = Counts::default();
        lines.iter().for_each(|line| counts.add_line(line));
        counts
    }

    fn numbers<'a>(counts: &'a Counts, what: &str) -> Vec<(&'a str, u64)> {
        counts.numbers(what).collect()
    }

    #[test]
    fn tests_are_counted_by_the_platform_that_their_names_end_in() {
        let counts = counts(&[
            "test a::b::linux/arm64          ... ok\n",
            "test vm::linux/arm64 with pages of 16 KiB ... ok",
            "test a::linux/386-native ... ok",
            "test a::linux/386 ... ok",
            "test a::linux/arm/v7 ... ok",
            "test a ... ok",
            "test a::linux/armor ... ok",
            "test a::linux/riscv64 ... FAILED",
            "test a::linux/riscv64 ... ignored, missing: qemu",
            "something else ... ok",
        ]);
        let expected = [("", 2), ("linux/386", 2), ("linux/arm/v7", 1), ("linux/arm64", 2)];
        assert_eq!(numbers(&counts, TESTS), expected);
    }

    #[test]
    fn what_tests_try_is_counted_by_platform_or_without() {
        let counts = counts(&[
            "tried: 904 cases on linux/arm64\n",
            "tried: 6 cases on linux/arm64",
            "tried: 3 lines with words on them on linux/386",
            "tried: 12 states",
            "tried: some states",
            "tried: 5",
        ]);
        assert_eq!(counts.whats().collect::<Vec<_>>(), ["cases", "lines with words on them", "states"]);
        assert_eq!(numbers(&counts, "cases"), [("linux/arm64", 910)]);
        assert_eq!(numbers(&counts, "states"), [("", 12)]);
        assert_eq!(counts.beside_tests(), ", 910 cases, 3 lines with words on them, 12 states");
    }

    #[test]
    fn tests_that_were_not_seen_are_of_no_platform() {
        let mut counts = counts(&["test a::linux/amd64 ... ok", "test b ... ok"]);
        counts.complete(2);
        assert_eq!(numbers(&counts, TESTS), [("", 1), ("linux/amd64", 1)]);
        counts.complete(5);
        assert_eq!(numbers(&counts, TESTS), [("", 4), ("linux/amd64", 1)]);
    }
}
