//! The source tree that is built: which commit it is, and from when.

use std::{env, path::Path, process::Command};

use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};

use crate::process;

/// What the date is taken from where there is no commit, in seconds since 1970: the variable that
/// reproducible builds agree on.
const DATE: &str = "SOURCE_DATE_EPOCH";

/// What names the commit for programs that tell it, and is asked where there is no repository.
pub const COMMIT: &str = "MOTE_COMMIT";

/// The commit that the tree at `root` is at, or that whoever took it out of its repository says it is.
#[must_use]
pub fn commit(root: &Path) -> Option<String> {
    Source::of(root).map(|source| source.commit).or_else(|| env::var(COMMIT).ok())
}

/// The state of the source tree.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Source {
    /// The commit's whole hash.
    pub commit: String,
    /// Whether the tree differed from the commit.
    pub modified: bool,
}

impl Source {
    /// The commit that `root` is at; none if that is not the root of a repository with a commit.
    #[must_use]
    pub fn of(root: &Path) -> Option<Self> {
        // A source archive that was unpacked somewhere inside another repository isn't that repository.
        let top = git(root, &["rev-parse", "--show-toplevel"])?;
        if Path::new(&top).canonicalize().ok()? != root.canonicalize().ok()? {
            return None;
        }
        let commit = git(root, &["rev-parse", "--verify", "HEAD"])?;
        let modified = !git(root, &["status", "--porcelain"])?.is_empty();
        Some(Self { commit, modified })
    }
}

/// When the tree at `root` is from, in seconds since 1970: the date of its commit, else what
/// `SOURCE_DATE_EPOCH` says, else 0.
///
/// # Errors
/// The date is not a number.
pub fn date(root: &Path) -> Result<u64> {
    let given = env::var(DATE).ok();
    dated(Source::of(root).and_then(|source| commit_date(root, &source)), given.as_deref())
}

fn commit_date(root: &Path, source: &Source) -> Option<String> {
    git(root, &["show", "--no-patch", "--format=%ct", &source.commit])
}

fn dated(commit: Option<String>, given: Option<&str>) -> Result<u64> {
    if let Some(date) = commit {
        return date.parse().with_context(|| format!("the commit's date is {date:?}"));
    }
    let Some(date) = given else { return Ok(0) };
    date.parse().with_context(|| format!("{DATE} is no number of seconds: {date:?}"))
}

fn git(root: &Path, arguments: &[&str]) -> Option<String> {
    process::stdout(Command::new("git").arg("-C").arg(root).args(arguments)).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_outside_git_has_no_commit() -> std::io::Result<()> {
        let folder = tempfile::tempdir()?;
        assert!(Source::of(folder.path()).is_none());
        Ok(())
    }

    #[test]
    fn the_date_is_the_commits_before_any_other() -> Result<()> {
        assert_eq!(dated(Some("7".to_owned()), Some("8"))?, 7);
        assert_eq!(dated(None, Some("8"))?, 8);
        assert_eq!(dated(None, None)?, 0);
        Ok(())
    }

    #[test]
    fn a_date_that_is_no_number_is_an_error() {
        for wrong in ["", "-1", "now", "1.5"] {
            assert!(dated(None, Some(wrong)).is_err(), "{wrong:?}");
        }
    }
}
