//! `cargo xtask release`, in a clone of the repository.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};
use mote_tests::outcome::same;
use mote_tests::require::{self, Missing};
use mote_tests::{command, workspace_files};
use tempfile::TempDir;
use xtask::parts::Parts;
use xtask::platform::PLATFORMS;
use xtask::program::PROGRAMS;
use xtask::{source::Source, workspace};

use crate::tool::xtask;

pub(crate) const VERSION: &str = env!("CARGO_PKG_VERSION");

const CHANGELOG: &str = "CHANGELOG.md";

/// A release of the tree as it stands, committed or not.
pub(crate) struct Release {
    directory: TempDir,
    tree: PathBuf,
}

impl Release {
    /// Builds it, after checking that a modified tree and a changelog without the version are refused.
    pub(crate) fn make() -> Result<Self> {
        require::release()?;
        let root = workspace::root();
        Source::of(&root).ok_or_else(|| Missing("a Git repository".to_owned()))?;
        let directory = tempfile::tempdir()?;
        let this = Self { tree: directory.path().join("tree"), directory };
        let clone = ["clone", "--quiet", "--no-checkout", "--no-hardlinks"];
        command::stdout(Command::new(require::tool("git", "git")?).args(clone).args([&root, &this.tree]))?;
        workspace_files::copy(&this.tree)?;

        let changelog = this.tree.join(CHANGELOG);
        let text = fs::read_to_string(&changelog)?;
        // Whether or not this version has been released.
        let unreleased = text.replace(&format!("## {VERSION}"), "## Unreleased");
        fs::write(&changelog, &unreleased)?;
        this.refuses(
            "error: the tree differs from its commit: see `git status`, and commit or stash the changes",
        )?;
        this.commit()?;
        this.refuses(&format!(
            "error: CHANGELOG.md has no section for {VERSION}: rename its topmost section to `## {VERSION} - \
             YYYY-MM-DD` and commit it"
        ))?;
        fs::write(
            &changelog,
            unreleased.replacen("## Unreleased", &format!("## {VERSION} - 2026-01-01"), 1),
        )?;
        this.commit()?;
        let output = xtask(&this.tree)?.arg("release").output()?;
        ensure!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        Ok(this)
    }

    fn commit(&self) -> Result<()> {
        let author = ["-c", "user.name=a", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false"];
        for words in
            [&["add", "--all"][..], &["commit", "--quiet", "--allow-empty", "--no-verify", "-m", "all of it"]]
        {
            let mut git = Command::new(require::tool("git", "git")?);
            command::stdout(git.args(author).args(words).current_dir(&self.tree))?;
        }
        Ok(())
    }

    /// Checks that `release` prints `message` and ends with the status of a usage error.
    fn refuses(&self, message: &str) -> Result<()> {
        let output = xtask(&self.tree)?.arg("release").output()?;
        same(String::from_utf8_lossy(&output.stderr).trim_end(), message)?;
        same(output.status.code(), Some(2))
    }

    /// The repository that it was built in.
    pub(crate) fn tree(&self) -> &Path {
        &self.tree
    }

    /// A file of it.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.tree.join(format!("target/release-{VERSION}")).join(name)
    }

    /// The names that have a checksum.
    pub(crate) fn listed(&self) -> Result<Vec<String>> {
        let sums = fs::read_to_string(self.path("SHA256SUMS"))?;
        sums.lines().map(|line| Ok(line.split_once("  ").context("no name")?.1.to_owned())).collect()
    }

    /// Creates a directory beside the repository.
    pub(crate) fn scratch(&self, name: &str) -> Result<PathBuf> {
        let directory = self.directory.path().join(name);
        fs::create_dir(&directory)?;
        Ok(directory)
    }
}

/// Debian's names of the platforms, in their order.
pub(crate) const ARCHITECTURES: [&str; 5] = ["amd64", "i386", "arm64", "armhf", "riscv64"];

/// Files for a Dockerfile's `ADD`, images, packages, and their descriptions.
pub(crate) fn holds_everything(release: &Release) -> Result<()> {
    let mut expected: Vec<String> =
        ["LICENSES.txt", "RELEASE-NOTES.md", "SHA256SUMS", "build.json", "sbom.cdx.json"]
            .map(str::to_owned)
            .into();
    expected.extend(ARCHITECTURES.iter().map(|architecture| format!("mote_{VERSION}_{architecture}.deb")));
    for program in PROGRAMS.iter().map(|program| program.name) {
        expected.extend([format!("{program}.oci.tar"), format!("seccomp-{program}.json")]);
        for arch in PLATFORMS.iter().map(|platform| platform.arch) {
            expected.extend([format!("{program}-linux-{arch}"), format!("{program}-{arch}.docker.tar")]);
        }
    }
    expected.sort();
    let entries = fs::read_dir(release.path(""))?;
    let mut found = entries
        .map(|entry| Ok(entry?.file_name().to_string_lossy().into_owned()))
        .collect::<Result<Vec<_>>>()?;
    found.sort();
    same(&found, &expected)?;
    let mut listed = release.listed()?;
    listed.extend(["SHA256SUMS", "build.json"].map(str::to_owned));
    listed.sort();
    same(&listed, &expected)?;
    let mut check = Command::new(require::tool("sha256sum", "coreutils")?);
    command::stdout(
        check.args(["--check", "--strict", "--quiet", "SHA256SUMS"]).current_dir(release.path("")),
    )?;
    Ok(())
}

/// The changelog's section, and the licence of each crate in the files.
pub(crate) fn tells_news_and_licences(release: &Release) -> Result<()> {
    let notes = fs::read_to_string(release.path("RELEASE-NOTES.md"))?;
    ensure!(notes.starts_with(&format!("## {VERSION} - 2026-01-01\n")), "{notes}");
    same(notes.matches("\n## ").count(), 0)?;
    let licences = fs::read_to_string(release.path("LICENSES.txt"))?;
    for part in ["The mote contributors", "Jason White", "Apache License"] {
        ensure!(licences.contains(part), "no {part:?}");
    }
    let parts = Parts::read()?;
    for program in PROGRAMS {
        for package in parts.of(program)?.iter().filter(|package| package.source.is_some()) {
            let paragraph = format!("\nFiles: vendor/{}/*\n", package.name);
            ensure!(licences.contains(&paragraph), "no {paragraph:?} in xtask/src/release/deb/copyright");
        }
    }
    Ok(())
}
