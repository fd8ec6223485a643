//! The section of the changelog that belongs to a version.

use std::fs;

use anyhow::{Context, Result};

use super::VERSION;
use crate::{exit::CannotStart, workspace};

const FILE: &str = "CHANGELOG.md";

/// The section for this version.
///
/// # Errors
/// [`CannotStart`] if there is none.
pub(super) fn section() -> Result<String> {
    let text =
        fs::read_to_string(workspace::root().join(FILE)).with_context(|| format!("can't read {FILE}"))?;
    let none = || {
        let today = "YYYY-MM-DD";
        CannotStart(format!(
            "{FILE} has no section for {VERSION}; name its topmost `## {VERSION} - {today}` and commit it"
        ))
    };
    Ok(of(&text, VERSION).ok_or_else(none)?)
}

/// From the heading of `version`, with or without a date, to the next one.
fn of(changelog: &str, version: &str) -> Option<String> {
    let is =
        |line: &&str| line.strip_prefix("## ").and_then(|heading| heading.split(' ').next()) == Some(version);
    let lines = changelog.lines().skip_while(|line| !is(line));
    let mut section: Vec<&str> = Vec::new();
    for line in lines {
        if line.starts_with("## ") && !section.is_empty() {
            break;
        }
        section.push(line);
    }
    let text = section.join("\n");
    (!text.is_empty()).then(|| format!("{}\n", text.trim_end()))
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
