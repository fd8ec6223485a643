//! The programs that others ship in images and Debian has no package of, compiled for the occasion from the
//! few lines of C in `peers/`.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context, Result};

use crate::{process, workspace};

/// A C library to link with, and the compiler that does.
#[derive(Clone, Copy, Debug)]
pub(super) struct Libc {
    /// What it is called.
    pub(super) name: &'static str,
    compiler: &'static str,
    /// The distribution's package that has both.
    package: &'static str,
}

pub(super) const LIBCS: [Libc; 2] = [
    Libc { name: "musl", compiler: "musl-gcc", package: "musl-tools" },
    Libc { name: "glibc", compiler: "gcc", package: "gcc and libc6-dev" },
];

/// As small as the compiler makes it without further tricks, and static, as in an image of its own.
const OPTIONS: [&str; 4] = ["-Os", "-static", "-s", "-Wno-unused-result"];

/// Compiles `program` into `folder`.
///
/// # Errors
/// There is no such compiler, or it fails.
pub(super) fn compile(program: &str, libc: Libc, folder: &Path) -> Result<PathBuf> {
    let Libc { name, compiler, package } = libc;
    let compiler = process::find(compiler)
        .with_context(|| format!("{compiler} is not installed (Debian package {package})"))?;
    fs::create_dir_all(folder)?;
    let source = workspace::root().join("xtask/src/bench/peers").join(program).with_extension("c");
    let file = folder.join(format!("{program}-{name}"));
    process::stdout(Command::new(compiler).args(OPTIONS).arg("-o").arg(&file).arg(source))?;
    Ok(file)
}
