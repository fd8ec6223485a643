//! A stranger, who has a clone of the repository, and what was published.

use std::fs;
use std::os::unix::fs::{MetadataExt, lchown};
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};
use mote_tests::outcome::{same, text};
use mote_tests::require::{self, Missing};
use mote_tests::{command, dist, workspace_files};
use nix::unistd::Uid;
use xtask::source::Source;
use xtask::workspace;

/// A user that owns nothing on this machine.
const STRANGER: u32 = 61_234;

/// Everything in `dist` is built again: in a clone in another folder, with files of another time, by another user with
/// another home, mask, language and time zone, to whom nothing that was built before is known.
pub(crate) fn gets_every_file() -> Result<()> {
    let home = tempfile::Builder::new().prefix("somewhere else entirely, with blanks ").tempdir()?;
    let clone = clone_into(home.path())?;
    let dist = workspace::root().join(dist::folder()).canonicalize()?;
    let before = fs::metadata(dist.join("SHA256SUMS"))?;
    let mut tool = crate::xtask(&clone)?;
    if Uid::effective().is_root() {
        give_away(home.path())?;
        tool = stranger(&tool)?;
    }
    tool.args(["verify".as_ref(), dist.join("SHA256SUMS").as_os_str()])
        .envs([("LC_ALL", "tr_TR.UTF-8"), ("TZ", "Asia/Kathmandu"), ("USER", "stranger")])
        // The commit's own date counts.
        .envs([("HOME", home.path().as_os_str()), ("SOURCE_DATE_EPOCH", "1".as_ref())])
        .envs([("CARGO_HOME", cargo_home()?), ("RUSTUP_HOME", rustup_home()?)]);
    let output = tool.output()?;
    let (said, errors) = (text(&output.stdout)?, String::from_utf8_lossy(&output.stderr));
    ensure!(output.status.success(), "{}\n{said}{errors}", output.status);
    for line in fs::read_to_string(dist.join("SHA256SUMS"))?.lines() {
        let (_, name) = line.split_once("  ").context("no name")?;
        ensure!(said.lines().any(|verdict| verdict == format!("equal    {name}")), "no {name}\n{said}");
    }
    ensure!(said.contains("equal    build.json\n"), "{said}");
    let after = fs::metadata(dist.join("SHA256SUMS"))?;
    same((after.ino(), after.mtime_nsec()), (before.ino(), before.mtime_nsec()))?;
    ensure!(!clone.join("dist").exists(), "it wrote dist/");
    Ok(())
}

/// A clone of the repository that has what is not committed as well.
fn clone_into(folder: &Path) -> Result<PathBuf> {
    let root = workspace::root();
    Source::of(&root).ok_or_else(|| Missing("a Git repository".to_owned()))?;
    let clone = folder.join("c");
    let mut git = Command::new(require::tool("git", "git")?);
    command::stdout(git.args(["clone", "--quiet", "--no-hardlinks"]).args([&root, &clone]))?;
    workspace_files::copy(&clone)?;
    Ok(clone)
}

fn give_away(path: &Path) -> Result<()> {
    lchown(path, Some(STRANGER), Some(STRANGER))?;
    if path.symlink_metadata()?.is_dir() {
        for entry in fs::read_dir(path)? {
            give_away(&entry?.path())?;
        }
    }
    Ok(())
}

/// The same command as another user, who may all the same read the toolchain and write Cargo's downloads, where these
/// are in a home that is closed to others.
fn stranger(command: &Command) -> Result<Command> {
    let mut other = Command::new(require::tool("setpriv", "util-linux")?);
    let id = STRANGER.to_string();
    other.args(["--reuid", &id, "--regid", &id, "--clear-groups"]);
    let capabilities = "-all,+dac_override,+dac_read_search";
    other.args(["--inh-caps", capabilities, "--ambient-caps", capabilities]);
    other.args(["sh", "-c", "umask 077; exec \"$@\"", "sh"]).arg(command.get_program());
    for (name, value) in command.get_envs() {
        other.env(name, value.unwrap_or_default());
    }
    other.current_dir(command.get_current_dir().context("no folder")?);
    Ok(other)
}

fn cargo_home() -> Result<PathBuf> {
    of_home("CARGO_HOME", ".cargo")
}

fn rustup_home() -> Result<PathBuf> {
    of_home("RUSTUP_HOME", ".rustup")
}

fn of_home(variable: &str, folder: &str) -> Result<PathBuf> {
    if let Some(path) = std::env::var_os(variable) {
        return Ok(path.into());
    }
    Ok(PathBuf::from(std::env::var_os("HOME").context("no HOME")?).join(folder))
}
