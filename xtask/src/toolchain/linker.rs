//! The linker that belongs to a compiler.

use std::{
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context, Result, ensure};

use super::Compiler;
use crate::process;

/// Oldest LLD whose output is known to be right.
const OLDEST: u32 = 19;

/// An LLD.
#[derive(Clone, Debug)]
pub struct Linker {
    /// The program.
    pub path: PathBuf,
    /// Its version, such as `LLD 22.1.2`.
    pub version: String,
}

/// Returns the compiler's own `rust-lld`, else the distribution's LLD of the same LLVM, else its default LLD.
pub(super) fn find(compiler: &Compiler, prefix: &Path) -> Result<Linker> {
    let Compiler { sysroot, host, llvm, .. } = compiler;
    let places = [
        sysroot.join("lib/rustlib").join(host).join("bin/rust-lld"),
        prefix.join(format!("bin/ld.lld-{llvm}")),
        prefix.join("bin/ld.lld"),
    ];
    let found = places.iter().find_map(|path| probe(path).ok());
    found.with_context(|| format!("there is no LLD {OLDEST} or newer for {}", compiler.version))
}

fn probe(path: &Path) -> Result<Linker> {
    // LLD is several linkers in one, and `rust-lld` needs the flavor.
    let text = process::stdout(Command::new(path).args(["-flavor", "gnu", "--version"]))?;
    let version = text.split(" (").next().unwrap_or_default().to_owned();
    let (_, number) = version.split_once("LLD ").context("this is no LLD")?;
    let major: u32 = number.split('.').next().unwrap_or_default().parse()?;
    ensure!(major >= OLDEST, "{version} is too old");
    Ok(Linker { path: path.to_path_buf(), version })
}
