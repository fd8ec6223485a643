//! Building one program for one platform with the chosen toolchain.

mod settings;

use std::{
    env,
    path::PathBuf,
    process::{Command, ExitStatus, Stdio},
};

use anyhow::{Context, Result, bail};

use self::settings::{is_kept, linker_variable, rustflags};
use crate::{platform::Platform, record::sha256, source, toolchain::Toolchain, workspace};

/// What programs are built with, where, and of which commit.
#[derive(Clone, Debug)]
pub struct Workshop<'a> {
    /// Compiler and linker.
    pub toolchain: &'a Toolchain,
    /// The folder that Cargo builds in.
    pub folder: PathBuf,
    /// The commit that programs tell.
    pub commit: Option<String>,
}

impl<'a> Workshop<'a> {
    /// Where this tree's files are usually built, which spares what an earlier run has built already.
    #[must_use]
    pub fn usual(toolchain: &'a Toolchain) -> Self {
        Self { toolchain, folder: folder(toolchain), commit: source::commit(&workspace::root()) }
    }

    fn linked(&self, unit: &Unit<'_>) -> PathBuf {
        self.folder.join(unit.platform.target).join("release").join(unit.bin)
    }
}

/// What to build: a binary of a package of the workspace, for one platform.
#[derive(Clone, Copy, Debug)]
pub struct Unit<'a> {
    /// The package.
    pub package: &'a str,
    /// Its binary.
    pub bin: &'a str,
    /// The platform.
    pub platform: &'a Platform,
    /// Arguments for the compiler that the binary's own crate gets.
    pub rustc_args: &'a [&'a str],
}

/// How an attempt to build ended.
#[derive(Debug)]
pub struct Attempt {
    /// Cargo's exit status.
    pub status: ExitStatus,
    /// What Cargo, the compiler and the linker wrote to standard error.
    pub stderr: String,
    /// Where the linked file is, if the build succeeded.
    pub file: PathBuf,
}

/// Builds a binary, with Cargo's messages shown as they come, and returns the linked file.
///
/// # Errors
/// The build fails.
pub fn build(toolchain: &Toolchain, unit: &Unit<'_>) -> Result<PathBuf> {
    build_in(&Workshop::usual(toolchain), unit)
}

/// As [`build`], but in a place of the caller's.
///
/// # Errors
/// The build fails.
pub fn build_in(workshop: &Workshop<'_>, unit: &Unit<'_>) -> Result<PathBuf> {
    let status = command(workshop, unit)?.status().with_context(|| cannot_run(workshop.toolchain))?;
    let Unit { bin, platform, .. } = unit;
    if !status.success() {
        bail!("{bin} does not build for {} ({status}); the reason is above", platform.docker);
    }
    Ok(workshop.linked(unit))
}

/// Tries to build a binary, for tests that want to see it fail.
///
/// # Errors
/// Cargo can't be run. A build that fails is no error here.
pub fn attempt(toolchain: &Toolchain, unit: &Unit<'_>) -> Result<Attempt> {
    let workshop = Workshop::usual(toolchain);
    let output = command(&workshop, unit)?.output().with_context(|| cannot_run(toolchain))?;
    let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
    Ok(Attempt { status: output.status, stderr, file: workshop.linked(unit) })
}

fn cannot_run(toolchain: &Toolchain) -> String {
    format!("can't run {}", toolchain.compiler.cargo.display())
}

/// The folder that a toolchain builds in. Each has its own: Cargo would not notice that a linker of
/// the same name has become another version. Programs share one, so that `core` is built once for each
/// target.
fn folder(toolchain: &Toolchain) -> PathBuf {
    let Toolchain { route, compiler, linker, .. } = toolchain;
    let identity = format!(
        "{route:?} {} {} {} {}",
        compiler.version,
        compiler.rustc.display(),
        linker.version,
        linker.path.display()
    );
    let digest = sha256(identity.as_bytes());
    workspace::scratch().join(format!("cargo-{}", digest.get(..8).unwrap_or(&digest)))
}

fn command(workshop: &Workshop<'_>, unit: &Unit<'_>) -> Result<Command> {
    let Workshop { toolchain, folder, commit } = workshop;
    let Toolchain { compiler, linker, .. } = toolchain;
    let target = unit.platform.target;
    let mut command = Command::new(&compiler.cargo);
    command.current_dir(workspace::root()).stdin(Stdio::null());
    for (name, _) in env::vars_os().filter(|(name, _)| !is_kept(&name.to_string_lossy())) {
        command.env_remove(name);
    }
    if let Some(commit) = commit {
        command.env(source::COMMIT, commit);
    }
    command
        .env("RUSTC", &compiler.rustc)
        // Unstable options, of which these builds need a few, from a stable compiler.
        .env("RUSTC_BOOTSTRAP", "1")
        .env("RUSTC_WRAPPER", "")
        .env("RUSTC_WORKSPACE_WRAPPER", "")
        // Given here, these are the only ones. Left to Cargo it would add those that the user's own
        // configuration has for any target that matches.
        .env("CARGO_ENCODED_RUSTFLAGS", rustflags(target)?.join("\x1f"))
        .env(linker_variable(target), &linker.path)
        .args(["rustc", "--release", "--locked", "--package", unit.package, "--bin", unit.bin])
        .args(["--target", target])
        .arg("--target-dir")
        .arg(folder);
    if toolchain.builds_core() {
        command.args(["-Zbuild-std=core", "-Zbuild-std-features=compiler-builtins-mem"]);
    }
    command.arg("--").args(unit.rustc_args);
    Ok(command)
}
