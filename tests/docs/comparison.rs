//! `docs/comparison.md`: what is said of ours is proved by tests that exist.

use anyhow::{Result, ensure};

use crate::page::Page;
use crate::trials;

const PAGE: &str = "docs/comparison.md";

/// The section whose figures are compared with files.
const FIGURES: &str = "Size and cost";

/// In each row of the tables of features, the last cell names tests, and nothing else.
pub(crate) fn cells_name_tests_that_exist() -> Result<()> {
    let page = Page::read(PAGE)?;
    let mut wrong = Vec::new();
    let rows = page.rows().into_iter().filter(|row| row.section != FIGURES);
    for row in rows {
        let tests = row.cells.last().map(|cell| cell.codes.clone()).unwrap_or_default();
        if tests.is_empty() {
            wrong.push(format!("{}: no test is named", row.place));
        }
        wrong.extend(complaints(&row.place, &tests));
        let empty = row.cells.iter().any(|cell| cell.text.trim().is_empty());
        wrong.extend(empty.then(|| format!("{}: what is not known is said to be", row.place)));
    }
    // Those within the text, of the figures.
    for (place, code) in page.codes() {
        wrong.extend(complaints(&place, &Vec::from_iter(code.contains("::").then_some(code))));
    }
    ensure!(wrong.is_empty(), "{}", wrong.join("\n"));
    Ok(())
}

fn complaints(place: &str, tests: &[String]) -> Vec<String> {
    let unknown = |test: &String| trials::exists(test).err().map(|error| format!("{place}: {error:#}"));
    tests.iter().filter_map(unknown).collect()
}
