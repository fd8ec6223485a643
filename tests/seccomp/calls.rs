//! Compares the table of calls with traces.

use std::collections::BTreeSet;
use std::sync::Mutex;
use std::{env, fs};

use anyhow::{Context, Result, ensure};
use mote_tests::outcome::same;
use mote_tests::{Cpu, Target, dist};
use serde_json::Value;
use xtask::platform::PLATFORMS;
use xtask::seccomp::{self, CALLS, GO, RUNC, Table};
use xtask::workspace;

use crate::battery;
use crate::stage::Stage;
use crate::trace;

/// The command that writes the table again, without its reasons.
const COMMAND: &str = "MOTE_WRITE_DOCS=1 cargo test --package mote-tests --test seccomp calls";

/// Every platform once: natively where that can be, since an emulator's idea of a call is not the kernel's.
pub(crate) fn targets() -> Vec<Target> {
    let all = Target::all();
    let of = |platform| {
        let targets = || all.iter().copied().filter(move |target: &Target| target.platform == platform);
        targets().find(|target| target.cpu == Cpu::Native).or_else(|| targets().next())
    };
    PLATFORMS.iter().filter_map(of).collect()
}

/// # Errors
/// If the program makes a call that is not in the table, or none that is.
pub(crate) fn are_those_of_the_table(target: Target, program: &'static str) -> Result<()> {
    let stage = Stage::traced(target, program)?;
    battery::play(program, &stage)?;
    let mut traced = stage.calls()?;
    if target.cpu != Cpu::Native && ["386", "armv7"].contains(&target.platform.arch) {
        // The emulator makes one call of the host for both forms, so that no test can refuse only one of them.
        let forms = traced.iter().filter(|name| ["ppoll", "rt_sigtimedwait"].contains(&name.as_str()));
        traced.extend(forms.map(|name| format!("{name}_time64")).collect::<Vec<_>>());
    }
    if target.cpu != Cpu::Native && program == "dumb-init" {
        // The emulator writes its trace to standard error, which can't be a terminal then. Only messages on a terminal
        // need this call.
        traced.insert("close".to_owned());
    }
    if env::var_os("MOTE_WRITE_DOCS").is_some() {
        write(target, program, &traced)?;
    }
    // Not the copy that was compiled in: it may have been written since.
    let table = Table::parse(&fs::read_to_string(workspace::root().join(CALLS))?)?;
    let expected = table.on(program, target.platform)?;
    let missing: Vec<_> = traced.difference(&expected).collect();
    let extra: Vec<_> = expected.difference(&traced).collect();
    ensure!(
        missing.is_empty() && extra.is_empty(),
        "{CALLS} lacks {missing:?}, and has {extra:?} for nothing; to write it anew: {COMMAND}"
    );
    Ok(())
}

/// # Errors
/// If a profile in `dist` allows another set of calls than the tables have for its program and for engines.
pub(crate) fn are_what_the_profile_allows(program: &'static str) -> Result<()> {
    let (calls, engine) = (seccomp::calls()?, seccomp::engine()?);
    let mut expected = BTreeSet::new();
    for (table, section) in [(&calls, program), (&engine, RUNC), (&engine, GO)] {
        expected.extend(table.section(section)?.keys().cloned());
    }
    let profile: Value = serde_json::from_slice(&fs::read(dist::profile(program)?)?)?;
    let mut allowed = BTreeSet::new();
    for group in profile["syscalls"].as_array().context("no syscalls")? {
        same(group["action"].as_str(), Some("SCMP_ACT_ALLOW"))?;
        for name in group["names"].as_array().context("no names")? {
            ensure!(allowed.insert(name.as_str().context("no name")?.to_owned()), "{name} is there twice");
        }
    }
    same(allowed, expected)
}

/// # Errors
/// If a table has a name that is no system call of the platform.
pub(crate) fn exist() -> Result<()> {
    for table in [seccomp::calls()?, seccomp::engine()?] {
        for section in table.sections() {
            for platform in &PLATFORMS {
                for call in table.on(section, platform)? {
                    // The crate leaves the first three letters out on some platforms, libseccomp and strace on none.
                    let exists = [call.as_str(), call.trim_start_matches("new")]
                        .iter()
                        .any(|name| trace::exists(platform, name));
                    ensure!(exists, "{section}: {call} on {}", platform.docker);
                }
            }
        }
    }
    Ok(())
}

/// One test at a time.
static WRITING: Mutex<()> = Mutex::new(());

fn write(target: Target, program: &str, traced: &BTreeSet<String>) -> Result<()> {
    let _one = WRITING.lock().map_err(|_| anyhow::anyhow!("another test failed to write"))?;
    let file = workspace::root().join(CALLS);
    let text = fs::read_to_string(&file)?;
    let mut table = Table::parse(&text)?;
    table.set(program, target.platform, traced);
    fs::write(&file, table.text(&text)?).context(CALLS)
}
