//! `cargo xtask fuzz`: tries new inputs for as long as is asked for.
//!
//! LLVM can count how often each edge of the code is taken, and the fuzzer keeps what leads to a new one. The flags for
//! that are those of `cargo fuzz`, of which all but the sanitizers' work with a stable compiler. They are for the code
//! of interest alone, so this tool stands between Cargo and the compiler of the workspace's packages.

use std::{
    env,
    os::unix::process::CommandExt,
    process::Command,
    time::{SystemTime, UNIX_EPOCH},
};

use anyhow::{Context, Error, Result};

use crate::{
    dist,
    platform::{PLATFORMS, Platform},
    test::cargo,
    workspace,
};

/// The package that has the targets, and the test in it.
const PACKAGE: &str = "mote-fuzz";
const TEST: &str = "fuzz";

/// Says that this tool is called as a compiler.
const COMPILER: &str = "MOTE_COUNT_EDGES";

/// The crates whose edges count: the libraries, and what has the models.
const COUNTED: [&str; 5] = ["mote_rt", "mote_cli", "mote_init", "mote_tests", TEST];

/// An 8-bit counter for each edge (SanitizerCoverage).
const FLAGS: [&str; 3] = [
    "-Cpasses=sancov-module",
    "-Cllvm-args=-sanitizer-coverage-level=3",
    "-Cllvm-args=-sanitizer-coverage-inline-8bit-counters",
];

/// What is asked for.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// What is fuzzed, everything if nothing is named; an unknown target lists those that there are
    targets: Vec<String>,
    /// How long, for each target
    #[arg(long, default_value_t = 60)]
    seconds: u64,
    /// What the inputs depend on, to try the same again; the time if it is not given
    #[arg(long)]
    seed: Option<u64>,
    /// Put the smallest inputs that reach as much into the place of the corpus
    #[arg(long)]
    keep: bool,
}

/// Runs the targets; true if no rule was broken.
///
/// # Errors
/// No toolchain; a build that fails.
pub fn run(arguments: &Arguments) -> Result<bool> {
    // Emulated, a file is too slow for this.
    let native: Vec<&'static Platform> =
        PLATFORMS.iter().filter(|platform| platform.emulator.is_none()).collect();
    // Beside `dist/`, which may hold the other platforms.
    let folder = workspace::scratch().join("fuzz-dist");
    dist::make(&folder, &native, &[])?;
    let now = SystemTime::now().duration_since(UNIX_EPOCH)?;
    let seed = arguments.seed.unwrap_or(now.as_secs());
    let mut command = cargo("test");
    command
        .args(["--package", PACKAGE, "--test", TEST, "--", "long"])
        .args(&arguments.targets)
        .args(["--seconds", &arguments.seconds.to_string(), "--seed", &seed.to_string()])
        .args(arguments.keep.then_some("--keep"))
        .env("MOTE_DIST", folder)
        .env("RUSTC_WORKSPACE_WRAPPER", env::current_exe()?)
        .env(COMPILER, "1");
    Ok(command.status().context("can't run Cargo")?.success())
}

/// Becomes the compiler that the command line names, if this tool is called as one; with counters for the crates that
/// are to have some. Returns only if it can't.
#[must_use]
pub fn compiler() -> Option<Error> {
    env::var_os(COMPILER)?;
    let mut words = env::args_os().skip(1);
    let compiler = words.next()?;
    let words: Vec<_> = words.collect();
    let names = words.windows(2).filter(|pair| pair[0] == "--crate-name");
    let is_counted = names.into_iter().any(|pair| COUNTED.iter().any(|name| pair[1] == *name));
    let mut command = Command::new(compiler);
    command.args(&words).args(is_counted.then_some(FLAGS).into_iter().flatten());
    Some(Error::from(command.exec()).context("can't run the compiler"))
}
