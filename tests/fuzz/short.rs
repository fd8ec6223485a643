//! The short run: the corpus on every platform, and new inputs natively, the same every time.

use std::process::ExitCode;

use anyhow::{Result, anyhow, ensure};
use mote_tests::{Suite, Target as Case};

use crate::engine::{Engine, Failure, corpus};
use crate::targets::{KINDS, Kind};

/// What new inputs depend on.
const SEED: u64 = 1;

pub(crate) fn run() -> ExitCode {
    // Most of the time is spent waiting.
    let mut suite = Suite::new().threads(4);
    for kind in &KINDS {
        for case in kind.cases() {
            suite = suite.one(name("corpus", kind, case), move || replay(kind, case));
        }
        let case = kind.host();
        suite = suite.one(name("new_inputs", kind, case), move || new_inputs(kind, case));
    }
    suite.run()
}

fn name(what: &str, kind: &Kind, case: Option<Case>) -> String {
    case.map_or(format!("fuzz::{what}::{}", kind.name), |case| format!("fuzz::{what}::{}::{case}", kind.name))
}

fn replay(kind: &'static Kind, case: Option<Case>) -> Result<()> {
    let mut target = kind.target(case)?;
    let inputs = corpus::load(kind.name)?;
    ensure!(!inputs.is_empty(), "there is none");
    let mut engine = Engine::new(&mut target, Vec::new(), SEED);
    for (name, input) in &inputs {
        engine.replay(input).map_err(|failure| told(kind, name, failure))?;
    }
    Ok(())
}

fn new_inputs(kind: &'static Kind, case: Option<Case>) -> Result<()> {
    let mut target = kind.target(case)?;
    let inputs = corpus::load(kind.name)?.into_iter().map(|(_, input)| input).collect();
    let mut engine = Engine::new(&mut target, inputs, SEED);
    for number in 0..kind.inputs {
        engine.step().map_err(|failure| told(kind, &format!("number {number}"), failure))?;
    }
    Ok(())
}

/// The failure, with the input, and what to do with that.
fn told(kind: &Kind, name: &str, Failure { input, error }: Failure) -> anyhow::Error {
    let input = input.escape_ascii();
    anyhow!(
        "{name}, or smaller, \"{input}\": {error:#}; the long run would keep it: cargo xtask fuzz {}",
        kind.name
    )
}
