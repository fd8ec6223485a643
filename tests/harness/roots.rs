//! File systems for containers.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};
use object::Endianness;
use object::elf::PT_INTERP;
use object::read::elf::{ElfFile64, ProgramHeader};

use crate::command;
use crate::require::{self, Missing};

/// What a shell of the tests calls.
const APPLETS: [&str; 11] = ["sh", "sleep", "cat", "cp", "env", "httpd", "id", "ip", "ps", "touch", "wget"];

/// Users and groups as in Alpine.
const PASSWD: &str = "root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534:nobody:/:/sbin/nologin\n";
const GROUP: &str = "root:x:0:root\nnobody:x:65534:\n";

/// What Alpine is like: one static program under many names, and users.
///
/// # Errors
/// [`Missing`] if there is no such program.
pub fn busybox(root: &Path) -> Result<()> {
    for directory in ["bin", "dev", "etc", "proc", "sys", "tmp"] {
        fs::create_dir(root.join(directory))?;
    }
    fs::copy(static_busybox()?, root.join("bin/busybox"))?;
    for applet in APPLETS {
        symlink("busybox", root.join("bin").join(applet))?;
    }
    fs::write(root.join("etc/passwd"), PASSWD)?;
    fs::write(root.join("etc/group"), GROUP)?;
    Ok(())
}

/// An archive of the file system `root` in `directory`.
///
/// # Errors
/// [`Missing`] without tar; if it fails.
pub fn archive(root: &Path, directory: &Path) -> Result<PathBuf> {
    let archive = directory.join("root.tar");
    let tar = require::tool("tar", "tar")?;
    // As a temporary directory, the root is nobody else's.
    let options = ["--create", "--numeric-owner", "--mode=a+rX", "--file"];
    command::stdout(Command::new(tar).args(options).arg(&archive).arg("-C").arg(root).arg("."))?;
    Ok(archive)
}

/// An archive of a [`busybox`] in `directory`.
///
/// # Errors
/// Those of [`busybox`] and [`archive`].
pub fn busybox_archive(directory: &Path) -> Result<PathBuf> {
    let root = tempfile::tempdir()?;
    busybox(root.path())?;
    archive(root.path(), directory)
}

/// A busybox that needs no other file.
///
/// # Errors
/// [`Missing`] if there is none.
pub fn static_busybox() -> Result<PathBuf> {
    let package = "busybox-static";
    let path = require::tool("busybox", package)?;
    let bytes = fs::read(&path)?;
    let file = ElfFile64::<Endianness>::parse(&*bytes).context("busybox")?;
    let is_dynamic = |header: &object::elf::ProgramHeader64<_>| header.p_type(file.endian()) == PT_INTERP;
    let is_static = !file.elf_program_headers().iter().any(is_dynamic);
    ensure!(is_static, Missing(format!("a static busybox (Debian package {package})")));
    Ok(path)
}
