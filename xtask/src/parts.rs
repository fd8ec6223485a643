//! What the shipped files are made of.

use std::{collections::BTreeMap, fmt::Write as _, fs, path::Path};

use anyhow::{Context, Result, ensure};
use cargo_metadata::{DependencyKind, Metadata, MetadataCommand, Node, Package, PackageId};

use crate::{
    program::{PROGRAMS, Program},
    workspace,
};

/// What the crates depend on and yet is in no file: constants that are compared when `mote-rt` is compiled.
const CHECKS: &[&str] = &["sc"];

/// The crates of the workspace and those that they depend on.
#[derive(Debug)]
pub struct Parts {
    metadata: Metadata,
}

impl Parts {
    /// Asks Cargo.
    ///
    /// # Errors
    /// It does not answer, as where the lock file does not fit the manifests.
    pub fn read() -> Result<Self> {
        let mut command = MetadataCommand::new();
        command.current_dir(workspace::root()).other_options(["--locked".to_owned()]);
        Ok(Self { metadata: command.exec().context("can't read the workspace's manifests")? })
    }

    /// The crates whose code may be in a program's file, its own among them, by name.
    ///
    /// # Errors
    /// The workspace has no such package.
    pub fn of(&self, program: &Program) -> Result<Vec<&Package>> {
        let package = self.metadata.packages.iter().find(|package| package.name.as_str() == program.package);
        let package = package.with_context(|| format!("there is no package {}", program.package))?;
        let nodes = &self.metadata.resolve.as_ref().context("Cargo resolved nothing")?.nodes;
        let mut found = BTreeMap::new();
        let mut open: Vec<&PackageId> = vec![&package.id];
        while let Some(id) = open.pop() {
            let package = &self.metadata[id];
            if CHECKS.contains(&package.name.as_str())
                || found.insert(package.name.as_str(), package).is_some()
            {
                continue;
            }
            open.extend(nodes.iter().filter(|node| node.id == *id).flat_map(linked));
        }
        Ok(found.into_values().collect())
    }

    /// The licences of everything that is in the shipped files, with their texts: most ask that they go with a copy.
    ///
    /// # Errors
    /// A crate comes without the text of its licence.
    pub fn licences(&self) -> Result<String> {
        let mut packages = BTreeMap::new();
        for program in PROGRAMS {
            packages.extend(self.of(program)?.into_iter().map(|package| (package.name.as_str(), package)));
        }
        let root = workspace::root();
        let own = texts(&root)?;
        let mut text = format!("mote, {}\n\n{own}", env!("CARGO_PKG_LICENSE"));
        text += "The files may also hold parts of core and compiler_builtins, which come with the compiler, by the\n\
                 contributors of the Rust project, under the same licences as mote, Apache-2.0 with the LLVM exception,\n\
                 and those that their sources name.\n";
        for package in packages.into_values().filter(|package| package.source.is_some()) {
            let folder = package.manifest_path.parent().context("a manifest without a folder")?;
            let licence = package.license.as_deref().unwrap_or("its licence");
            let texts = texts(folder.as_std_path())?;
            ensure!(!texts.is_empty(), "{} comes without the text of {licence}", package.name);
            let _ = write!(text, "\n{} {}, {licence}\n\n{texts}", package.name, package.version);
        }
        Ok(text)
    }
}

/// The texts of the licences in a folder, sorted by name.
fn texts(folder: &Path) -> Result<String> {
    let mut files = BTreeMap::new();
    for entry in fs::read_dir(folder).with_context(|| folder.display().to_string())? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if ["LICENSE", "LICENCE", "COPYING", "COPYRIGHT"].iter().any(|start| name.starts_with(start)) {
            files.insert(name, fs::read_to_string(entry.path())?);
        }
    }
    Ok(files.into_values().map(|text| format!("{}\n\n", text.trim_end())).collect())
}

/// What a crate is linked with, not what builds or tests it.
fn linked(node: &Node) -> impl Iterator<Item = &PackageId> {
    let normal =
        |kinds: &[cargo_metadata::DepKindInfo]| kinds.iter().any(|info| info.kind == DependencyKind::Normal);
    node.deps.iter().filter(move |dependency| normal(&dependency.dep_kinds)).map(|dependency| &dependency.pkg)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_program_has_its_own_parts() -> Result<()> {
        let parts = Parts::read()?;
        let names = |program| -> Result<Vec<String>> {
            let parts = parts.of(Program::named(program)?)?;
            Ok(parts.iter().map(|package| package.name.to_string()).collect())
        };
        assert_eq!(names("tini")?, ["linux-raw-sys", "mote-init", "mote-rt", "mote-tini", "syscalls"]);
        let pause = names("pause")?;
        assert!(!pause.contains(&"mote-init".to_owned()), "{pause:?}");
        Ok(())
    }
}
