//! runc, with bundles whose file system is one of the programs and nothing else.

use std::fs;
use std::path::PathBuf;
use std::process::{self, Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};

use anyhow::{Context, Result};
use nix::sys::signal::Signal;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::outcome::{End, same};
use crate::{Outcome, Target, command, dist, require, until};

/// A bundle, and the name that a container of it has. The name is also that of a cgroup of the machine.
pub struct Bundle {
    runc: PathBuf,
    directory: TempDir,
    name: String,
}

impl Bundle {
    /// A bundle with the program `words` begins with.
    ///
    /// # Errors
    /// [`require::Missing`] without root's rights or runc.
    pub fn of(target: Target, words: &[&str]) -> Result<Self> {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        require::root()?;
        let name = format!("mote-{}-{}", process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
        let bundle = Self { runc: require::tool("runc", "runc")?, directory: tempfile::tempdir()?, name };
        fs::create_dir(bundle.directory.path().join("rootfs"))?;
        let bundle = bundle.with_program(target, words.first().context("no program")?)?;
        // In a user namespace of one user, what is right for that user is right.
        let kind: &[&str] = if target.platform.emulator.is_some() { &["--rootless"] } else { &[] };
        command::stdout(bundle.runc("spec").args(kind))?;
        bundle.with(|config| {
            config["process"]["args"] = json!(words);
            config["process"]["env"] = json!(["PATH=/"]);
            config["process"]["terminal"] = json!(false);
        })
    }

    /// Adds another program.
    ///
    /// # Errors
    /// [`require::Missing`] if it wasn't built.
    pub fn with_program(self, target: Target, program: &str) -> Result<Self> {
        let copy = self.directory.path().join("rootfs").join(program);
        fs::copy(dist::file(target.platform, program)?, copy)?;
        Ok(self)
    }

    /// Changes the configuration.
    ///
    /// # Errors
    /// If it can't be read or written.
    pub fn with(self, change: impl FnOnce(&mut Value)) -> Result<Self> {
        let file = self.directory.path().join("config.json");
        let mut config = serde_json::from_slice(&fs::read(&file)?)?;
        change(&mut config);
        fs::write(&file, config.to_string())?;
        Ok(self)
    }

    /// What runs a container of it to its end.
    pub fn run(&self) -> Command {
        let mut command = self.runc("run");
        command.arg(&self.name);
        command
    }

    /// runc in the bundle's directory.
    fn runc(&self, subcommand: &str) -> Command {
        let mut command = Command::new(&self.runc);
        command.current_dir(self.directory.path()).arg("--root").arg(self.directory.path().join("state"));
        command.arg(subcommand).stdin(Stdio::null());
        command
    }

    /// A container that runs and ends with runc.
    ///
    /// # Errors
    /// If it ends before.
    pub fn start(self) -> Result<Running> {
        let run = self.run().stdout(Stdio::null()).spawn().context("runc")?;
        let mut running = Running { bundle: self, run };
        until("the container", || {
            same(running.run.try_wait()?.map(End::of).transpose()?, None)?;
            Ok(running.state().is_ok_and(|state| state["status"] == "running").then_some(()))
        })?;
        Ok(running)
    }
}

/// A container that runs, deleted when this is dropped.
pub struct Running {
    bundle: Bundle,
    run: Child,
}

impl Running {
    /// What runc knows about it.
    ///
    /// # Errors
    /// If that is nothing.
    pub fn state(&self) -> Result<Value> {
        Ok(serde_json::from_str(&command::stdout(self.bundle.runc("state").arg(&self.bundle.name))?)?)
    }

    /// Sends a signal, and waits for the end of runc, which is the container's.
    ///
    /// # Errors
    /// If it never comes.
    pub fn end_by(mut self, signal: Signal) -> Result<End> {
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

/// What a command came to that runs a container to its end.
///
/// # Errors
/// If it can't be run.
pub fn outcome(command: &mut Command) -> Result<Outcome> {
    let output = command.output().context("runc")?;
    Ok(Outcome { stdout: output.stdout, stderr: output.stderr, end: End::of(output.status)? })
}
