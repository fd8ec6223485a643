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

/// The crates that come with the compiler, and their licences.
pub const STANDARD: [(&str, &str); 2] = [
    ("core", "MIT OR Apache-2.0"),
    ("compiler_builtins", "MIT AND Apache-2.0 WITH LLVM-exception AND (MIT OR Apache-2.0)"),
];

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

    /// The licences of the crates from elsewhere that are in the shipped files, by name.
    ///
    /// # Errors
    /// A crate comes without its licence or the text of it.
    pub fn notices(&self) -> Result<Vec<Notice>> {
        let mut packages = BTreeMap::new();
        for program in PROGRAMS {
            packages.extend(self.of(program)?.into_iter().map(|package| (package.name.as_str(), package)));
        }
        let foreign = packages.into_values().filter(|package| package.source.is_some());
        foreign.map(Notice::of).collect()
    }
}

/// What most licences ask to go with a copy: their texts, and whose the code is.
#[derive(Debug)]
pub struct Notice {
    /// The crate.
    pub name: String,
    /// The crate's.
    pub version: String,
    /// In SPDX's terms.
    pub licence: String,
    /// Whom the manifest names.
    pub authors: Vec<String>,
    /// The texts of the licences, by the names of their files.
    pub texts: BTreeMap<String, String>,
}

impl Notice {
    fn of(package: &Package) -> Result<Self> {
        let folder = package.manifest_path.parent().context("a manifest without a folder")?;
        let licence = package.license.clone();
        let licence = licence.with_context(|| format!("{} names no licence", package.name))?;
        let texts = texts(folder.as_std_path())?;
        ensure!(!texts.is_empty(), "{} comes without the text of {licence}", package.name);
        let (name, version) = (package.name.to_string(), package.version.to_string());
        Ok(Self { name, version, licence, authors: package.authors.clone(), texts })
    }
}

/// The licences of everything that is in the shipped files, with their texts.
///
/// # Errors
/// The workspace comes without the texts of its licences.
pub fn licences(notices: &[Notice]) -> Result<String> {
    let mut text = format!("mote, {}\n\n{}", env!("CARGO_PKG_LICENSE"), joined(&texts(&workspace::root())?));
    text += "The files may also hold parts of core and compiler_builtins, which come with the compiler, by the\n\
             contributors of the Rust project, under the same licences as mote, Apache-2.0 with the LLVM exception,\n\
             and those that their sources name.\n";
    for Notice { name, version, licence, texts, .. } in notices {
        let _ = write!(text, "\n{name} {version}, {licence}\n\n{}", joined(texts));
    }
    Ok(text)
}

fn joined(texts: &BTreeMap<String, String>) -> String {
    texts.values().map(|text| format!("{}\n\n", text.trim_end())).collect()
}

/// The texts of the licences in a folder, by the names of their files.
pub(crate) fn texts(folder: &Path) -> Result<BTreeMap<String, String>> {
    let mut files = BTreeMap::new();
    for entry in fs::read_dir(folder).with_context(|| folder.display().to_string())? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if ["LICENSE", "LICENCE", "COPYING", "COPYRIGHT"].iter().any(|start| name.starts_with(start)) {
            files.insert(name, fs::read_to_string(entry.path())?);
        }
    }
    Ok(files)
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
        let tini =
            ["linux-raw-sys", "mote-cli", "mote-compat", "mote-init", "mote-rt", "mote-tini", "syscalls"];
        assert_eq!(names("tini")?, tini);
        let pause = names("pause")?;
        assert!(!pause.contains(&"mote-init".to_owned()), "{pause:?}");
        Ok(())
    }
}
