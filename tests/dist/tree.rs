//! A copy of the source tree, in a directory of another name, and its own `dist`.

use std::fs;
use std::io::{BufRead, BufReader};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, ensure};
use mote_tests::outcome::same;
use mote_tests::require;
use mote_tests::workspace_files;
use nix::sys::signal::{Signal, killpg};
use nix::unistd::Pid;
use tempfile::TempDir;
use xtask::{source, workspace};

use crate::record::checksum;
use crate::tool::xtask;

/// Returns the files below `directory`, sorted.
pub(crate) fn files(directory: &Path) -> Result<Vec<String>> {
    let mut found = Vec::new();
    let mut directories = vec![directory.to_owned()];
    while let Some(next) = directories.pop() {
        for entry in fs::read_dir(&next).with_context(|| next.display().to_string())? {
            let entry = entry?;
            if entry.file_type()?.is_dir() {
                directories.push(entry.path());
            } else {
                found.push(entry.path().strip_prefix(directory)?.to_str().context("not UTF-8")?.to_owned());
            }
        }
    }
    found.sort();
    Ok(found)
}

/// The copy.
pub(crate) struct Tree {
    directory: TempDir,
    /// The checksums of its first build.
    sums: String,
}

impl Tree {
    /// Copies the tree as it stands, committed or not, and builds it for two platforms.
    pub(crate) fn build() -> Result<Self> {
        require::release()?;
        let mut tree = Self { directory: tempfile::tempdir()?, sums: String::new() };
        workspace_files::copy(&tree.root())?;
        // The choice depends on the platforms, and dist is built for all of them.
        let remembered = "target/mote/toolchain.json";
        fs::create_dir_all(tree.root().join("target/mote"))?;
        let _ = fs::copy(workspace::root().join(remembered), tree.root().join(remembered));
        tree.rebuild()?;
        tree.sums = tree.sums()?;
        Ok(tree)
    }

    fn root(&self) -> PathBuf {
        self.directory.path().join("a directory of another name")
    }

    pub(crate) fn dist(&self) -> PathBuf {
        self.root().join("dist")
    }

    pub(crate) fn xtask(&self) -> Result<Command> {
        let mut command = xtask(&self.root())?;
        // The copy is no repository, and has neither a commit nor a date.
        command.env("SOURCE_DATE_EPOCH", source::date(&workspace::root())?.to_string());
        match source::commit(&workspace::root()) {
            Some(commit) => command.env(source::COMMIT, commit),
            None => command.env_remove(source::COMMIT),
        };
        Ok(command)
    }

    pub(crate) fn files(&self) -> Result<Vec<String>> {
        files(&self.dist())
    }

    pub(crate) fn sums(&self) -> Result<String> {
        Ok(fs::read_to_string(self.dist().join("SHA256SUMS"))?)
    }

    /// Returns the command that builds `dist`. The group `repro` rebuilds all platforms in another directory.
    fn build_command(&self) -> Result<Command> {
        let mut command = self.xtask()?;
        command.args(["dist", "--platform", "linux/amd64", "--platform", "linux/arm64"]);
        Ok(command)
    }

    pub(crate) fn rebuild(&self) -> Result<()> {
        let output = self.build_command()?.output()?;
        ensure!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        Ok(())
    }

    /// Checks that each file is from the first build, and that the checksums are right if they exist. A `complete`
    /// directory has all files.
    pub(crate) fn verify(&self, complete: bool) -> Result<()> {
        let present = self.files()?;
        for line in self.sums.lines() {
            let (expected, path) = line.split_once("  ").context("no checksum")?;
            if complete || present.iter().any(|file| file == path) {
                same(checksum(&fs::read(self.dist().join(path))?).as_str(), expected)?;
            }
        }
        let listed = present.iter().any(|file| file == "SHA256SUMS");
        ensure!(listed || !complete, "no SHA256SUMS");
        if listed {
            same(self.sums()?, self.sums.clone())?;
        }
        Ok(())
    }

    /// Starts `dist`, and kills it and its children at the first line on standard error for which `it` is true.
    pub(crate) fn interrupt(&self, it: impl Fn(&str) -> bool) -> Result<()> {
        let mut child =
            self.build_command()?.process_group(0).stdout(Stdio::null()).stderr(Stdio::piped()).spawn()?;
        let lines = BufReader::new(child.stderr.take().context("no stderr")?).lines();
        let found = lines.map_while(Result::ok).any(|line| it(&line));
        killpg(Pid::from_raw(i32::try_from(child.id())?), Signal::SIGKILL)?;
        child.wait()?;
        ensure!(found, "dist ended too early");
        Ok(())
    }

    /// Starts `dist` and kills it when it has removed the old checksums to write new files.
    pub(crate) fn interrupt_writing(&self) -> Result<()> {
        // After an earlier interruption there may be none.
        let sums = self.dist().join("SHA256SUMS");
        fs::write(&sums, &self.sums)?;
        let mut child =
            self.build_command()?.process_group(0).stdout(Stdio::null()).stderr(Stdio::null()).spawn()?;
        let group = Pid::from_raw(i32::try_from(child.id())?);
        loop {
            if !sums.exists() {
                killpg(group, Signal::SIGKILL)?;
                child.wait()?;
                return Ok(());
            }
            if child.try_wait()?.is_some() {
                // It wrote everything between two checks.
                return Ok(());
            }
        }
    }
}
