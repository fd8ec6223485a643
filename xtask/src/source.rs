//! The source tree that is built: which commit it is, and from when.

use std::{env, path::Path, process::Command};

use anyhow::{Context, Result, bail, ensure};
use serde::{Deserialize, Serialize};

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
    /// The commit that `root` is at; none if that is not the root of a repository with a commit, or of one that Git
    /// does not read.
    #[must_use]
    pub fn of(root: &Path) -> Option<Self> {
        Self::read(root).ok().flatten()
    }

    /// The commit that `root` is at; none if that is not the root of a repository.
    ///
    /// # Errors
    /// It is one, but Git is not here, or does not read it: the error is what Git says.
    pub fn read(root: &Path) -> Result<Option<Self>> {
        // A source archive that was unpacked somewhere inside another repository isn't that repository.
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
    git(root, &["show", "--no-patch", "--format=%ct", &source.commit]).ok()
}

fn dated(commit: Option<String>, given: Option<&str>) -> Result<u64> {
    if let Some(date) = commit {
        return date.parse().with_context(|| format!("the commit's date is {date:?}"));
    }
    let Some(date) = given else { return Ok(0) };
    date.parse().with_context(|| format!("{DATE} is no number of seconds: {date:?}"))
}

/// Says on standard error if what is built from `root` will not tell where it is from, and why.
pub fn warn(root: &Path) {
    let given = [DATE, COMMIT].map(|name| env::var_os(name).is_some());
    if let Some(warning) = warning(&Source::read(root), given) {
        eprintln!("{warning}");
    }
}

/// What there is to say about `source` where date and commit are `given` otherwise or not.
fn warning(source: &Result<Option<Source>>, given: [bool; 2]) -> Option<String> {
    let reason = match source {
        Ok(Some(_)) => return None,
        // Whoever gave both knows.
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

/// What Git says. If it fails, that is the error, whole: advice may follow in further lines.
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
    fn a_folder_outside_git_has_no_commit() -> std::io::Result<()> {
        let folder = tempfile::tempdir()?;
        assert!(Source::of(folder.path()).is_none());
        Ok(())
    }

    #[test]
    fn a_repository_that_git_does_not_read_is_not_none() -> Result<()> {
        let folder = tempfile::tempdir()?;
        assert!(Source::read(folder.path())?.is_none());
        std::fs::write(folder.path().join(".git"), "gitdir: /nowhere\n")?;
        let source = Source::read(folder.path());
        assert!(source.as_ref().is_err_and(|error| error.to_string().contains("/nowhere")), "{source:?}");
        let said = warning(&source, [true; 2]).unwrap_or_default();
        assert!(said.starts_with("warning: Git does not read this repository: fatal: "), "{said}");
        assert!(Source::of(folder.path()).is_none());
        Ok(())
    }

    #[test]
    fn a_tree_without_a_repository_is_told_of_what_is_not_given() {
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
