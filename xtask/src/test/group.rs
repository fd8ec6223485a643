//! The groups of tests.

use std::{collections::BTreeMap, env, process::Command};

use anyhow::{Context, Result};
use cargo_metadata::{Metadata, MetadataCommand, Package, Target, TargetKind};
use serde::Deserialize;

use crate::{exit::unknown, workspace};

/// A set of tests that can be asked for by name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Group {
    pub(super) name: String,
    /// Whether it runs the release files.
    pub(super) needs_release: bool,
    pub(super) work: Work,
    pub(super) schedule: Schedule,
}

/// Content of a group.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Work {
    /// Formatting, lints, documentation and words.
    Lint,
    /// The tests inside the crates: these packages' libraries, and the examples in the documentation.
    Unit(Vec<String>),
    /// The integration test of this package that has the group's name.
    Test(String),
}

/// Conditions under which a group runs.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Schedule {
    /// Whether it runs beside no other group.
    pub(super) alone: bool,
    /// Whether it runs beside no other group that starts container engines.
    pub(super) engine: bool,
    /// Whether it is started before the others.
    pub(super) slow: bool,
    /// Whether it is part of `--quick`.
    pub(super) quick: bool,
}

/// Names of groups in the `[package.metadata.groups]` of a manifest, by the fields of [`Schedule`].
#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Declared {
    alone: Vec<String>,
    engine: Vec<String>,
    slow: Vec<String>,
    quick: Vec<String>,
}

impl Declared {
    fn read(packages: &[Package]) -> Result<Self> {
        let tables = packages.iter().map(|package| &package.metadata["groups"]);
        match tables.into_iter().find(|table| !table.is_null()) {
            Some(table) => {
                serde_json::from_value(table.clone()).context("can't read package.metadata.groups")
            }
            None => Ok(Self::default()),
        }
    }

    fn of(&self, group: &str) -> Schedule {
        let is_in = |names: &[String]| names.iter().any(|name| name == group);
        let Self { alone, engine, slow, quick } = self;
        Schedule { alone: is_in(alone), engine: is_in(engine), slow: is_in(slow), quick: is_in(quick) }
    }
}

/// Returns all groups: `lint`, `unit`, and each integration test of the workspace.
pub(super) fn all() -> Result<Vec<Group>> {
    let Metadata { packages, .. } = MetadataCommand::new()
        .current_dir(workspace::root())
        .no_deps()
        .exec()
        .context("can't read the workspace's manifests")?;
    let declared = Declared::read(&packages)?;
    let group = |name: &str, work| Group {
        name: name.to_owned(),
        needs_release: false,
        work,
        schedule: declared.of(name),
    };
    let unit =
        packages.iter().filter(|package| package.targets.iter().any(|target| target.is_lib() && target.test));
    let unit = unit.map(|package| package.name.to_string()).collect();
    let mut groups = vec![group("lint", Work::Lint), group("unit", Work::Unit(unit))];
    let mut tests = BTreeMap::new();
    for package in &packages {
        for Target { name, .. } in package.targets.iter().filter(|t| t.kind.contains(&TargetKind::Test)) {
            let mut test = group(name, Work::Test(package.name.to_string()));
            test.needs_release = package.manifest_path.starts_with(workspace::root().join("tests"));
            tests.insert(name.clone(), test);
        }
    }
    groups.extend(tests.into_values());
    Ok(groups)
}

/// Returns the groups in `all` with these names; without names, all of them, or those of `--quick`.
pub(super) fn chosen(all: &[Group], names: &[String], quick: bool) -> Result<Vec<Group>> {
    if names.is_empty() {
        return Ok(all.iter().filter(|group| group.schedule.quick || !quick).cloned().collect());
    }
    let find = |name: &String| {
        let group = all.iter().find(|group| group.name == *name).cloned();
        group.ok_or_else(|| unknown("group of tests", name, all.iter().map(|group| group.name.as_str())))
    };
    names.iter().map(find).collect()
}

/// Returns the Cargo that runs this tool, with a subcommand.
pub(crate) fn cargo(subcommand: &str) -> Command {
    let mut command = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.current_dir(workspace::root()).arg(subcommand);
    command
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(quick: bool) -> Result<Vec<String>> {
        Ok(chosen(&all()?, &[], quick)?.into_iter().map(|group| group.name).collect())
    }

    #[test]
    fn every_declared_group_exists() -> Result<()> {
        let packages = MetadataCommand::new().current_dir(workspace::root()).no_deps().exec()?.packages;
        let Declared { alone, engine, slow, quick } = Declared::read(&packages)?;
        chosen(&all()?, &[alone, engine, slow, quick].concat(), false).map(drop)
    }

    #[test]
    fn without_names_all_groups_run_or_the_quick_ones() -> Result<()> {
        let (all, quick) = (names(false)?, names(true)?);
        assert!(
            all.starts_with(&["lint".to_owned(), "unit".to_owned()]) && all.contains(&"model".to_owned()),
            "{all:?}"
        );
        assert!(quick.contains(&"inits".to_owned()) && !quick.contains(&"docker".to_owned()), "{quick:?}");
        Ok(())
    }

    #[test]
    fn unknown_group_lists_the_valid_ones() -> Result<()> {
        let message = chosen(&all()?, &["elfs".to_owned()], false).map_err(|error| error.to_string());
        let is_list = |message: &String| {
            message.starts_with("there is no group of tests `elfs`; valid are: lint, unit, ")
                && message.contains(", elf, ")
        };
        assert!(message.as_ref().is_err_and(is_list), "{message:?}");
        Ok(())
    }
}
