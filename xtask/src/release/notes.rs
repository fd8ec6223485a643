//! The section of the changelog that belongs to a version.

use std::fs;

use anyhow::{Context, Result};

use super::VERSION;
use crate::{exit::CannotStart, workspace};

pub(super) const FILE: &str = "CHANGELOG.md";

/// What is new in a version.
pub(super) struct Section<'a> {
    /// The version, or what stands in its place.
    pub(super) version: &'a str,
    /// When it was released, as the heading says after the version.
    pub(super) date: Option<&'a str>,
    /// What follows the heading.
    pub(super) body: &'a str,
    /// Heading and all, without its `## `.
    whole: &'a str,
}

/// The changelog's text.
pub(super) fn changelog() -> Result<String> {
    fs::read_to_string(workspace::root().join(FILE)).with_context(|| format!("can't read {FILE}"))
}

/// The section for this version.
///
/// # Errors
/// [`CannotStart`] if there is none.
pub(super) fn section() -> Result<String> {
    let none = || {
        let today = "YYYY-MM-DD";
        CannotStart(format!(
            "{FILE} has no section for {VERSION}; name its topmost `## {VERSION} - {today}` and commit it"
        ))
    };
    Ok(of(&changelog()?, VERSION).ok_or_else(none)?)
}

/// From the heading of `version`, with or without a date, to the next one.
fn of(changelog: &str, version: &str) -> Option<String> {
    let section = sections(changelog).find(|section| section.version == version)?;
    Some(format!("## {}\n", section.whole.trim_end()))
}

/// All sections in their order, without what precedes the first.
pub(super) fn sections(changelog: &str) -> impl Iterator<Item = Section<'_>> {
    changelog.split("\n## ").skip(1).map(|whole| {
        let (heading, body) = whole.split_once('\n').unwrap_or((whole, ""));
        let version = heading.split(' ').next().unwrap_or_default();
        let date = heading.split_once(" - ").map(|(_, date)| date.trim());
        Section { version, date, body, whole }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const CHANGELOG: &str =
        "# Changelog\n\n## Unreleased\n- c\n\n## 0.1.1 - 2026-12-01\n- b\n\n## 0.1.0\n\n- a\n";

    #[test]
    fn a_section_ends_where_the_next_begins() {
        assert_eq!(of(CHANGELOG, "0.1.1").as_deref(), Some("## 0.1.1 - 2026-12-01\n- b\n"));
        assert_eq!(of(CHANGELOG, "0.1.0").as_deref(), Some("## 0.1.0\n\n- a\n"));
    }

    #[test]
    fn a_version_without_a_section_has_none() {
        for version in ["0.1", "0.1.2", ""] {
            assert_eq!(of(CHANGELOG, version), None, "{version}");
        }
    }
}
