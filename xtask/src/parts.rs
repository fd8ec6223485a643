//! Crates of the shipped files, and their licences.

use std::collections::BTreeMap;

use anyhow::{Context, Result};
use cargo_metadata::{DependencyKind, Metadata, MetadataCommand, Node, Package, PackageId};

use crate::{program::Program, workspace};

/// Dependencies that are in no file: constants that are compared when `mote-rt` is compiled.
const CHECKS: &[&str] = &["sc"];

/// The crates that come with the compiler, and their licences.
pub const STANDARD: [(&str, &str); 2] = [
    ("core", "MIT OR Apache-2.0"),
    ("compiler_builtins", "MIT AND Apache-2.0 WITH LLVM-exception AND (MIT OR Apache-2.0)"),
];

/// The crates of the workspace and their dependencies.
#[derive(Debug)]
pub struct Parts {
    metadata: Metadata,
}

impl Parts {
    /// Reads them with Cargo.
    ///
    /// # Errors
    /// Cargo fails, such as when the lock file does not fit the manifests.
    pub fn read() -> Result<Self> {
        let mut command = MetadataCommand::new();
        command.current_dir(workspace::root()).other_options(["--locked".to_owned()]);
        Ok(Self { metadata: command.exec().context("can't read the workspace's manifests")? })
    }

    /// Returns the crates whose code may be in a program's file, its own included, by name.
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
}

/// Returns the crates that a crate is linked with, without those that build or test it.
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
