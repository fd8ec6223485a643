//! `cargo xtask test`: builds what is shipped, then runs the groups of tests.
//!
//! A group is `lint`, `unit`, or a test target of the package `mote-tests`: a new file there is a new
//! group without a change here.

mod runner;
mod tally;

use std::{env, process::Command, time::Instant};

use anyhow::{Context, Result};
use cargo_metadata::{MetadataCommand, TargetKind};

use self::{
    runner::{check, count},
    tally::Tally,
};
use crate::{
    dist,
    exit::unknown,
    prerequisites::{self, in_ci},
    size,
    toolchain::Choice,
    workspace,
};

/// The package whose tests run the release files.
const PACKAGE: &str = "mote-tests";

/// A set of tests that can be asked for by name.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Group {
    /// Formatting, lints and documentation.
    Lint,
    /// The tests inside the crates.
    Unit,
    /// A test target of [`PACKAGE`].
    Release(String),
}

impl Group {
    fn name(&self) -> &str {
        match self {
            Self::Lint => "lint",
            Self::Unit => "unit",
            Self::Release(target) => target,
        }
    }
}

/// Runs `groups`, or all if none is named; true if nothing failed.
///
/// # Errors
/// An unknown group; no toolchain; a build that fails. A test that fails is no error here.
pub fn run(groups: &[String]) -> Result<bool> {
    let groups = chosen(all()?, groups)?;
    let mut results = Vec::new();
    if groups.iter().any(|group| matches!(group, Group::Release(_))) {
        prerequisites::provide()?;
        let sizes = size::report(&dist::make(&[], &[], Choice::default())?);
        if let Err(error) = &sizes {
            eprintln!("error: {error:#}");
        }
        results.push(("size".to_owned(), Tally::one(sizes.is_ok())));
    }
    for group in &groups {
        let name = group.name();
        println!("\n== {name}");
        let start = Instant::now();
        let tally = run_group(group).with_context(|| format!("can't run the group {name}"))?;
        results.push((format!("{name} ({:.1} s)", start.elapsed().as_secs_f64()), tally));
    }
    println!();
    for (name, tally) in &results {
        println!("{name}: {tally}");
    }
    let total: Tally = results.into_iter().map(|(_, tally)| tally).sum();
    println!("{total}");
    Ok(total.failed == 0 && !(in_ci() && total.skipped > 0))
}

/// All groups that there are, in the order in which they run.
fn all() -> Result<Vec<Group>> {
    let metadata = MetadataCommand::new()
        .current_dir(workspace::root())
        .no_deps()
        .exec()
        .context("can't read the workspace's manifests")?;
    let package = metadata.packages.iter().find(|package| package.name.as_str() == PACKAGE);
    let targets = package.map_or(&[][..], |package| &package.targets);
    let tests = targets.iter().filter(|target| target.kind.contains(&TargetKind::Test));
    let mut names: Vec<String> = tests.map(|target| target.name.clone()).collect();
    names.sort();
    let release = names.into_iter().map(Group::Release);
    Ok([Group::Lint, Group::Unit].into_iter().chain(release).collect())
}

/// The groups out of `all` that `names` name; all of them if it names none.
fn chosen(all: Vec<Group>, names: &[String]) -> Result<Vec<Group>> {
    let find = |name: &String| {
        let group = all.iter().find(|group| group.name() == name).cloned();
        group.ok_or_else(|| unknown("group of tests", name, all.iter().map(Group::name)))
    };
    let chosen = names.iter().map(find).collect::<Result<Vec<_>>>()?;
    Ok(if names.is_empty() { all } else { chosen })
}

fn run_group(group: &Group) -> Result<Tally> {
    match group {
        Group::Lint => lint(),
        Group::Unit => count(cargo("test").args(["--workspace", "--exclude", PACKAGE])),
        Group::Release(target) => count(
            cargo("test").args(["--package", PACKAGE, "--test", target]).env("MOTE_DIST", workspace::dist()),
        ),
    }
}

fn lint() -> Result<Tally> {
    let checks = [
        check(cargo("fmt").args(["--all", "--check"]), Some("rustfmt"))?,
        check(
            cargo("clippy").args(["--workspace", "--all-targets", "--", "-D", "warnings"]),
            Some("clippy"),
        )?,
        check(cargo("doc").args(["--workspace", "--no-deps"]).env("RUSTDOCFLAGS", "-Dwarnings"), None)?,
    ];
    Ok(checks.into_iter().sum())
}

/// The Cargo that runs this tool, with a subcommand.
fn cargo(subcommand: &str) -> Command {
    let mut command = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.current_dir(workspace::root()).arg(subcommand);
    command
}

#[cfg(test)]
mod tests {
    use super::*;

    fn groups() -> Vec<Group> {
        vec![Group::Lint, Group::Unit, Group::Release("elf".to_owned())]
    }

    #[test]
    fn no_name_means_all_groups() -> Result<()> {
        assert_eq!(chosen(groups(), &[])?, groups());
        Ok(())
    }

    #[test]
    fn groups_run_as_named() -> Result<()> {
        let chosen = chosen(groups(), &["elf".to_owned(), "lint".to_owned()])?;
        assert_eq!(chosen, [Group::Release("elf".to_owned()), Group::Lint]);
        Ok(())
    }

    #[test]
    fn an_unknown_group_lists_the_valid_ones() {
        let message = chosen(groups(), &["elfs".to_owned()]).map_err(|error| error.to_string());
        let expected = "there is no group of tests `elfs`; valid are: lint, unit, elf";
        assert_eq!(message, Err(expected.to_owned()));
    }

    #[test]
    fn the_workspace_can_be_read() -> Result<()> {
        assert!(all()?.starts_with(&[Group::Lint, Group::Unit]));
        Ok(())
    }
}
