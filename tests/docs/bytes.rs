//! Bytes and sizes on pages.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

use anyhow::{Context, Result, bail, ensure};
use mote_tests::outcome::same;
use mote_tests::{dist, require};
use xtask::platform::Platform;

use crate::page::Page;

const PLATFORM: &str = "linux/amd64";

/// The block of `docs/design.md` with every byte of `hello`: an offset, the bytes, and their meaning.
pub(crate) fn hello_is_as_shown() -> Result<()> {
    let page = Page::read("docs/design.md")?;
    let is_dump =
        |block: &&crate::page::Block| block.comments.iter().any(|comment| comment == "every byte of hello");
    let blocks = page.blocks();
    let block = blocks.iter().find(is_dump).context("docs/design.md does not show hello")?;
    let mut shown = Vec::new();
    for line in block.text.lines().filter(|line| !line.trim().is_empty()) {
        let (offset, rest) = line.split_once("  ").with_context(|| line.to_owned())?;
        same(usize::from_str_radix(offset, 16)?, shown.len()).with_context(|| line.to_owned())?;
        let bytes = rest.split("  ").next().unwrap_or_default();
        for byte in bytes.split(' ').filter(|byte| !byte.is_empty()) {
            shown.push(u8::from_str_radix(byte, 16).with_context(|| line.to_owned())?);
        }
    }
    same(shown, fs::read(dist::file(Platform::named(PLATFORM)?, "hello")?)?)
}

/// The tables that compare our files with others: a file in the first cell, its size in the second.
pub(crate) fn sizes_beside_others_are_true() -> Result<()> {
    for (path, section) in [("README.md", "How small"), ("docs/comparison.md", "Size and cost")] {
        let rows = Page::read(path)?.rows().into_iter().filter(|row| row.section == section);
        let mut shown: BTreeMap<String, (String, String)> = BTreeMap::new();
        // The other table of the section has more columns.
        for row in rows.filter(|row| row.cells.len() == 4) {
            let name = row.cells[0].codes.first().with_context(|| format!("{}: no file", row.place))?;
            shown.insert(name.clone(), (row.place, row.cells[1].text.clone()));
        }
        ensure!(shown.len() > 3, "{path} has no such table below {section:?}");
        for (name, (place, text)) in shown {
            let size = fs::metadata(file(&name)?)?.len();
            same(text.parse::<u64>().with_context(|| place.clone())?, size).context(place)?;
        }
    }
    Ok(())
}

/// Returns the path of one of our files by its name, and of another by its path.
fn file(name: &str) -> Result<PathBuf> {
    let Some((_, program)) = name.rsplit_once('/') else {
        return dist::file(Platform::named(PLATFORM)?, name);
    };
    // One package contains both.
    let package = program.trim_end_matches("-static");
    let found = require::tool(name, package)?;
    if std::env::consts::ARCH != "x86_64" {
        bail!(require::Missing(format!("{program} for {PLATFORM}")));
    }
    Ok(found)
}
