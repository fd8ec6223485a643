//! `cargo xtask test`: builds what is shipped, then runs the groups of tests.

mod build;
mod group;
mod runner;
mod schedule;
mod tally;
mod words;

use std::{
    io::{self, Write},
    path::{Path, PathBuf},
    sync::{Mutex, PoisonError},
    time::Instant,
};

use anyhow::{Context, Result};

use self::{group::Group, runner::Runner, tally::Tally};
use crate::{
    dist,
    platform::PLATFORMS,
    prerequisites::{self, in_ci},
    size, workspace,
};

/// A group that has run.
struct Done {
    group: String,
    seconds: f64,
    tally: Tally,
}

/// Returns the names of the groups for the help; empty if Cargo does not list them.
#[must_use]
pub fn list() -> String {
    let Ok(groups) = group::all() else { return String::new() };
    let names: Vec<&str> = groups.iter().map(|group| group.name.as_str()).collect();
    format!("Groups: {}", names.join(", "))
}

/// Runs the groups with these names, or all; true if nothing failed. With `quick`, only tests of this machine's platform
/// run, and without names only the groups that need no root, engine or emulator.
///
/// # Errors
/// An unknown group; no toolchain; a build that fails. A test that fails is no error here.
pub fn run(names: &[String], quick: bool) -> Result<bool> {
    let groups = group::chosen(&group::all()?, names, quick)?;
    let mut total = Tally::default();
    let mut dist = workspace::dist();
    if groups.iter().any(|group| group.needs_release) {
        warn_about_closed_directories();
        if quick {
            dist = workspace::scratch().join("quick");
        } else {
            prerequisites::provide()?;
        }
        total += release(&dist, quick)?;
    }
    eprintln!("building the tests");
    let programs = build::build(&groups)?;
    let done = run_groups(groups, &Runner { programs: &programs, dist: &dist, quick })?;
    println!();
    for Done { group, seconds, tally } in &done {
        println!("{group} ({seconds:.1} s): {tally}");
        total += *tally;
    }
    println!("{total}");
    Ok(total.failed == 0 && !(in_ci() && total.skipped > 0))
}

/// Builds the release files, only those of this machine's platform if `quick`; compares their sizes with the budgets.
fn release(directory: &Path, quick: bool) -> Result<Tally> {
    let native: Vec<_> = PLATFORMS.iter().filter(|platform| quick && platform.emulator.is_none()).collect();
    let sizes = size::report(&dist::make(directory, &native, &[])?);
    if let Err(error) = &sizes {
        eprintln!("error: {error:#}");
    }
    Ok(Tally::one(sizes.is_ok()))
}

/// Runs groups beside each other, and returns them in the order of their ends. The output of a group is shown when it
/// ends; if no other runs beside it, as it comes.
fn run_groups(groups: Vec<Group>, runner: &Runner<'_>) -> Result<Vec<Done>> {
    let single = groups.len() == 1;
    let done = Mutex::new(Vec::new());
    schedule::each(groups, |group| {
        let start = Instant::now();
        let name = &group.name;
        let result = if single || group.schedule.alone {
            println!("\n== {name}");
            runner.run(group, &mut io::stdout())
        } else {
            eprintln!("started: {name}");
            let mut output = format!("\n== {name}\n").into_bytes();
            let result = runner.run(group, &mut output);
            let shown = io::stdout().lock().write_all(&output);
            result.and_then(|result| shown.map(|()| result).context("can't write the output"))
        };
        let result = result.with_context(|| format!("can't run the group {name}"));
        let seconds = start.elapsed().as_secs_f64();
        let result = result.map(|tally| Done { group: name.clone(), seconds, tally });
        done.lock().unwrap_or_else(PoisonError::into_inner).push(result);
    });
    done.into_inner().unwrap_or_else(PoisonError::into_inner).into_iter().collect()
}

/// Warns if other users may not enter the directory of the tree.
fn warn_about_closed_directories() {
    let root: PathBuf = workspace::root();
    if let Some(directory) = workspace::closed_to_others(&root) {
        eprintln!(
            "warning: not every user may enter {}, so tests that start programs as another user fail; clone to a \
             directory that every user may enter",
            directory.display()
        );
    }
}
