//! QEMU: the installed one, or Debian's packages unpacked into the scratch directory.
//!
//! `cargo xtask test` does not install it, because APT refuses it beside a `qemu-utils` of another version, for example
//! from backports.

use std::env;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use anyhow::{Result, anyhow};
use mote_tests::command::stdout;
use mote_tests::require;
use xtask::apt::Apt;
use xtask::{process, workspace};

/// Returns a command that runs an emulator.
///
/// # Errors
/// [`require::Missing`] if it can be neither found nor fetched.
pub(crate) fn command(name: &str) -> Result<Command> {
    if let Some(path) = process::find(name) {
        return Ok(Command::new(path));
    }
    static UNPACKED: OnceLock<Result<PathBuf, String>> = OnceLock::new();
    let root = UNPACKED.get_or_init(|| unpacked().map_err(|error| format!("{error:#}")));
    let root = root.as_ref().map_err(|error| anyhow!(require::Missing(format!("{name} ({error})"))))?;
    let mut command = Command::new(root.join("usr/bin").join(name));
    command.env("LD_LIBRARY_PATH", libraries(root)?);
    for data in ["usr/share/qemu", "usr/share/seabios"] {
        command.arg("-L").arg(root.join(data));
    }
    Ok(command)
}

/// Returns a directory with the emulators and those of their dependencies that are not installed.
fn unpacked() -> Result<PathBuf> {
    let (root, part) = (workspace::scratch().join("vm/qemu"), workspace::scratch().join("vm/qemu-part"));
    if root.is_dir() {
        return Ok(root);
    }
    fs::create_dir_all(&part)?;
    let archives = tempfile::tempdir()?;
    fs::create_dir(archives.path().join("partial"))?;
    download(archives.path())?;
    for deb in fs::read_dir(archives.path())? {
        let deb = deb?.path();
        if deb.extension().is_some_and(|extension| extension == "deb") {
            stdout(Command::new("dpkg-deb").arg("--extract").arg(deb).arg(&part))?;
        }
    }
    fs::rename(&part, &root)?;
    Ok(root)
}

/// Lets APT download the packages that it would install. That needs no lock and no privileges.
fn download(directory: &Path) -> Result<()> {
    require::tool("apt-get", "apt")?;
    let riscv = "qemu-system-riscv";
    let has_riscv = Apt::here().is_some_and(|apt| apt.candidate(riscv).is_some());
    let mut archives = OsString::from("Dir::Cache::Archives=");
    archives.push(directory);
    let mut get = Command::new("apt-get");
    get.args(["install", "--download-only", "--yes", "--no-install-recommends"])
        .args(["-o", "Debug::NoLocking=true", "-o", "APT::Sandbox::User=", "-o"])
        .arg(archives)
        .args(["qemu-system-x86", "qemu-system-arm"])
        // Older releases have riscv64 in a package with many others.
        .arg(if has_riscv { riscv } else { "qemu-system-misc" });
    stdout(&mut get).map(drop)
}

/// Returns the directories of libraries below `root`.
fn libraries(root: &Path) -> Result<OsString> {
    let mut directories = Vec::new();
    for parent in ["usr/lib", "lib"].map(|name| root.join(name)).into_iter().filter(|path| path.is_dir()) {
        for entry in fs::read_dir(parent)? {
            let path = entry?.path();
            if path.to_string_lossy().ends_with("-linux-gnu") {
                directories.push(path);
            }
        }
    }
    Ok(env::join_paths(directories)?)
}
