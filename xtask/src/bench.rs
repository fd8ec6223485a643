//! `cargo xtask bench`: this family's programs and those of others side by side, in one run.

mod alone;
pub mod command;
pub mod count;
mod docs;
mod group;
mod machine;
mod measure;
mod metric;
mod namespace;
mod peers;
mod plan;
mod plot;
mod progress;
pub mod results;
mod running;
mod samples;
mod spread;
mod subject;
mod table;

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context as _, Result};

use self::{
    alone::Alone,
    machine::Machine,
    measure::Context,
    plan::Plan,
    results::{Entry, Results},
};
use crate::{platform::PLATFORMS, program::Program, workspace};

/// What is asked for.
#[derive(Debug)]
pub struct Options {
    /// A small run.
    pub quick: bool,
    /// Whether the page in `docs/` and its charts are written anew.
    pub write_docs: bool,
    /// Where results go, instead of `target/bench`.
    pub output: Option<PathBuf>,
}

/// Measures, prints tables and writes `results.json`.
///
/// # Errors
/// No toolchain, a failed build, a measure that can't be taken.
pub fn run(options: Options) -> Result<()> {
    let platform = PLATFORMS.iter().find(|platform| platform.emulator.is_none()).context("no platform")?;
    if std::env::var_os("MOTE_DIST").is_none() {
        crate::dist::make(&workspace::dist(), &[], &[])?;
    }
    let folder = options.output.unwrap_or_else(|| workspace::root().join("target/bench"));
    let (subjects, left_out) = subject::all(platform, &folder)?;
    for subject::LeftOut { name, why } in &left_out {
        eprintln!("left out: {name}: {why}");
    }
    let sleeper = Program::named("pause")?;
    let sleeper = subjects.iter().find(|subject| subject.ours && subject.name.ends_with(sleeper.name));
    let sleeper = sleeper.context("no pause")?.file.clone();
    let plan = if options.quick { Plan::QUICK } else { Plan::FULL };
    let samples = measure::all(&Context { plan: &plan, platform, sleeper }, &subjects)?;
    let programs = subjects.into_iter().map(|subject| Entry::of(subject, &samples)).collect();
    let preferred = Alone::new()?.preferred;
    let results = Results { machine: Machine::this()?, preferred, plan, programs, left_out };
    print!("{}", table::all(&results));
    if options.write_docs {
        docs::write(&results)?;
    }
    write(&results, &folder)
}

fn write(results: &Results, folder: &Path) -> Result<()> {
    fs::create_dir_all(folder)?;
    let file = folder.join("results.json");
    fs::write(&file, serde_json::to_vec_pretty(results)?)?;
    println!("\n{}", file.display());
    Ok(())
}
