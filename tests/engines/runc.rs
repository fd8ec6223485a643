//! runc, with bundles whose file system is one of the programs and nothing else.

use std::fs;
use std::path::PathBuf;
use std::process::{self, Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};

use anyhow::{Context, Result};
use mote_tests::outcome::{End, same};
use mote_tests::{Case, Outcome, command, dist, foreign, require, until};
use nix::sys::signal::Signal;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::check;

/// A bundle, and the name that a container of it has. The name is also that of a cgroup of the machine.
struct Bundle {
    runc: PathBuf,
    folder: TempDir,
    name: String,
}

impl Bundle {
    /// A bundle with the program `words` begins with.
    fn of(case: Case, words: &[&str]) -> Result<Self> {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        require::root()?;
        let name = format!("mote-{}-{}", process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
        let bundle = Self { runc: require::tool("runc", "runc")?, folder: tempfile::tempdir()?, name };
        let (root, spec) = (bundle.folder.path().join("rootfs"), bundle.folder.path().join("config.json"));
        let program = words.first().context("no program")?;
        fs::create_dir(&root)?;
        fs::copy(dist::file(case.platform, program)?, root.join(program))?;
        // In a user namespace of one user, what is right for that user is right.
        let kind: &[&str] = if case.platform.emulator.is_some() { &["--rootless"] } else { &[] };
        command::stdout(bundle.runc("spec").args(kind))?;
        let mut value: Value = serde_json::from_slice(&fs::read(&spec)?)?;
        value["process"]["args"] = json!(words);
        value["process"]["env"] = json!(["PATH=/"]);
        value["process"]["terminal"] = json!(false);
        fs::write(&spec, value.to_string())?;
        Ok(bundle)
    }

    /// runc in the bundle's folder.
    fn runc(&self, subcommand: &str) -> Command {
        let mut command = Command::new(&self.runc);
        command.current_dir(self.folder.path()).arg("--root").arg(self.folder.path().join("state"));
        command.arg(subcommand).stdin(Stdio::null());
        command
    }

    /// A container that runs and ends with runc.
    fn start(self) -> Result<Running> {
        let run = self.runc("run").arg(&self.name).stdout(Stdio::null()).spawn().context("runc")?;
        let mut running = Running { bundle: self, run };
        until("the container", || {
            same(running.run.try_wait()?.map(End::of).transpose()?, None)?;
            Ok(running.state().is_ok_and(|state| state["status"] == "running").then_some(()))
        })?;
        Ok(running)
    }
}

/// A container that runs, deleted when this is dropped.
struct Running {
    bundle: Bundle,
    run: Child,
}

impl Running {
    fn state(&self) -> Result<Value> {
        Ok(serde_json::from_str(&command::stdout(self.bundle.runc("state").arg(&self.bundle.name))?)?)
    }

    fn end_by(mut self, signal: Signal) -> Result<End> {
        command::stdout(self.bundle.runc("kill").arg(&self.bundle.name).arg(signal.as_str()))?;
        End::of(until("runc to end", || Ok(self.run.try_wait()?))?)
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.bundle.runc("delete").arg("--force").arg(&self.bundle.name).output();
        let _ = self.run.kill();
        let _ = self.run.wait();
    }
}

fn outcome(command: &mut Command) -> Result<Outcome> {
    let output = command.output().context("runc")?;
    Ok(Outcome { stdout: output.stdout, stderr: output.stderr, end: End::of(output.status)? })
}

fn host() -> Result<Case> {
    Case::host().context("this machine is none of the platforms")
}

pub(crate) fn hello_prints() -> Result<()> {
    let bundle = Bundle::of(host()?, &["hello"])?;
    outcome(bundle.runc("run").arg(&bundle.name))?.is(&Outcome::exited("Hello, World!\n", 0))
}

pub(crate) fn pause_stops() -> Result<()> {
    for signal in [Signal::SIGTERM, Signal::SIGINT] {
        let pause = Bundle::of(host()?, &["pause"])?.start()?;
        let pid = pause.state()?["pid"].as_i64().context("no pid")?;
        check::runs(i32::try_from(pid)?, "pause")?;
        same(pause.end_by(signal)?, End::Exited(0))?;
    }
    Ok(())
}

/// There is nothing to run but itself.
pub(crate) fn pid1_runs_itself() -> Result<()> {
    let bundle = Bundle::of(host()?, &["pid1", "-x", "0:7", "--", "pid1", "--version"])?;
    outcome(bundle.runc("run").arg(&bundle.name))?.is(&version(7))
}

fn version(status: i32) -> Outcome {
    Outcome::exited(concat!("pid1 ", env!("CARGO_PKG_VERSION"), "\n"), status)
}

/// By way of an emulator that only the user namespace knows.
pub(crate) fn foreign_hello_prints(case: Case) -> Result<()> {
    let bundle = Bundle::of(case, &["hello"])?;
    let mut run = foreign::within(case, bundle.runc("run").arg(&bundle.name))?;
    outcome(&mut run)?.is(&Outcome::exited("Hello, World!\n", 0))
}

/// The second start is the foreign program's.
pub(crate) fn foreign_pid1_runs_itself(case: Case) -> Result<()> {
    let bundle = Bundle::of(case, &["pid1", "--", "pid1", "--version"])?;
    let mut run = foreign::within(case, bundle.runc("run").arg(&bundle.name))?;
    outcome(&mut run)?.is(&version(0))
}
