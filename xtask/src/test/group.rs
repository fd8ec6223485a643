//! The groups of tests that there are.

use std::{env, process::Command};

use anyhow::{Context, Result};
use cargo_metadata::{Metadata, MetadataCommand, Package, Target, TargetKind};

use super::{
    runner::{check, count},
    tally::Tally,
    words,
};
use crate::{exit::unknown, process, workspace};

/// A set of tests that can be asked for by name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Group {
    pub(super) name: String,
    /// Whether it runs the release files.
    pub(super) needs_release: bool,
    work: Work,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Work {
    /// Formatting, lints, documentation and words.
    Lint,
    /// These runs of `cargo test`, by their arguments.
    Tests(Vec<Vec<String>>),
}

impl Group {
    /// Runs its tests and counts their results.
    pub(super) fn run(&self) -> Result<Tally> {
        let Work::Tests(runs) = &self.work else { return lint() };
        let mut tallies = Vec::new();
        for arguments in runs {
            let mut command = cargo("test");
            command.args(arguments).env("MOTE_DIST", workspace::dist());
            tallies.push(count(&mut command)?);
        }
        Ok(tallies.into_iter().sum())
    }
}

/// All groups that there are, in the order in which they run: `lint`, `unit`, and each integration test of the
/// workspace. A new one is a new group without a change here.
pub(super) fn all() -> Result<Vec<Group>> {
    let metadata = MetadataCommand::new()
        .current_dir(workspace::root())
        .no_deps()
        .exec()
        .context("can't read the workspace's manifests")?;
    let mut tests: Vec<Group> = metadata
        .packages
        .iter()
        .flat_map(|package| integration_tests(package).map(move |target| of_target(package, target)))
        .collect();
    tests.sort_by(|one, other| one.name.cmp(&other.name));
    let lint = Group { name: "lint".to_owned(), needs_release: false, work: Work::Lint };
    Ok([lint, unit(&metadata)].into_iter().chain(tests).collect())
}

fn integration_tests(package: &Package) -> impl Iterator<Item = &Target> {
    package.targets.iter().filter(|target| target.kind.contains(&TargetKind::Test))
}

/// An integration test. Those below `tests/` run the release files.
fn of_target(package: &Package, target: &Target) -> Group {
    let arguments = ["--package", package.name.as_str(), "--test", &target.name];
    Group {
        name: target.name.clone(),
        needs_release: package.manifest_path.starts_with(workspace::root().join("tests")),
        work: Work::Tests(vec![arguments.map(str::to_owned).to_vec()]),
    }
}

/// The tests inside the crates. Where a package has a group as well, what is not of the group is named: Cargo has no
/// way to leave something out.
fn unit(metadata: &Metadata) -> Group {
    let mut all = vec!["--workspace".to_owned()];
    let mut runs = Vec::new();
    for package in metadata.packages.iter().filter(|package| integration_tests(package).next().is_some()) {
        let name = package.name.to_string();
        all.extend(["--exclude".to_owned(), name.clone()]);
        let of = |arguments: &[&str]| -> Vec<String> {
            ["--package", &name].iter().chain(arguments).map(|word| (*word).to_owned()).collect()
        };
        for target in package.targets.iter().filter(|target| target.test) {
            if target.kind.contains(&TargetKind::Bin) {
                runs.push(of(&["--bin", &target.name]));
            } else if !target.kind.contains(&TargetKind::Test) {
                runs.push(of(&["--lib"]));
            }
        }
        if package.targets.iter().any(|target| target.doctest) {
            runs.push(of(&["--doc"]));
        }
    }
    runs.insert(0, all);
    Group { name: "unit".to_owned(), needs_release: false, work: Work::Tests(runs) }
}

/// The groups out of `all` that `names` name; all of them if it names none.
pub(super) fn chosen(all: &[Group], names: &[String]) -> Result<Vec<Group>> {
    if names.is_empty() {
        return Ok(all.to_vec());
    }
    let find = |name: &String| {
        let group = all.iter().find(|group| group.name == *name).cloned();
        group.ok_or_else(|| unknown("group of tests", name, all.iter().map(|group| group.name.as_str())))
    };
    names.iter().map(find).collect()
}

fn lint() -> Result<Tally> {
    let mut checks = vec![
        check(cargo("fmt").args(["--all", "--check"]), Some("rustfmt"))?,
        check(
            cargo("clippy").args(["--workspace", "--all-targets", "--", "-D", "warnings"]),
            Some("clippy"),
        )?,
        check(cargo("doc").args(["--workspace", "--no-deps"]).env("RUSTDOCFLAGS", "-Dwarnings"), None)?,
        words::check(&workspace::root())?,
    ];
    // Its installation takes minutes. An automated build checks the dependencies in a job of its own.
    if process::find("cargo-deny").is_some() {
        let rules = ["--offline", "check", "bans", "licenses", "sources"];
        checks.push(check(cargo("deny").args(rules), None)?);
    }
    Ok(checks.into_iter().sum())
}

/// The Cargo that runs this tool, with a subcommand.
pub(crate) fn cargo(subcommand: &str) -> Command {
    let mut command = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.current_dir(workspace::root()).arg(subcommand);
    command
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(groups: &[Group]) -> Vec<&str> {
        groups.iter().map(|group| group.name.as_str()).collect()
    }

    #[test]
    fn no_name_means_all_groups() -> Result<()> {
        let all = all()?;
        assert_eq!(chosen(&all, &[])?, all);
        Ok(())
    }

    #[test]
    fn groups_run_as_named() -> Result<()> {
        let chosen = chosen(&all()?, &["elf".to_owned(), "lint".to_owned()])?;
        assert_eq!(names(&chosen), ["elf", "lint"]);
        Ok(())
    }

    #[test]
    fn an_unknown_group_lists_the_valid_ones() -> Result<()> {
        let message = chosen(&all()?, &["elfs".to_owned()]).map_err(|error| error.to_string());
        let beginning = "there is no group of tests `elfs`; valid are: lint, unit, ";
        let is_list = |message: &String| message.starts_with(beginning) && message.contains(", elf, ");
        assert!(message.as_ref().is_err_and(is_list), "{message:?}");
        Ok(())
    }

    #[test]
    fn an_integration_test_of_any_package_is_a_group_and_no_unit_test() -> Result<()> {
        let all = all()?;
        let model = all.iter().find(|group| group.name == "model").context("no model")?;
        assert!(!model.needs_release, "{model:?}");
        let unit = all.iter().find(|group| group.name == "unit").context("no unit")?;
        let Work::Tests(runs) = &unit.work else { anyhow::bail!("{unit:?}") };
        let runs: Vec<String> = runs.iter().map(|run| run.join(" ")).collect();
        let whole = runs.first().context("no run")?;
        assert!(whole.contains("--exclude mote-init") && whole.contains("--exclude mote-tests"), "{runs:?}");
        for rest in ["--package mote-init --lib", "--package mote-init --doc"] {
            assert!(runs.iter().any(|run| run == rest), "{runs:?}");
        }
        Ok(())
    }

    #[test]
    fn what_runs_the_release_files_has_them_built_before() -> Result<()> {
        let needy = all()?.into_iter().filter(|group| group.needs_release);
        assert!(needy.map(|group| group.name).any(|name| name == "pid1"));
        Ok(())
    }
}
