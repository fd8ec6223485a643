//! The project's own tool, as pages name it.

use std::fs;

use anyhow::{Context, Result, ensure};
use mote_tests::command;
use toml::{Table, Value};
use xtask::workspace;

use crate::page;
use crate::trials;

/// Each `cargo xtask` of the pages, within a line or in a block, has such a subcommand, and such groups of tests.
pub(crate) fn subcommands_and_groups_exist() -> Result<()> {
    let (known, groups) = (subcommands()?, groups()?);
    let mut wrong = Vec::new();
    for page in page::all()? {
        let blocks = page.blocks().into_iter().map(|block| (block.place, block.text));
        for (place, text) in page.codes().into_iter().chain(blocks) {
            for line in text.lines() {
                let Some((_, rest)) = line.split_once("cargo xtask ") else { continue };
                let mut words = rest.split_whitespace();
                let name = words.next().unwrap_or_default();
                let wanted =
                    if name == "test" { words.take_while(|word| *word != "#").collect() } else { Vec::new() };
                // Words in capitals stand for others.
                let stranger =
                    |word: &&str| !groups.iter().any(|group| group == word) && !word.starts_with("GROUP");
                if !known.iter().any(|known| known == name) || wanted.iter().any(stranger) {
                    wrong.push(format!("{place}: {line}"));
                }
            }
        }
    }
    ensure!(wrong.is_empty(), "there are {known:?}, and of tests {groups:?}, but not:\n{}", wrong.join("\n"));
    Ok(())
}

fn subcommands() -> Result<Vec<String>> {
    let mut help = trials::cargo()?;
    let help =
        command::stdout(help.args(["run", "--quiet", "--locked", "--package", "xtask", "--", "--help"]))?;
    let names = help.lines().filter_map(|line| line.strip_prefix("  ")?.split(' ').next());
    Ok(names.filter(|name| !name.is_empty()).map(str::to_owned).collect())
}

/// As the tool finds them: the tests of the package, and two of another kind.
fn groups() -> Result<Vec<String>> {
    let manifest: Table = fs::read_to_string(workspace::root().join("tests/Cargo.toml"))?.parse()?;
    let tests = manifest.get("test").and_then(Value::as_array).context("no tests")?;
    let names = tests.iter().filter_map(|test| test.get("name")?.as_str());
    Ok(names.chain(["lint", "unit"]).map(str::to_owned).collect())
}
