//! The table, and what is traced.

use std::collections::BTreeSet;
use std::sync::Mutex;
use std::{env, fs};

use anyhow::{Context, Result, ensure};
use mote_tests::{Case, Cpu};
use xtask::platform::PLATFORMS;
use xtask::seccomp::{CALLS, Table};
use xtask::workspace;

use crate::battery;
use crate::stage::Stage;

/// What writes the table anew, but for the reasons.
const COMMAND: &str = "MOTE_WRITE_DOCS=1 cargo test --package mote-tests --test seccomp calls";

/// Every platform once: natively where that can be, since an emulator's idea of a call is not the kernel's.
pub(crate) fn cases() -> Vec<Case> {
    let all = Case::all();
    let of = |platform| {
        let cases = || all.iter().copied().filter(move |case: &Case| case.platform == platform);
        cases().find(|case| case.cpu == Cpu::Native).or_else(|| cases().next())
    };
    PLATFORMS.iter().filter_map(of).collect()
}

/// # Errors
/// If the program makes a call that is not in the table, or none that is.
pub(crate) fn are_those_of_the_table(case: Case, program: &'static str) -> Result<()> {
    let stage = Stage::traced(case, program)?;
    battery::play(program, &stage)?;
    let traced = stage.calls()?;
    if env::var_os("MOTE_WRITE_DOCS").is_some() {
        write(case, program, &traced)?;
    }
    // Not the copy that was compiled in: it may have been written since.
    let table = Table::parse(&fs::read_to_string(workspace::root().join(CALLS))?)?;
    let expected = table.on(program, case.platform)?;
    let missing: Vec<_> = traced.difference(&expected).collect();
    let extra: Vec<_> = expected.difference(&traced).collect();
    ensure!(
        missing.is_empty() && extra.is_empty(),
        "{CALLS} lacks {missing:?}, and has {extra:?} for nothing; to write it anew: {COMMAND}"
    );
    Ok(())
}

/// One test at a time.
static WRITING: Mutex<()> = Mutex::new(());

fn write(case: Case, program: &str, traced: &BTreeSet<String>) -> Result<()> {
    let _one = WRITING.lock().map_err(|_| anyhow::anyhow!("another test failed to write"))?;
    let file = workspace::root().join(CALLS);
    let text = fs::read_to_string(&file)?;
    let mut table = Table::parse(&text)?;
    table.set(program, case.platform, traced);
    fs::write(&file, table.text(&text)?).context(CALLS)
}
