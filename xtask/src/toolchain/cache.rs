//! Remembering the choice, so that a later run needs no network and takes the same compiler.

use std::{
    fs,
    io::Write,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};

use super::{Compiler, Linker, Machine, Toolchain};
use crate::workspace;

/// A choice and what it was made from.
#[derive(Serialize, Deserialize)]
struct Remembered {
    /// The toolchain that was active: another one may offer a better choice.
    active: Option<Compiler>,
    toolchain: Toolchain,
}

fn file() -> PathBuf {
    workspace::scratch().join("toolchain.json")
}

/// The remembered toolchain, if it is still what it was and serves `targets`.
pub(super) fn recall(machine: &Machine, targets: &[&str]) -> Option<Toolchain> {
    recall_from(&file(), machine, targets)
}

/// Remembers `toolchain`.
pub(super) fn remember(machine: &Machine, toolchain: &Toolchain) -> Result<()> {
    let file = file();
    let written = remember_in(&file, machine, toolchain);
    written.with_context(|| format!("can't write {}", file.display()))
}

pub(super) fn recall_from(file: &Path, machine: &Machine, targets: &[&str]) -> Option<Toolchain> {
    let text = fs::read_to_string(file).ok()?;
    let Remembered { active, toolchain } = serde_json::from_str(&text).ok()?;
    let unchanged = active == machine.active && toolchain.serves(targets) && is_there(&toolchain);
    unchanged.then_some(toolchain)
}

pub(super) fn remember_in(file: &Path, machine: &Machine, toolchain: &Toolchain) -> Result<()> {
    let remembered = Remembered { active: machine.active.clone(), toolchain: toolchain.clone() };
    let folder = file.parent().context("it has no folder")?;
    fs::create_dir_all(folder)?;
    let mut new = tempfile::NamedTempFile::new_in(folder)?;
    new.write_all(&serde_json::to_vec_pretty(&remembered)?)?;
    new.persist(file)?;
    Ok(())
}

/// Whether a toolchain is still there in the same versions. Asks programs of this machine alone.
fn is_there(toolchain: &Toolchain) -> bool {
    let Toolchain { compiler, linker, targets, .. } = toolchain;
    // The probe prefers what lies in the sysroot, which is the same program where it exists.
    let now = Compiler::probe(&compiler.rustc, &compiler.cargo);
    let compiler_is = now.is_ok_and(|now| {
        now.version == compiler.version && now.sysroot == compiler.sysroot && compiler.cargo.is_file()
    });
    let core_is = if toolchain.builds_core() {
        compiler.has_source()
    } else {
        targets.iter().all(|target| compiler.has_core(target))
    };
    compiler_is && core_is && Linker::probe(&linker.path).is_ok_and(|now| now == *linker)
}
