//! The linker that goes with a compiler.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};

use super::{Compiler, Lack, Machine};
use crate::process;

/// The oldest LLD whose output is known to be right.
const OLDEST: u32 = 19;

/// An LLD.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Linker {
    /// The program.
    pub path: PathBuf,
    /// What it says it is, such as `LLD 22.1.2`.
    pub version: String,
}

impl Linker {
    /// Asks the linker at `path` for its version.
    ///
    /// # Errors
    /// It does not run, or is older than can be relied on.
    pub fn probe(path: &Path) -> Result<Self> {
        // LLD is several linkers in one, and `rust-lld` must be told which.
        let mut command = Command::new(path);
        let text = process::stdout(command.args(["-flavor", "gnu", "--version"]))?;
        let version = text.split(" (").next().unwrap_or_default().to_owned();
        let (_, number) = version.split_once("LLD ").context("this is no LLD")?;
        let major: u32 = number.split('.').next().unwrap_or_default().parse()?;
        anyhow::ensure!(major >= OLDEST, "LLD {major} is too old, {OLDEST} is the oldest that works");
        Ok(Self { path: path.to_path_buf(), version })
    }
}

/// The linker in the compiler's own toolchain, else the distribution's.
pub(super) fn beside(machine: &Machine, compiler: &Compiler) -> Result<Linker, Lack> {
    bundled(compiler)
        .or_else(|| matching(machine, compiler))
        .or_else(|| newest(machine))
        .ok_or_else(|| Lack::new("there is no rust-lld in the toolchain, and no other LLD"))
}

/// The distribution's linker of the same LLVM as the compiler, installed if need be; else the newest
/// that is there; else the one of the active toolchain.
pub(super) fn distribution(machine: &Machine, compiler: &Compiler) -> Result<Linker, Lack> {
    if let Some(linker) = matching(machine, compiler) {
        return Ok(linker);
    }
    let packages = [package(compiler.llvm)];
    let refused = match &machine.apt {
        None => "there is no apt-get".to_owned(),
        Some(apt) => apt.install(&packages).err().map_or_else(String::new, |error| error.to_string()),
    };
    matching(machine, compiler).or_else(|| any(machine)).ok_or_else(|| {
        let lack = Lack::new(format!("there is no LLD, and {} can't be had: {refused}", packages[0]));
        lack.remedy(crate::apt::by_hand(&packages))
    })
}

/// What serves the distribution's compiler for lack of the linker that belongs to it.
pub(super) fn any(machine: &Machine) -> Option<Linker> {
    newest(machine).or_else(|| bundled(machine.active.as_ref()?))
}

/// The distribution's package of the linker that belongs to this LLVM.
pub(super) fn package(llvm: Option<u32>) -> String {
    llvm.map_or_else(|| "lld".to_owned(), |llvm| format!("lld-{llvm}"))
}

fn bundled(compiler: &Compiler) -> Option<Linker> {
    Linker::probe(&compiler.of_target(&compiler.host).join("bin/rust-lld")).ok()
}

fn matching(machine: &Machine, compiler: &Compiler) -> Option<Linker> {
    Linker::probe(&machine.prefix.join(format!("bin/ld.lld-{}", compiler.llvm?))).ok()
}

fn newest(machine: &Machine) -> Option<Linker> {
    let folder = machine.prefix.join("bin");
    let major = |name: &str| name.strip_prefix("ld.lld-")?.parse::<u32>().ok();
    let files = fs::read_dir(&folder).ok()?.flatten();
    let newest = files.filter_map(|file| major(file.file_name().to_str()?)).max();
    let versioned = newest.and_then(|major| Linker::probe(&folder.join(format!("ld.lld-{major}"))).ok());
    versioned.or_else(|| Linker::probe(&folder.join("ld.lld")).ok())
}
