//! runc with the profiles: its own calls before the program runs, and the generated filter.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, ensure};
use mote_tests::outcome::{End, same};
use mote_tests::runc::{Bundle, outcome};
use mote_tests::{Outcome, Target, dist, require};
use nix::sys::signal::Signal;
use serde_json::{Value, json};
use xtask::seccomp::{self, GO, RUNC};

use crate::stage::until_in;
use crate::trace;

/// The user of a container is changed after the filter was loaded, unless no new privilege can be had: then that comes
/// last.
const WAYS: [(bool, u32); 4] = [(true, 0), (true, 65535), (false, 0), (false, 65535)];

/// Go's threads are where they are by chance, so more than one start is looked at.
const ROUNDS: usize = 3;

fn host() -> Result<Target> {
    Target::host().context("this machine is none of the platforms")
}

/// A bundle under a program's profile, as the file is.
fn bundle(words: &[&str], profile: &str, way: (bool, u32)) -> Result<Bundle> {
    let profile: Value = serde_json::from_slice(&fs::read(dist::profile(profile)?)?)?;
    Bundle::of(host()?, words)?.with(|config| {
        config["linux"]["seccomp"] = profile;
        config["process"]["noNewPrivileges"] = json!(way.0);
        config["process"]["user"] = json!({ "uid": way.1, "gid": way.1, "additionalGids": [7] });
    })
}

/// # Errors
/// If runc makes a call that is not in the table, or none that should be there.
pub(crate) fn calls_are_those_of_the_table() -> Result<()> {
    let (table, amd64) = (seccomp::engine()?, host()?.platform);
    let (always, sometimes) = (table.on(RUNC, amd64)?, table.on(GO, amd64)?);
    let directory = tempfile::tempdir()?;
    let log = directory.path().join("log");
    let mut traced = BTreeSet::new();
    for way in WAYS.into_iter().cycle().take(WAYS.len() * ROUNDS) {
        traced.extend(traced_start(&log, way)?);
    }
    let missing: Vec<_> =
        traced.iter().filter(|call| !always.union(&sometimes).any(|c| c == *call)).collect();
    let extra: Vec<_> = always.difference(&traced).collect();
    ensure!(
        missing.is_empty() && extra.is_empty(),
        "engine.toml lacks {missing:?}, and has {extra:?} for nothing"
    );
    Ok(())
}

fn traced_start(log: &Path, way: (bool, u32)) -> Result<BTreeSet<String>> {
    let bundle = bundle(&["hello"], "hello", way)?;
    let run = bundle.run();
    let mut strace = Command::new(require::tool("strace", "strace")?);
    strace.args(["-f", "-qq", "-o"]).arg(log).arg(run.get_program()).args(run.get_args());
    strace.current_dir(run.get_current_dir().context("no directory")?);
    outcome(&mut strace)?.is(&Outcome::exited("Hello, World!\n", 0))?;
    trace::calls_under_a_filter(&fs::read_to_string(log)?, "hello")
}

/// Native only: the filter would see the calls of an emulator.
pub(crate) fn runc_runs(program: &str) -> Result<()> {
    for way in WAYS {
        match program {
            "hello" => same_as_ever(&["hello"], way, "Hello, World!\n")?,
            "pause" => {
                let pause = bundle(&["pause"], "pause", way)?.start()?;
                let pid = pause.state()?["pid"].as_i64().context("no pid")?;
                until_in(i32::try_from(pid)?, host()?, &["pause", "ppoll"])?;
                same(pause.end_by(Signal::SIGTERM)?, End::Exited(0))?;
            }
            init => {
                let version = outcome(&mut bundle(&[init, "--version"], init, way)?.run())?;
                let stdout = String::from_utf8(version.stdout)?;
                // The init runs itself: the bundle has no other file.
                let words = [init, "--", &format!("/{init}"), "--version"];
                let outcome = outcome(&mut bundle(&words, init, way)?.run())?;
                same(outcome.end, End::Exited(0))?;
                same(String::from_utf8(outcome.stdout)?, stdout)?;
            }
        }
    }
    Ok(())
}

fn same_as_ever(words: &[&str], way: (bool, u32), stdout: &str) -> Result<()> {
    outcome(&mut bundle(words, words[0], way)?.run())?.is(&Outcome::exited(stdout, 0))
}

/// runc ignores `archMap`: its filter knows only the machine's architecture unless the profile lists others.
pub(crate) fn other_architecture_is_refused(target: Target) -> Result<()> {
    let sealed = |told: bool| {
        let profile: Value = serde_json::from_slice(&fs::read(dist::profile("hello")?)?)?;
        let mut bundle = bundle(&["hello"], "hello", (true, 0))?.with_program(target, "hello")?;
        if told {
            let main = &profile["archMap"][0];
            let architectures = json!([main["architecture"], main["subArchitectures"][0]]);
            bundle = bundle.with(|config| config["linux"]["seccomp"]["architectures"] = architectures)?;
        }
        outcome(&mut bundle.run())
    };
    // 128 + SIGSYS.
    sealed(false)?.is(&Outcome::exited("", 159))?;
    sealed(true)?.is(&Outcome::exited("Hello, World!\n", 0))
}

/// Otherwise all of this would show nothing.
pub(crate) fn profile_is_in_force() -> Result<()> {
    for way in WAYS {
        let start = outcome(&mut bundle(&["pid1", "--", "pid1", "-V"], "pause", way)?.run())?;
        let expected =
            Outcome { stdout: Vec::new(), stderr: b"pid1: child: EPERM\n".to_vec(), end: End::Exited(125) };
        start.is(&expected)?;
    }
    Ok(())
}
