//! `cargo xtask test`: builds what is shipped, then runs the groups of tests.

mod group;
mod runner;
mod tally;
mod words;

use std::time::Instant;

use anyhow::{Context, Result};

pub(crate) use self::group::cargo;
use self::tally::Tally;
use crate::{
    dist,
    prerequisites::{self, in_ci},
    size,
    toolchain::Choice,
    workspace,
};

/// The names of the groups, for the help; empty if Cargo can't tell them.
#[must_use]
pub fn list() -> String {
    let Ok(groups) = group::all() else { return String::new() };
    let names: Vec<&str> = groups.iter().map(|group| group.name.as_str()).collect();
    format!("Groups: {}", names.join(", "))
}

/// Runs `groups`, or all if none is named; true if nothing failed.
///
/// # Errors
/// An unknown group; no toolchain; a build that fails. A test that fails is no error here.
pub fn run(groups: &[String]) -> Result<bool> {
    let groups = group::chosen(&group::all()?, groups)?;
    let mut results = Vec::new();
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
        results.push(("size".to_owned(), Tally::one(sizes.is_ok())));
    }
    for group in &groups {
        let name = &group.name;
        println!("\n== {name}");
        let start = Instant::now();
        let tally = group.run().with_context(|| format!("can't run the group {name}"))?;
        let took = start.elapsed().as_secs_f64();
        results.push((format!("{name} ({took:.1} s)"), tally));
    }
    println!();
    for (name, tally) in &results {
        println!("{name}: {tally}");
    }
    let total: Tally = results.into_iter().map(|(_, tally)| tally).sum();
    println!("{total}");
    Ok(total.failed == 0 && !(in_ci() && total.skipped > 0))
}
