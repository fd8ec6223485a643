//! The scenarios reach every system call that the programs can make.

use std::collections::BTreeSet;
use std::fs;

use anyhow::{Context, Result, ensure};
use mote_tests::{Suite, Target, require};
use xtask::workspace;

use crate::{scenario, trial};

/// The list of the programs' calls, as `NAME = name, …`.
const LIST: &str = "rt/src/arch/nr.rs";

/// Calls that a program makes only if another call was refused.
const FALLBACKS: [&str; 5] = ["close", "exit", "ppoll", "sched_yield", "unlinkat"];

pub(crate) fn add(suite: Suite) -> Suite {
    suite.test(&Target::native(), the_scenarios_reach_every_call)
}

fn the_scenarios_reach_every_call(target: Target) -> Result<()> {
    require::root()?;
    let mut made: BTreeSet<&str> = FALLBACKS.into();
    for scenario in scenario::all() {
        let trace = trial::observe(scenario, target, None).with_context(|| scenario.name)?;
        made.extend(trace.calls.iter().map(|call| portable(call.name)));
    }
    let list = fs::read_to_string(workspace::root().join(LIST)).context(LIST)?;
    let entries = list.lines().filter_map(|line| line.trim().split_once(" = ")?.1.split_once(", __NR_"));
    let known: BTreeSet<&str> = entries.map(|(name, _)| portable(name)).collect();
    ensure!(!known.is_empty(), "no calls in {LIST}");
    let missing: Vec<_> = known.difference(&made).collect();
    ensure!(missing.is_empty(), "no scenario reaches {missing:?}");
    let unknown: Vec<_> = made.difference(&known).collect();
    ensure!(unknown.is_empty(), "not in {LIST}: {unknown:?}");
    Ok(())
}

/// Returns the name of a call without the suffix of its forms for 32-bit architectures.
fn portable(name: &str) -> &str {
    let name = name.strip_suffix("_time64").unwrap_or(name);
    if name == "mmap2" { "mmap" } else { name.strip_suffix("32").unwrap_or(name) }
}
