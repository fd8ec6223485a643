//! `cargo xtask test`: builds what is shipped, then runs the groups of tests.

mod group;
mod runner;
mod tally;
mod words;

use std::time::Instant;

use anyhow::{Context, Result};

pub(crate) use self::group::cargo;
use self::{group::Group, tally::Tally};
use crate::{
    dist,
    prerequisites::{self, in_ci},
    size,
    toolchain::Choice,
    tried::{self, Ran},
    workspace,
};

/// The names of the groups, for the help; empty if Cargo can't tell them.
#[must_use]
pub fn list() -> String {
    let Ok(groups) = group::all() else { return String::new() };
    let names: Vec<&str> = groups.iter().map(|group| group.name.as_str()).collect();
    format!("Groups: {}\ndocs/tested.md says what each is about.", names.join(", "))
}

/// Runs `groups`, or all if none is named; true if nothing failed.
///
/// # Errors
/// An unknown group; no toolchain; a build that fails. A test that fails is no error here.
pub fn run(groups: &[String]) -> Result<bool> {
    let all = group::all()?;
    let groups = group::chosen(&all, groups)?;
    let (mut results, mut ran) = (Vec::new(), Vec::new());
    if groups.iter().any(|group| group.needs_release) {
        if let Some(folder) = workspace::closed_to_others(&workspace::root()) {
            eprintln!(
                "warning: not every user may enter {}: tests that start something as another user will fail; clone \
                 to a folder that everybody may enter",
                folder.display()
            );
        }
        prerequisites::provide()?;
        let sizes = size::report(&dist::make(&workspace::dist(), &[], &[], Choice::default())?);
        if let Err(error) = &sizes {
            eprintln!("error: {error:#}");
        }
        results.push(("size".to_owned(), Tally::one(sizes.is_ok()), String::new()));
    }
    for group in &groups {
        let name = &group.name;
        println!("\n== {name}");
        let start = Instant::now();
        let (tally, mut counts) = group.run().with_context(|| format!("can't run the group {name}"))?;
        counts.complete(tally.passed);
        let took = start.elapsed().as_secs_f64();
        results.push((format!("{name} ({took:.1} s)"), tally, counts.beside_tests()));
        // What failed or was skipped is no count of what is tried.
        ran.push(Ran { group: name.clone(), counts: tally.is_whole().then_some(counts) });
    }
    println!();
    for (name, tally, counts) in &results {
        println!("{name}: {tally}{counts}");
    }
    let total: Tally = results.into_iter().map(|(_, tally, _)| tally).sum();
    println!("{total}");
    let is_written = tried::after(&about(&all), ran)?;
    Ok(total.failed == 0 && !(in_ci() && (total.skipped > 0 || !is_written)))
}

/// Compares `docs/tested.md` with what was counted since the last full run, or writes it; true if it is as it should
/// be.
///
/// # Errors
/// Nothing was counted; a file that can't be read or written.
pub fn tried(write: bool) -> Result<bool> {
    tried::page(&about(&group::all()?), write)
}

/// The groups and what they are about.
fn about(groups: &[Group]) -> Vec<(String, String)> {
    groups.iter().map(|group| (group.name.clone(), group.about.clone())).collect()
}
