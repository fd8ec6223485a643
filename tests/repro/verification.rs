//! `cargo xtask verify`.

use std::fs;
use std::os::unix::fs::lchown;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use anyhow::{Context, Result, ensure};
use mote_tests::outcome::{same, text};
use mote_tests::{command, require};
use nix::unistd::Uid;
use xtask::record;

use crate::release::Release;
use crate::tool::xtask;

/// A user that owns nothing on this machine.
const OTHER_USER: u32 = 61_234;

/// Everything that the release lists is rebuilt: in a clone in another directory, with files of another time, by another
/// user with another home, umask, language and time zone, and without any earlier build.
pub(crate) fn another_user_rebuilds_every_file(release: &Release) -> Result<()> {
    let home = tempfile::Builder::new().prefix("another home, with blanks ").tempdir()?;
    let clone = home.path().join("c");
    let mut git = Command::new(require::tool("git", "git")?);
    command::stdout(git.args(["clone", "--quiet", "--no-hardlinks"]).args([release.tree(), &clone]))?;
    let mut tool = xtask(&clone)?;
    if Uid::effective().is_root() {
        give_away(home.path())?;
        tool = as_other_user(&tool)?;
    }
    let sums = release.path("SHA256SUMS");
    tool.args(["verify".as_ref(), sums.as_os_str()])
        .envs([("LC_ALL", "tr_TR.UTF-8"), ("TZ", "Asia/Kathmandu"), ("USER", "other")])
        // The commit's own date counts.
        .envs([("HOME", home.path().as_os_str()), ("SOURCE_DATE_EPOCH", "1".as_ref())])
        .envs([
            ("CARGO_HOME", of_home("CARGO_HOME", ".cargo")?),
            ("RUSTUP_HOME", of_home("RUSTUP_HOME", ".rustup")?),
        ]);
    let mut names = release.listed()?;
    names.push("build.json".to_owned());
    names.sort();
    let mut expected: String = names.iter().map(|name| format!("equal    {name}\n")).collect();
    expected += &format!("{} equal, 0 differing\n", names.len());
    prints(&tool.output()?, &expected, 0)?;
    ensure!(!clone.join("dist").exists(), "verify wrote dist/");
    Ok(())
}

fn prints(output: &Output, expected: &str, status: i32) -> Result<()> {
    let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
    same(text(&output.stdout)?, expected).with_context(|| stderr.clone())?;
    same(output.status.code(), Some(status)).context(stderr)
}

fn give_away(path: &Path) -> Result<()> {
    lchown(path, Some(OTHER_USER), Some(OTHER_USER))?;
    if path.symlink_metadata()?.is_dir() {
        for entry in fs::read_dir(path)? {
            give_away(&entry?.path())?;
        }
    }
    Ok(())
}

/// The same command as another user, with the capabilities to read the toolchain and to write Cargo's downloads where
/// these are in a home that is closed to others.
fn as_other_user(command: &Command) -> Result<Command> {
    let mut other = Command::new(require::tool("setpriv", "util-linux")?);
    let id = OTHER_USER.to_string();
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

/// Builds a small `dist/` in the release's tree and returns its path.
fn small_dist(release: &Release) -> Result<PathBuf> {
    let build = ["dist", "--platform", "linux/arm/v7", "--bin", "hello"];
    let output = xtask(release.tree())?.args(build).output()?;
    ensure!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    Ok(release.tree().join("dist"))
}

fn verify(release: &Release, list: &Path) -> Result<Output> {
    Ok(xtask(release.tree())?.arg("verify").arg(list).output()?)
}

/// A file that was changed after its publication, another sum in the list, and a file that was not downloaded.
pub(crate) fn changed_files_and_lists_differ(release: &Release) -> Result<()> {
    let dist = small_dist(release)?;
    let profile = record::sha256(&fs::read(dist.join("seccomp/hello.json"))?);
    let other = record::sha256(b"other");
    let list = fs::read_to_string(dist.join("SHA256SUMS"))?;
    fs::write(dist.join("SHA256SUMS"), list.replace(&profile, &other))?;
    fs::write(dist.join("linux/arm/v7/hello"), b"other")?;
    fs::remove_file(dist.join("images/hello.oci.tar"))?;
    let expected = format!(
        "equal    build.json\n\
         equal    images/hello-armv7.docker.tar\n\
         equal    images/hello.oci.tar\n\
         differs  linux/arm/v7/hello: the file is not the listed one: download it again\n\
         equal    sbom.cdx.json\n\
         differs  seccomp/hello.json: this source gives {profile}, and SHA256SUMS lists {other}\n\
         4 equal, 2 differing\n"
    );
    prints(&verify(release, &dist)?, &expected, 1)
}

/// Nothing is built for these, and the status is that of a usage error.
pub(crate) fn refusals_end_in_2(release: &Release) -> Result<()> {
    let refuses = |list: &Path, reason: &str| -> Result<()> {
        let output = verify(release, list)?;
        let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
        ensure!(stderr.contains(reason), "no {reason:?} in {stderr}");
        prints(&output, "", 2)
    };
    let directory = release.scratch("publication")?;
    let file = |name: &str| directory.join(name);
    refuses(&directory, "SHA256SUMS: No such file or directory")?;
    fs::write(file("SHA256SUMS"), "no list\n")?;
    refuses(&directory, "SHA256SUMS is no list of SHA-256 checksums: download it again")?;
    fs::copy(release.path("SHA256SUMS"), file("SHA256SUMS"))?;
    refuses(&file("SHA256SUMS"), "build.json: No such file or directory")?;
    fs::write(file("build.json"), "{}")?;
    refuses(&directory, "build.json is no record of a build: missing field")?;

    let record = fs::read_to_string(release.path("build.json"))?;
    let record: serde_json::Value = serde_json::from_str(&record)?;
    let changed = |key: &str, value: serde_json::Value| {
        let mut record = record.clone();
        record[key] = value;
        fs::write(file("build.json"), record.to_string())
    };
    changed("compiler", "rustc 1.2.3 (abc 2015-01-01)".into())?;
    refuses(&directory, "; run: rustup toolchain install 1.2.3 && cargo +1.2.3 xtask verify FILE")?;
    let commit = "0".repeat(40);
    changed("source", serde_json::json!({ "commit": commit, "modified": false }))?;
    refuses(&directory, &format!("; run: git checkout {commit}"))
}
