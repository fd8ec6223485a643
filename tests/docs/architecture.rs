//! The list of what an architecture consists of.

use std::collections::BTreeSet;
use std::fs;

use anyhow::{Result, ensure};
use mote_tests::workspace_files;
use xtask::workspace;

use crate::page::Page;

/// An architecture that nothing else is called like.
const EXAMPLE: &str = "riscv64";

const PAGE: &str = "CONTRIBUTING.md";
const SECTION: &str = "To add an architecture";

/// Every file that the list names is there, and every file that names the architecture is in the list.
pub(crate) fn list_is_that_of_the_tree() -> Result<()> {
    let rows = Page::read(PAGE)?.rows().into_iter().filter(|row| row.section == SECTION);
    let listed: BTreeSet<String> =
        rows.flat_map(|row| row.cells.into_iter().next()).flat_map(|cell| cell.codes).collect();
    ensure!(!listed.is_empty(), "{PAGE} has no table below {SECTION:?}");
    let files = workspace_files::list()?;
    let gone: Vec<&String> = listed.iter().filter(|path| !files.contains(path)).collect();
    ensure!(gone.is_empty(), "{PAGE} lists files that are not there: {gone:?}");
    let mut missing = Vec::new();
    for path in files {
        let is_written_by_tools = path == "Cargo.lock";
        let names_it = || {
            Ok::<_, anyhow::Error>(
                String::from_utf8_lossy(&fs::read(workspace::root().join(&path))?).contains(EXAMPLE),
            )
        };
        if !is_written_by_tools && !listed.contains(&path) && names_it()? {
            missing.push(path);
        }
    }
    ensure!(missing.is_empty(), "{PAGE} does not list these, which name {EXAMPLE}: {missing:?}");
    Ok(())
}
