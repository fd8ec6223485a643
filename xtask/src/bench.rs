//! `cargo xtask bench`: the crate `bench/`, which this tool builds only on request.

use std::{env, ffi::OsString, os::unix::process::CommandExt, process::Command};

use anyhow::Error;

use crate::workspace;

/// Replaces this process with Cargo, which runs the benchmark; returns only an error.
#[must_use]
pub fn exec(options: &[OsString]) -> Error {
    let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(cargo);
    command.args(["run", "--quiet", "--package", "mote-bench", "--manifest-path"]);
    // A relative path among the options starts at the directory of the caller, so this one stays.
    command.arg(workspace::root().join("Cargo.toml")).arg("--").args(options);
    Error::new(command.exec()).context("can't run Cargo")
}
