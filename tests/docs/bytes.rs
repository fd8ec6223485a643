//! The bytes and sizes that pages tell.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

use anyhow::{Context, Result, bail, ensure};
use mote_tests::outcome::same;
use mote_tests::{dist, require};
use xtask::platform::Platform;

use crate::page::Page;

const PLATFORM: &str = "linux/amd64";

/// The block of `docs/design.md` that shows every byte of `hello`: an offset, the bytes, and what they are.
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

/// The tables that set our files beside those of others: a file in the first cell, its size in the second.
pub(crate) fn sizes_beside_others_are_true() -> Result<()> {
    for (path, section) in [("README.md", "How small"), ("docs/comparison.md", "Size and cost")] {
        let rows = Page::read(path)?.rows().into_iter().filter(|row| row.section == section);
        let mut told: BTreeMap<String, (String, String)> = BTreeMap::new();
        for row in rows.filter(|row| row.cells.len() == 6 && !is_platforms(&row.cells[2].text)) {
            let name = row.cells[0].codes.first().with_context(|| format!("{}: no file", row.place))?;
            told.insert(name.clone(), (row.place, row.cells[1].text.clone()));
        }
        ensure!(told.len() > 3, "{path} has no such table below {section:?}");
        for (name, (place, told)) in told {
            let size = fs::metadata(file(&name)?)?.len();
            same(told.parse::<u64>().with_context(|| place.clone())?, size).context(place)?;
        }
    }
    Ok(())
}

/// The other table of the section has a size in every cell.
fn is_platforms(cell: &str) -> bool {
    cell.parse::<u64>().is_ok()
}

/// Of ours by its name, of others by its path.
fn file(name: &str) -> Result<PathBuf> {
    let Some((_, program)) = name.rsplit_once('/') else {
        return dist::file(Platform::named(PLATFORM)?, name);
    };
    // The static one comes with the other.
    let package = program.trim_end_matches("-static");
    let found = require::tool(name, package)?;
    if std::env::consts::ARCH != "x86_64" {
        bail!(require::Missing(format!("{program} for {PLATFORM}")));
    }
    Ok(found)
}
