//! Statements of pages. A comment names the tests that prove one: `<!-- tests: TEST, TEST -->`.

use anyhow::{Result, ensure};

use crate::page::{self, Page};
use crate::trials::Trials;

const BEGIN: &str = "<!-- tests: ";

/// Every comment on every page names existing tests.
pub(crate) fn named_tests_exist() -> Result<()> {
    let (trials, mut wrong) = (Trials::get()?, Vec::new());
    for page in page::all()? {
        for comment in page.text.split(BEGIN).skip(1) {
            let names = comment.split("-->").next().unwrap_or_default();
            let missing = names.split(',').filter_map(|name| trials.has(name.trim()).err());
            wrong.extend(missing.map(|error| format!("{}: {error:#}", page.path)));
        }
    }
    ensure!(wrong.is_empty(), "{}", wrong.join("\n"));
    Ok(())
}

/// Every row of a table of features on the page of comparisons names tests. The sizes are compared with files instead.
pub(crate) fn compared_features_name_tests() -> Result<()> {
    let page = Page::read("docs/comparison.md")?;
    let mut wrong = Vec::new();
    for row in page.rows().into_iter().filter(|row| row.section != "Size and cost") {
        if !row.cells.last().is_some_and(|cell| cell.comment.starts_with(BEGIN)) {
            wrong.push(format!("{}: no test is named", row.place));
        }
        if row.cells.iter().any(|cell| cell.text.trim().is_empty()) {
            wrong.push(format!("{}: an empty cell", row.place));
        }
    }
    ensure!(wrong.is_empty(), "{}", wrong.join("\n"));
    Ok(())
}
