//! The example that has nothing in it but two programs, where the kernel knows their emulator alone.

use std::fs;
use std::process::{self, Command};

use anyhow::{Context, Result};
use mote_tests::outcome::End;
use mote_tests::{Outcome, Target, command, require};
use serde_json::{Value, json};

use crate::world::World;
use mote_tests::foreign;

/// Docker builds it for the platform, and runc, which needs no daemon in the emulator's namespace, runs it.
pub(crate) fn scratch(target: Target) -> Result<()> {
    let runc = require::tool("runc", "runc")?;
    let directory = tempfile::tempdir()?;
    let path = |name: &str| directory.path().join(name);
    let world = World::bare(target.platform)?;
    world.export("scratch", &path("rootfs"))?;
    let config = world.config(&world.build("scratch")?)?;
    let words = ["Entrypoint", "Cmd"].map(|key| config[key].as_array().cloned().unwrap_or_default());

    let bundle = |words: &[&str]| {
        let mut command = Command::new(&runc);
        command.current_dir(directory.path()).arg("--root").arg(path("state")).args(words);
        command
    };
    // In a user namespace of one user there is no other.
    command::stdout(&mut bundle(&["spec", "--rootless"]))?;
    let mut spec: Value = serde_json::from_slice(&fs::read(path("config.json"))?)?;
    spec["process"]["args"] = json!(words.concat());
    spec["process"]["terminal"] = json!(false);
    fs::write(path("config.json"), spec.to_string())?;

    let name = format!("mote-example-{}-{}", target.platform.arch, process::id());
    let mut run = foreign::within(target, &bundle(&["run", &name]))?;
    let output = run.output().context("runc")?;
    let outcome = Outcome { stdout: output.stdout, stderr: output.stderr, end: End::of(output.status)? };
    outcome.is(&Outcome::exited("Hello, World!\n", 0))
}
