//! The project's own tool on pages.

use std::process::{Output, Stdio};

use anyhow::{Context, Result, ensure};

use crate::page;
use crate::trials;

/// Each `cargo xtask` on a page names an existing subcommand, and existing groups of tests.
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
                // `GROUP` is a placeholder.
                let unknown = |word: &&str| {
                    !groups.iter().any(|group| group == word)
                        && !word.starts_with("GROUP")
                        && *word != "--quick"
                };
                if !known.iter().any(|known| known == name) || wanted.iter().any(unknown) {
                    wrong.push(format!("{place}: {line}"));
                }
            }
        }
    }
    ensure!(wrong.is_empty(), "there are {known:?}, and of tests {groups:?}, but not:\n{}", wrong.join("\n"));
    Ok(())
}

fn tool(words: &[&str]) -> Result<Output> {
    let mut cargo = trials::cargo()?;
    cargo.args(["run", "--quiet", "--locked", "--package", "xtask", "--"]).args(words);
    Ok(cargo.stdin(Stdio::null()).output()?)
}

fn subcommands() -> Result<Vec<String>> {
    let help = String::from_utf8(tool(&["--help"])?.stdout)?;
    let names = help.lines().filter_map(|line| line.strip_prefix("  ")?.split(' ').next());
    Ok(names.filter(|name| !name.is_empty()).map(str::to_owned).collect())
}

/// Returns the groups that the error about an unknown group lists, and the usage text as well.
fn groups() -> Result<Vec<String>> {
    let error = String::from_utf8(tool(&["test", "no such group"])?.stderr)?;
    let (_, names) = error.split_once("valid are: ").with_context(|| error.clone())?;
    let help = String::from_utf8(tool(&["test", "--help"])?.stdout)?;
    ensure!(help.lines().any(|line| line == format!("Groups: {}", names.trim())), "{help}");
    Ok(names.trim().split(", ").map(str::to_owned).collect())
}
