//! `docs/tested.md`: the table of what was tried.

use std::{collections::BTreeMap, fmt::Write as _};

use super::counts::Counts;
use crate::platform::PLATFORMS;

/// What writes the page from the last run.
pub(super) const COMMAND: &str = "cargo xtask tried --write";

const HEAD: &str = "\
# What was tried

How much `cargo xtask test` tries, by group and platform, as counted from the output of a run in which nothing failed
and nothing was skipped. In `tests`, one test is one behaviour on one platform, and may try many things; where a group
counts those as well, they have a row of their own. Files of foreign platforms run in an emulator, those of `vm` on
real kernels in emulated machines; 386 is tried in an emulator and, where the kernel can, without one. Tests of no
platform, or of all platforms at once, are in the column `other`.
";

/// The rows of the table, by group.
pub(super) type Rows = BTreeMap<String, Vec<String>>;

/// The rows of a group.
pub(super) fn rows(group: &str, counts: &Counts) -> Vec<String> {
    counts.whats().map(|what| row(group, what, counts)).collect()
}

fn row(group: &str, what: &str, counts: &Counts) -> String {
    let columns = PLATFORMS.iter().map(|platform| platform.docker).chain([""]);
    let of = |column: &str| counts.numbers(what).find(|(name, _)| *name == column).map(|(_, number)| number);
    let cells = columns.map(|column| of(column).map_or(String::new(), |number| number.to_string()));
    let sum: u64 = counts.numbers(what).map(|(_, number)| number).sum();
    let cells: Vec<String> = cells.chain([sum.to_string()]).collect();
    format!("| `{group}` | {what} | {} |", cells.join(" | "))
}

/// The rows that a page has.
pub(super) fn read(page: &str) -> Rows {
    let mut rows = Rows::new();
    for line in page.lines() {
        let group = line.strip_prefix("| `").and_then(|rest| rest.split_once("` | "));
        if let Some((group, _)) = group {
            rows.entry(group.to_owned()).or_default().push(line.to_owned());
        }
    }
    rows
}

/// What of a page must be right: the groups, and how many tests each has. Whatever else is printed beside a result may keep
/// that from being counted where it belongs.
pub(super) fn essence(page: &str) -> Vec<String> {
    let essential = |line: &str| match line.strip_prefix("| `").and_then(|rest| rest.split_once("` | ")) {
        Some((group, cells)) => {
            let all = cells.strip_prefix("tests |")?.trim_end_matches(" |").rsplit_once(' ')?.1;
            Some(format!("{group}: {all}"))
        }
        None => Some(line.to_owned()),
    };
    page.lines().filter_map(essential).collect()
}

/// The page with those rows that are of a group in `about`, which has names and what they are about.
pub(super) fn page(about: &[(String, String)], rows: &Rows) -> String {
    let platforms: Vec<&str> = PLATFORMS.iter().map(|platform| short(platform.docker)).collect();
    let mut page = HEAD.to_owned();
    let _ = write!(page, "\n| group | | {} | other | all |\n", platforms.join(" | "));
    let _ = writeln!(page, "|---|---|{}", "--:|".repeat(platforms.len() + 2));
    for row in about.iter().filter_map(|(name, _)| rows.get(name)).flatten() {
        let _ = writeln!(page, "{row}");
    }
    page += "\n## The groups\n\n";
    for (name, about) in about {
        let _ = writeln!(page, "- `{name}` – {about}");
    }
    let _ = write!(page, "\n<!-- {COMMAND} -->\n");
    page
}

/// `arm64` of `linux/arm64`.
fn short(platform: &str) -> &str {
    platform.split_once('/').map_or(platform, |(_, short)| short)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counts() -> Counts {
        let mut counts = Counts::default();
        counts.add_line("tried: 7 cases on linux/arm/v7");
        counts.add_line("tried: 1 cases");
        counts.add_line("test a::linux/amd64 ... ok");
        counts
    }

    #[test]
    fn a_group_has_a_row_for_each_thing_that_it_counts() {
        let expected =
            ["| `vm` | tests | 1 |  |  |  |  |  | 1 |", "| `vm` | cases |  |  |  | 7 |  | 1 | 8 |"];
        assert_eq!(rows("vm", &counts()), expected);
    }

    #[test]
    fn how_many_tests_a_group_has_must_be_right_and_where_need_not() {
        let right = "| `vm` | tests | 1 |  |  |  |  |  | 1 |\n| `vm` | cases |  |  |  | 7 |  | 1 | 8 |\n";
        assert_eq!(essence(right), ["vm: 1"]);
        assert_eq!(
            essence(&right.replace("| 1 |  |  |  |  |  | 1 |", "|  |  |  |  |  | 1 | 1 |")),
            ["vm: 1"]
        );
        assert_eq!(essence(&right.replace("|  | 1 |\n", "|  | 2 |\n")), ["vm: 2"]);
    }

    #[test]
    fn rows_are_read_back_from_a_page_and_those_of_no_group_are_dropped() {
        let about = ["a", "vm"].map(|name| (name.to_owned(), format!("About `{name}`.")));
        let rows = Rows::from(["a", "vm", "z"].map(|name| (name.to_owned(), rows(name, &counts()))));
        let page = page(&about, &rows);
        let found = read(&page);
        assert_eq!(found.keys().collect::<Vec<_>>(), ["a", "vm"]);
        assert_eq!(found.get("vm"), rows.get("vm"));
        assert!(page.contains("- `vm` – About `vm`.\n"), "{page}");
    }
}
