//! A unrelated process, who has a clone of the repository, and a release.

use std::fs;
use std::os::unix::fs::lchown;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};
use mote_tests::outcome::text;
use mote_tests::{command, require};
use nix::unistd::Uid;

use crate::release::Release;

/// A user that owns nothing on this machine.
const STRANGER: u32 = 61_234;

/// Everything that the release lists is built again: in a clone in another directory, with files of another time, by another
/// user with another home, mask, language and time zone, to whom nothing that was built before is known.
pub(crate) fn gets_every_file(release: &Release) -> Result<()> {
    let home = tempfile::Builder::new().prefix("somewhere else entirely, with blanks ").tempdir()?;
    let clone = home.path().join("c");
    let mut git = Command::new(require::tool("git", "git")?);
    command::stdout(git.args(["clone", "--quiet", "--no-hardlinks"]).args([release.tree(), &clone]))?;
    let mut tool = crate::xtask(&clone)?;
    if Uid::effective().is_root() {
        give_away(home.path())?;
        tool = stranger(&tool)?;
    }
    let sums = release.path("SHA256SUMS");
    tool.args(["verify".as_ref(), sums.as_os_str()])
        .envs([("LC_ALL", "tr_TR.UTF-8"), ("TZ", "Asia/Kathmandu"), ("USER", "stranger")])
        // The commit's own date counts.
        .envs([("HOME", home.path().as_os_str()), ("SOURCE_DATE_EPOCH", "1".as_ref())])
        .envs([
            ("CARGO_HOME", of_home("CARGO_HOME", ".cargo")?),
            ("RUSTUP_HOME", of_home("RUSTUP_HOME", ".rustup")?),
        ]);
    let output = tool.output()?;
    let (said, errors) = (text(&output.stdout)?, String::from_utf8_lossy(&output.stderr));
    ensure!(output.status.success(), "{}\n{said}{errors}", output.status);
    let names = release.listed()?;
    for name in names.iter().map(String::as_str).chain(["build.json"]) {
        ensure!(said.lines().any(|verdict| verdict == format!("equal    {name}")), "no {name}\n{said}");
    }
    let count = format!("{} equal, 0 differing, 0 unknown", names.len() + 1);
    ensure!(said.lines().any(|line| line == count), "no {count:?}\n{said}");
    ensure!(!clone.join("dist").exists(), "it wrote dist/");
    Ok(())
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
    other.current_dir(command.get_current_dir().context("no directory")?);
    Ok(other)
}

fn of_home(variable: &str, directory: &str) -> Result<PathBuf> {
    if let Some(path) = std::env::var_os(variable) {
        return Ok(path.into());
    }
    Ok(PathBuf::from(std::env::var_os("HOME").context("no HOME")?).join(directory))
}
