//! The tables of sizes: of files in the README, of images in `docs/images.md`.

use std::fs;

use anyhow::{Context, Result, ensure};
use serde_json::Value;
use xtask::platform::PLATFORMS;

use mote_tests::dist;

/// Returns the row of a program with its sizes on all platforms.
fn row(program: &str, sizes: &[u64]) -> String {
    let sizes: Vec<String> = sizes.iter().map(u64::to_string).collect();
    format!("| `{program}` | {} |\n", sizes.join(" | "))
}

/// Returns the sizes of a program on all platforms, from entries of the record.
fn sizes(entries: &[Value], program: &str) -> Result<Vec<u64>> {
    let of = |platform: &str| {
        let entry = entries.iter().find(|entry| {
            entry["platform"] == platform && (entry["program"] == program || entry["program"].is_null())
        });
        entry.and_then(|entry| entry["size"].as_u64()).with_context(|| format!("{program} on {platform}"))
    };
    PLATFORMS.iter().map(|platform| of(platform.docker)).collect()
}

pub(crate) fn sizes_are_true() -> Result<()> {
    let record: Value = serde_json::from_slice(&fs::read(dist::directory().join("build.json"))?)?;
    let list = |name: &str| record[name].as_array().cloned().with_context(|| format!("no {name}"));
    let files = list("files")?;
    let mut rows = Vec::new();
    for program in xtask::program::PROGRAMS {
        rows.push(row(program.name, &sizes(&files, program.name)?));
    }
    are_in("README.md", rows)?;
    let mut rows = Vec::new();
    // The page has the images that people run, and not those that they copy files from.
    for images in list("images")? {
        let name = images["program"].as_str().context("no program")?;
        if ["hello", "pause"].contains(&name) {
            let platforms = images["platforms"].as_array().context("no platforms")?;
            rows.push(row(name, &sizes(platforms, name)?));
        }
    }
    are_in("docs/images.md", rows)
}

fn are_in(page: &str, rows: Vec<String>) -> Result<()> {
    let text = fs::read_to_string(xtask::workspace::root().join(page))?;
    let missing: String = rows.into_iter().filter(|row| !text.contains(row.as_str())).collect();
    ensure!(
        missing.is_empty(),
        "{page} has other sizes; these are built with the project's compiler:\n{missing}"
    );
    Ok(())
}
