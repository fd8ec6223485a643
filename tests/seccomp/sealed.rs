//! The scenarios under a filter that allows the calls of the table and kills for any other.

use std::collections::BTreeSet;

use anyhow::{Context, Result, ensure};
use mote_tests::Target;
use xtask::seccomp;

use crate::battery;
use crate::stage::Stage;

/// What inits run here inherits the filter.
const COMMANDS: [&str; 2] = ["hello", "pause"];

/// # Errors
/// If anything dies, or does not come to the end that it should.
pub(crate) fn makes_no_other_call(target: Target, program: &'static str) -> Result<()> {
    battery::play(program, &Stage::sealed(target, program, allowed(target, program)?)?)
}

/// The filter kills: with any call of the program's own taken away, the battery does not get through.
pub(crate) fn dies_of_another_call(target: Target, program: &'static str) -> Result<()> {
    let allowed = allowed(target, program)?;
    for call in seccomp::calls()?.on(program, target.platform)? {
        let mut fewer = allowed.clone();
        // The start itself is allowed in any target, of amd64 files as of others.
        if call == "execve" || !fewer.remove(&call) {
            continue;
        }
        let played = battery::play(program, &Stage::sealed(target, program, fewer)?);
        let error = format!("{:#}", played.err().with_context(|| format!("{call} was not missed"))?);
        ensure!(error.contains("SIGSYS") || error.contains(BY_SIGSYS), "{call}: {error}");
    }
    Ok(())
}

/// Exit status of an init whose child was killed by SIGSYS.
const BY_SIGSYS: &str = "Exited(159)";

fn allowed(target: Target, program: &str) -> Result<BTreeSet<String>> {
    let table = seccomp::calls()?;
    let mut allowed = table.on(program, target.platform)?;
    if allowed.contains("clone") {
        for command in COMMANDS {
            allowed.extend(table.on(command, target.platform)?);
        }
    }
    Ok(allowed)
}
