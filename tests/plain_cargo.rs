//! Without any tool of the project: Cargo on a Linux host with the default linker makes working files.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use anyhow::{Context, Result, ensure};
use mote_tests::require::{self, Missing};
use mote_tests::{Case, Outcome, Start, Suite};
use nix::sys::signal::Signal;
use object::elf::{FileHeader64, PT_DYNAMIC, PT_INTERP};
use object::endian::Endianness;
use object::read::elf::{FileHeader, ProgramHeader};
use xtask::workspace;

fn main() -> ExitCode {
    // One Cargo at a time gets at the folder that they build in.
    Suite::new()
        .threads(1)
        .one("plain_cargo::builds_a_hello_that_works", builds_hello)
        .one("plain_cargo::builds_a_pause_that_works", builds_pause)
        .one("plain_cargo::builds_a_pid1_that_works", builds_pid1)
        .one("plain_cargo::builds_a_tini_that_works", builds_tini)
        .one("plain_cargo::builds_a_dumb_init_that_works", builds_dumb_init)
        .one("plain_cargo::builds_a_catatonit_that_works", builds_catatonit)
        .one("plain_cargo::builds_them_without_optimisation", builds_for_debugging)
        .one("plain_cargo::installs_a_pause_that_works", installs_pause)
        .run()
}

fn builds_hello() -> Result<()> {
    cargo(&["build", "--release", "--package", "mote-hello"])?;
    hello_works(&folder().join("release/hello"))
}

fn builds_pause() -> Result<()> {
    cargo(&["build", "--release", "--package", "mote-pause"])?;
    pause_works(&folder().join("release/pause"))
}

fn builds_pid1() -> Result<()> {
    cargo(&["build", "--release", "--package", "mote-pid1"])?;
    pid1_works(&folder().join("release/pid1"))
}

fn builds_tini() -> Result<()> {
    cargo(&["build", "--release", "--package", "mote-tini"])?;
    tini_works(&folder().join("release/tini"))
}

fn builds_dumb_init() -> Result<()> {
    cargo(&["build", "--release", "--package", "mote-dumb-init"])?;
    dumb_init_works(&folder().join("release/dumb-init"))
}

fn builds_catatonit() -> Result<()> {
    cargo(&["build", "--release", "--package", "mote-catatonit"])?;
    catatonit_works(&folder().join("release/catatonit"))
}

fn builds_for_debugging() -> Result<()> {
    let packages = ["mote-hello", "mote-pause", "mote-pid1", "mote-tini", "mote-dumb-init", "mote-catatonit"];
    let words: Vec<&str> = packages.into_iter().flat_map(|package| ["--package", package]).collect();
    cargo(&[&["build"], words.as_slice()].concat())?;
    hello_works(&folder().join("debug/hello"))?;
    pause_works(&folder().join("debug/pause"))?;
    pid1_works(&folder().join("debug/pid1"))?;
    tini_works(&folder().join("debug/tini"))?;
    dumb_init_works(&folder().join("debug/dumb-init"))?;
    catatonit_works(&folder().join("debug/catatonit"))
}

fn installs_pause() -> Result<()> {
    let root = tempfile::tempdir()?;
    let path = root.path().to_str().context("not UTF-8")?;
    cargo(&["install", "--locked", "--path", "pause", "--root", path])?;
    pause_works(&root.path().join("bin/pause"))
}

fn hello_works(file: &Path) -> Result<()> {
    is_static(file)?;
    Start::of_file(host()?, file).run()?.is(&Outcome::exited("Hello, World!\n", 0))
}

fn pause_works(file: &Path) -> Result<()> {
    is_static(file)?;
    let version = concat!("pause ", env!("CARGO_PKG_VERSION"), "\n");
    Start::of_file(host()?, file).argument("-v").run()?.is(&Outcome::exited(version, 0))?;
    for start in [Start::of_file(host()?, file), Start::of_file(host()?, file).as_pid_1().zombies(3)] {
        let mut running = start.spawn()?;
        running.fall_asleep()?;
        running.end_by(Signal::SIGTERM)?.is(&Outcome::exited("", 0))?;
    }
    Ok(())
}

fn pid1_works(file: &Path) -> Result<()> {
    init_works(file, &["-e", "GREETING=hello", "-x", "7:9"], &Outcome::exited("hello\n", 9))
}

/// Nobody told Cargo the commit.
fn tini_works(file: &Path) -> Result<()> {
    let version = concat!("tini version ", env!("CARGO_PKG_VERSION"), " - git.unknown\n");
    Start::of_file(host()?, file).argument("--version").run()?.is(&Outcome::exited(version, 0))?;
    init_works(file, &["-s", "-e", "7"], &Outcome::exited("unset\n", 0))
}

fn dumb_init_works(file: &Path) -> Result<()> {
    init_works(file, &["--single-child", "--rewrite", "15:3"], &Outcome::exited("unset\n", 7))
}

fn catatonit_works(file: &Path) -> Result<()> {
    init_works(file, &["-g"], &Outcome::exited("unset\n", 7))
}

/// It runs a command that exits with 7, as process 1 and otherwise.
fn init_works(file: &Path, options: &[&str], expected: &Outcome) -> Result<()> {
    is_static(file)?;
    for start in [Start::of_file(host()?, file), Start::of_file(host()?, file).as_pid_1().zombies(3)] {
        let words = options.iter().copied().chain(["--", "sh", "-c", "echo ${GREETING-unset}; exit 7"]);
        words.fold(start.without_env("GREETING"), Start::argument).run()?.is(expected)?;
    }
    Ok(())
}

/// It needs neither a loader nor a library.
fn is_static(file: &Path) -> Result<()> {
    let bytes = fs::read(file)?;
    let header = FileHeader64::<Endianness>::parse(bytes.as_slice())?;
    let endian = header.endian()?;
    for segment in header.program_headers(endian, bytes.as_slice())? {
        ensure!(segment.p_type(endian) != PT_INTERP, "PT_INTERP");
        ensure!(segment.p_type(endian) != PT_DYNAMIC, "PT_DYNAMIC");
    }
    Ok(())
}

fn host() -> Result<Case> {
    Case::host().context("this machine is none of the platforms")
}

/// Beside the user's own target folder, which may be locked.
fn folder() -> PathBuf {
    workspace::scratch().join("plain")
}

fn cargo(arguments: &[&str]) -> Result<()> {
    require::tool("cc", "gcc")?;
    let cargo = env::var_os("CARGO").ok_or_else(|| Missing("Cargo (cargo test)".to_owned()))?;
    let output = Command::new(cargo)
        .args(arguments)
        .current_dir(workspace::root())
        .env("CARGO_TARGET_DIR", folder())
        .env_remove("RUSTFLAGS")
        .env_remove("MOTE_COMMIT")
        .env_remove("CARGO_ENCODED_RUSTFLAGS")
        .output()
        .context("cargo")?;
    ensure!(output.status.success(), "cargo {arguments:?}\n{}", String::from_utf8_lossy(&output.stderr));
    Ok(())
}
