//! Commit and date of the source tree.

use std::{env, path::Path, process::Command};

use anyhow::{Context, Result, bail, ensure};
use serde::{Deserialize, Serialize};

/// The variable of reproducible builds for a date, in seconds since 1970. It counts only without a commit.
const DATE: &str = "SOURCE_DATE_EPOCH";

/// The variable that passes the commit to the programs' builds, and names it for a tree without a repository.
pub const COMMIT: &str = "MOTE_COMMIT";

/// Returns the commit of the tree at `root`, or the one that the environment names.
#[must_use]
pub fn commit(root: &Path) -> Option<String> {
    Source::of(root).map(|source| source.commit).or_else(|| env::var(COMMIT).ok())
}

/// The state of the source tree.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Source {
    /// Full hash of the commit.
    pub commit: String,
    /// True if the tree differs from the commit.
    pub modified: bool,
}

impl Source {
    /// Returns the commit of `root`, or `None` if Git reads no repository there.
    #[must_use]
    pub fn of(root: &Path) -> Option<Self> {
        Self::read(root).ok().flatten()
    }

    /// Returns the commit of `root`, or `None` if it is not the root of a repository.
    ///
    /// # Errors
    /// Git is not installed or does not read the repository; the error is Git's.
    pub fn read(root: &Path) -> Result<Option<Self>> {
        // A source archive may be unpacked inside of another repository.
        if !root.join(".git").exists() {
            return Ok(None);
        }
        let top = git(root, &["rev-parse", "--show-toplevel"])?;
        ensure!(
            Path::new(&top).canonicalize()? == root.canonicalize()?,
            "the repository that Git finds is {top}"
        );
        let commit = git(root, &["rev-parse", "--verify", "HEAD"])?;
        let modified = !git(root, &["status", "--porcelain"])?.is_empty();
        Ok(Some(Self { commit, modified }))
    }
}

/// Returns the date of the tree at `root`, in seconds since 1970: that of its commit, else `SOURCE_DATE_EPOCH`, else 0.
///
/// # Errors
/// The date is not a number.
pub fn date(root: &Path) -> Result<u64> {
    let given = env::var(DATE).ok();
    dated(Source::of(root).and_then(|source| commit_date(root, &source)), given.as_deref())
}

fn commit_date(root: &Path, source: &Source) -> Option<String> {
    git(root, &["show", "--no-patch", "--format=%ct", &source.commit]).ok()
}

fn dated(commit: Option<String>, given: Option<&str>) -> Result<u64> {
    if let Some(date) = commit {
        return date.parse().with_context(|| format!("the commit's date is {date:?}"));
    }
    let Some(date) = given else { return Ok(0) };
    date.parse().with_context(|| format!("{DATE} is no number of seconds: {date:?}"))
}

/// Prints a warning if files that are built from `root` will not name their commit.
pub fn warn(root: &Path) {
    let given = [DATE, COMMIT].map(|name| env::var_os(name).is_some());
    if let Some(warning) = warning(&Source::read(root), given) {
        eprintln!("{warning}");
    }
}

/// Returns the warning about `source`. `given` says if the environment has a date and a commit.
fn warning(source: &Result<Option<Source>>, given: [bool; 2]) -> Option<String> {
    let reason = match source {
        Ok(Some(_)) => return None,
        Ok(None) if given == [true; 2] => return None,
        Ok(None) => "note: this tree is no Git repository".to_owned(),
        Err(error) => format!(
            "warning: Git does not read this repository: {error:#}\nnote: that counts as no repository"
        ),
    };
    let [date, commit] = given;
    let date = if date { String::new() } else { format!(", and images are dated 1970 unless {DATE} is set") };
    let commit = if commit { String::new() } else { format!("; {COMMIT} names it for `tini --version`") };
    Some(format!("{reason}, so the commit is unknown{date}{commit}"))
}

/// Returns Git's output. The error has all of its messages, because advice may follow the first line.
fn git(root: &Path, arguments: &[&str]) -> Result<String> {
    let output = Command::new("git").arg("-C").arg(root).args(arguments).output().context("can't run git")?;
    if !output.status.success() {
        bail!("{}", String::from_utf8_lossy(&output.stderr).trim());
    }
    Ok(String::from_utf8_lossy(&output.stdout).trim_end().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_directory_outside_git_has_no_commit() -> std::io::Result<()> {
        let directory = tempfile::tempdir()?;
        assert!(Source::of(directory.path()).is_none());
        Ok(())
    }

    #[test]
    fn a_repository_that_git_does_not_read_is_an_error() -> Result<()> {
        let directory = tempfile::tempdir()?;
        assert!(Source::read(directory.path())?.is_none());
        std::fs::write(directory.path().join(".git"), "gitdir: /nowhere\n")?;
        let source = Source::read(directory.path());
        assert!(source.as_ref().is_err_and(|error| error.to_string().contains("/nowhere")), "{source:?}");
        let said = warning(&source, [true; 2]).unwrap_or_default();
        assert!(said.starts_with("warning: Git does not read this repository: fatal: "), "{said}");
        assert!(Source::of(directory.path()).is_none());
        Ok(())
    }

    #[test]
    fn the_warning_about_a_missing_repository_names_the_missing_variables() {
        let said = |given| warning(&Ok(None), given);
        let start = "note: this tree is no Git repository, so the commit is unknown";
        let date = ", and images are dated 1970 unless SOURCE_DATE_EPOCH is set";
        let commit = "; MOTE_COMMIT names it for `tini --version`";
        assert_eq!(said([false, false]), Some(format!("{start}{date}{commit}")));
        assert_eq!(said([true, false]), Some(format!("{start}{commit}")));
        assert_eq!(said([false, true]), Some(format!("{start}{date}")));
        assert_eq!(said([true, true]), None);
    }

    #[test]
    fn the_date_of_the_commit_takes_precedence() -> Result<()> {
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
