//! `cargo xtask release`: the files of a release, from a clean tree.
//!
//! They are in one directory, under names that contain the platform, for a Dockerfile's `ADD`. Like the files of `dist/`
//! they are a pure function of the commit, the compiler and the linker; the packages also depend on `dpkg-deb`.

mod deb;

use std::fs;

use anyhow::{Context, Result, bail};

use crate::{
    dist::{self, Content},
    exit::CannotStart,
    platform::PLATFORMS,
    program::PROGRAMS,
    record::{Output, RECORD},
    size,
    source::Source,
    workspace,
};

/// The section of the changelog.
const NOTES: &str = "RELEASE-NOTES.md";

/// The licences of everything that the files consist of.
const LICENCES: &str = "LICENSES.txt";

const CHANGELOG: &str = "CHANGELOG.md";

/// The end of an address that does not exist.
const NO_ADDRESS: &str = ".invalid>";

const VERSION: &str = env!("CARGO_PKG_VERSION");

/// Returns the name in a release of a file of `dist/`: `pid1-linux-armv7`, `pause.oci.tar`.
#[must_use]
pub fn name(path: &str) -> String {
    let mut pairs =
        PROGRAMS.iter().flat_map(|program| PLATFORMS.iter().map(move |platform| (program, platform)));
    if let Some((program, platform)) = pairs.find(|(program, platform)| program.path(platform) == path) {
        return format!("{}-linux-{}", program.name, platform.arch);
    }
    path.strip_prefix("images/").unwrap_or(path).replace('/', "-")
}

/// Builds the release of this version.
///
/// # Errors
/// [`CannotStart`] if the tree is not a commit, the changelog has no section for the version, or `dpkg-deb` is missing;
/// no toolchain, a failed build, a file over its ceiling.
pub fn run() -> Result<()> {
    let root = workspace::root();
    match Source::read(&root) {
        Err(error) => cannot_start(&format!("Git does not read this repository: {error:#}"))?,
        Ok(None) => cannot_start("this is no Git repository: a release is built in a clone of one")?,
        Ok(Some(source)) if source.modified => {
            cannot_start(
                "the tree differs from its commit: see `git status`, and commit or stash the changes",
            )?;
        }
        Ok(Some(_)) => {}
    }
    notes()?;
    deb::tool()?;
    if deb::maintainer().ends_with(NO_ADDRESS) {
        eprintln!(
            "warning: the maintainer of the packages has no address: put a name and an address into `authors` of \
             Cargo.toml"
        );
    }
    let content = dist::everything()?;
    size::report(&content.measured)?;
    let outputs = outputs(&content)?;
    let directory = root.join(format!("target/release-{VERSION}"));
    // Everything in this directory is part of the release.
    if directory.exists() {
        fs::remove_dir_all(&directory).with_context(|| format!("can't remove {}", directory.display()))?;
    }
    dist::publish(&directory, &outputs, &content.record)?;
    println!("{} files, their checksums and {RECORD} are in {}", outputs.len(), directory.display());
    Ok(())
}

fn cannot_start(reason: &str) -> Result<()> {
    bail!(CannotStart(reason.to_owned()))
}

/// Returns the files of a release with `content`: those of `dist/`, licences, release notes and packages.
///
/// # Errors
/// The changelog has no section for the version, a page can't be read, or `dpkg-deb` fails.
pub fn outputs(content: &Content) -> Result<Vec<Output>> {
    let apache = fs::read_to_string(workspace::root().join("LICENSE-APACHE")).context("LICENSE-APACHE")?;
    let text = |path: &str, text: String| Output { path: path.to_owned(), bytes: text.into(), mode: 0o644 };
    let renamed = content.outputs.iter().map(|output| {
        let Output { path, bytes, mode } = output;
        Output { path: name(path), bytes: bytes.clone(), mode: *mode }
    });
    let texts = [text(NOTES, notes()?), text(LICENCES, format!("{}\n{apache}", deb::COPYRIGHT))];
    Ok(renamed.chain(texts).chain(deb::packages(content)?).collect())
}

/// Returns the changelog's section for this version.
fn notes() -> Result<String> {
    let changelog = fs::read_to_string(workspace::root().join(CHANGELOG)).context(CHANGELOG)?;
    let missing = || {
        CannotStart(format!(
            "{CHANGELOG} has no section for {VERSION}: rename its topmost section to `## {VERSION} - YYYY-MM-DD` and \
             commit it"
        ))
    };
    Ok(section(&changelog, VERSION).ok_or_else(missing)?)
}

/// Returns the section for `version`, with its heading.
fn section(changelog: &str, version: &str) -> Option<String> {
    let mut sections = changelog.split("\n## ").skip(1);
    let section = sections.find(|section| section.split([' ', '\n']).next() == Some(version))?;
    Some(format!("## {}\n", section.trim_end()))
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECTIONS: &str =
        "# Changelog\n\n## Unreleased\n- c\n\n## 0.1.1 - 2026-12-01\n- b\n\n## 0.1.0\n\n- a\n";

    #[test]
    fn a_section_ends_at_the_next_heading() {
        assert_eq!(section(SECTIONS, "0.1.1").as_deref(), Some("## 0.1.1 - 2026-12-01\n- b\n"));
        assert_eq!(section(SECTIONS, "0.1.0").as_deref(), Some("## 0.1.0\n\n- a\n"));
    }

    #[test]
    fn a_version_without_a_heading_has_no_section() {
        for version in ["0.1", "0.1.2", ""] {
            assert_eq!(section(SECTIONS, version), None, "{version}");
        }
    }
}
