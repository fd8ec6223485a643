//! The short run: the corpus on every platform, and new inputs natively, the same every time.

use std::collections::BTreeMap;
use std::process::ExitCode;
use std::sync::{Arc, Mutex, PoisonError};

use anyhow::{Result, anyhow, ensure};
use mote_tests::{Case, Suite, tried};

use crate::engine::{Engine, Failure, corpus};
use crate::targets::{KINDS, Kind};

/// What new inputs depend on.
const SEED: u64 = 1;

/// How many inputs were tried, by platform.
type Counts = Arc<Mutex<BTreeMap<&'static str, usize>>>;

pub(crate) fn run() -> Result<ExitCode> {
    let counts = Counts::default();
    // Most of the time is spent waiting.
    let mut suite = Suite::new().threads(4);
    for kind in &KINDS {
        for case in kind.cases() {
            let counts = Arc::clone(&counts);
            suite = suite.one(name("corpus", kind, case), move || replay(kind, case, &counts));
        }
        let (case, counts) = (kind.host(), Arc::clone(&counts));
        suite = suite.one(name("new_inputs", kind, case), move || new_inputs(kind, case, &counts));
    }
    let code = suite.run();
    for (platform, count) in counts.lock().unwrap_or_else(PoisonError::into_inner).iter() {
        tried(*count, "inputs", platform);
    }
    Ok(code)
}

fn name(what: &str, kind: &Kind, case: Option<Case>) -> String {
    case.map_or(format!("fuzz::{what}::{}", kind.name), |case| format!("fuzz::{what}::{}::{case}", kind.name))
}

fn replay(kind: &'static Kind, case: Option<Case>, counts: &Counts) -> Result<()> {
    let mut target = kind.target(case)?;
    let inputs = corpus::load(kind.name)?;
    ensure!(!inputs.is_empty(), "there is none");
    let mut engine = Engine::new(&mut target, Vec::new(), SEED);
    for (name, input) in &inputs {
        engine.replay(input).map_err(|failure| told(kind, name, failure))?;
    }
    add(counts, case, inputs.len());
    Ok(())
}

fn new_inputs(kind: &'static Kind, case: Option<Case>, counts: &Counts) -> Result<()> {
    let mut target = kind.target(case)?;
    let inputs = corpus::load(kind.name)?.into_iter().map(|(_, input)| input).collect();
    let mut engine = Engine::new(&mut target, inputs, SEED);
    for number in 0..kind.inputs {
        engine.step().map_err(|failure| told(kind, &format!("number {number}"), failure))?;
    }
    add(counts, case, kind.inputs as usize);
    Ok(())
}

fn add(counts: &Counts, case: Option<Case>, number: usize) {
    let platform = case.map_or("", |case| case.platform.docker);
    *counts.lock().unwrap_or_else(PoisonError::into_inner).entry(platform).or_default() += number;
}

/// The failure, with the input, and what to do with that.
fn told(kind: &Kind, name: &str, Failure { input, error }: Failure) -> anyhow::Error {
    let input = input.escape_ascii();
    anyhow!(
        "{name}, or smaller, \"{input}\": {error:#}; the long run would keep it: cargo xtask fuzz {}",
        kind.name
    )
}
