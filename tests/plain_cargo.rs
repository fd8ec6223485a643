//! Without any tool of the project: Cargo on a Linux host with the default linker makes working files.

use std::env;
use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use anyhow::{Context, Result, ensure};
use mote_tests::require::{self, Missing};
use mote_tests::{Launcher, Outcome, Suite, Target, command};
use nix::sys::signal::Signal;
use object::elf::{FileHeader64, PT_DYNAMIC, PT_INTERP};
use object::endian::Endianness;
use object::read::elf::{FileHeader, ProgramHeader};
use xtask::{program::PROGRAMS, workspace};

fn main() -> ExitCode {
    // One Cargo at a time gets at the directory that they build in.
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
        .one("plain_cargo::publishes_and_installs_what_works", publishes_and_installs)
        .run()
}

fn builds_hello() -> Result<()> {
    cargo(&["build", "--release", "--package", "mote-hello"])?;
    hello_works(&directory().join("release/hello"))
}

fn builds_pause() -> Result<()> {
    cargo(&["build", "--release", "--package", "mote-pause"])?;
    pause_works(&directory().join("release/pause"))
}

fn builds_pid1() -> Result<()> {
    cargo(&["build", "--release", "--package", "mote-pid1"])?;
    pid1_works(&directory().join("release/pid1"))
}

fn builds_tini() -> Result<()> {
    cargo(&["build", "--release", "--package", "mote-tini"])?;
    tini_works(&directory().join("release/tini"))
}

fn builds_dumb_init() -> Result<()> {
    cargo(&["build", "--release", "--package", "mote-dumb-init"])?;
    dumb_init_works(&directory().join("release/dumb-init"))
}

fn builds_catatonit() -> Result<()> {
    cargo(&["build", "--release", "--package", "mote-catatonit"])?;
    catatonit_works(&directory().join("release/catatonit"))
}

fn builds_for_debugging() -> Result<()> {
    let packages = ["mote-hello", "mote-pause", "mote-pid1", "mote-tini", "mote-dumb-init", "mote-catatonit"];
    let words: Vec<&str> = packages.into_iter().flat_map(|package| ["--package", package]).collect();
    cargo(&[&["build"], words.as_slice()].concat())?;
    they_work(&directory().join("debug"))
}

fn installs_pause() -> Result<()> {
    let root = tempfile::tempdir()?;
    let path = root.path().to_str().context("not UTF-8")?;
    cargo(&["install", "--locked", "--path", "pause", "--root", path])?;
    pause_works(&root.path().join("bin/pause"))
}

/// Cargo packs the files that it would upload and compiles each program from them. Then a user installs it who has
/// no more than the registry.
fn publishes_and_installs() -> Result<()> {
    let elsewhere = tempfile::tempdir()?;
    let (target, root) = (elsewhere.path().join("target"), elsewhere.path().join("root"));
    let home = home(&elsewhere.path().join("home"))?;
    let publish = ["publish", "--workspace", "--dry-run", "--locked", "--allow-dirty"];
    command::stdout(prepared(&publish)?.env("CARGO_HOME", &home).env("CARGO_TARGET_DIR", &target))?;
    let unpacked = |package: &str| target.join(format!("package/{package}-{}", env!("CARGO_PKG_VERSION")));
    for program in PROGRAMS {
        let package = unpacked(program.package);
        let mut install = prepared(&["install", "--locked", "--path"])?;
        install.arg(&package).arg("--root").arg(&root);
        // The libraries come from the packages that were made beside it.
        for library in ["mote-cli", "mote-compat", "mote-init", "mote-linker", "mote-rt", "mote-user"] {
            let path = unpacked(library);
            install.arg("--config").arg(format!("patch.crates-io.{library}.path={path:?}"));
        }
        install.current_dir(&elsewhere).env("CARGO_HOME", &home).env("CARGO_TARGET_DIR", &target);
        let output = install.output().context("cargo")?;
        let advice = format!("`CARGO_PROFILE_RELEASE_PANIC=abort cargo install {}`", program.package);
        ensure!(!output.status.success(), "{} was compiled for unwinding", program.name);
        let errors = String::from_utf8_lossy(&output.stderr);
        ensure!(errors.contains(&advice), "no {advice}\n{errors}");
        command::stdout(install.env("CARGO_PROFILE_RELEASE_PANIC", "abort"))?;
    }
    they_work(&root.join("bin"))
}

/// Makes a home for Cargo with the user's settings and downloads, but without unpacked sources: Cargo would take those
/// of the same version for the new ones.
fn home(directory: &Path) -> Result<PathBuf> {
    let user = match env::var_os("CARGO_HOME") {
        Some(home) => PathBuf::from(home),
        None => {
            PathBuf::from(env::var_os("HOME").context("neither CARGO_HOME nor HOME is set")?).join(".cargo")
        }
    };
    let share = |name: &str| -> Result<()> {
        let from = user.join(name);
        if from.exists() { Ok(symlink(from, directory.join(name))?) } else { Ok(()) }
    };
    fs::create_dir_all(directory.join("registry"))?;
    ["config.toml", "registry/cache", "registry/index"].into_iter().try_for_each(share)?;
    Ok(directory.to_owned())
}

fn they_work(directory: &Path) -> Result<()> {
    hello_works(&directory.join("hello"))?;
    pause_works(&directory.join("pause"))?;
    pid1_works(&directory.join("pid1"))?;
    tini_works(&directory.join("tini"))?;
    dumb_init_works(&directory.join("dumb-init"))?;
    catatonit_works(&directory.join("catatonit"))
}

fn hello_works(file: &Path) -> Result<()> {
    is_static(file)?;
    Launcher::of_file(host()?, file).run()?.is(&Outcome::exited("Hello, World!\n", 0))
}

fn pause_works(file: &Path) -> Result<()> {
    is_static(file)?;
    let version = concat!("pause ", env!("CARGO_PKG_VERSION"), "\n");
    Launcher::of_file(host()?, file).argument("-v").run()?.is(&Outcome::exited(version, 0))?;
    for launcher in [Launcher::of_file(host()?, file), Launcher::of_file(host()?, file).as_pid_1().zombies(3)]
    {
        let mut running = launcher.spawn()?;
        running.fall_asleep()?;
        running.end_by(Signal::SIGTERM)?.is(&Outcome::exited("", 0))?;
    }
    Ok(())
}

fn pid1_works(file: &Path) -> Result<()> {
    init_works(file, &["-e", "GREETING=hello", "-x", "7:9"], &Outcome::exited("hello\n", 9))
}

/// Cargo was not given the commit.
fn tini_works(file: &Path) -> Result<()> {
    let version = concat!("tini version ", env!("CARGO_PKG_VERSION"), "_mote - git.unknown\n");
    Launcher::of_file(host()?, file).argument("--version").run()?.is(&Outcome::exited(version, 0))?;
    init_works(file, &["-s", "-e", "7"], &Outcome::exited("unset\n", 0))
}

fn dumb_init_works(file: &Path) -> Result<()> {
    init_works(file, &["--single-child", "--rewrite", "15:3"], &Outcome::exited("unset\n", 7))
}

fn catatonit_works(file: &Path) -> Result<()> {
    init_works(file, &["-g"], &Outcome::exited("unset\n", 7))
}

/// It runs a command that exits with 7, as PID 1 and otherwise.
fn init_works(file: &Path, options: &[&str], expected: &Outcome) -> Result<()> {
    is_static(file)?;
    for launcher in [Launcher::of_file(host()?, file), Launcher::of_file(host()?, file).as_pid_1().zombies(3)]
    {
        let words = options.iter().copied().chain(["--", "sh", "-c", "echo ${GREETING-unset}; exit 7"]);
        words.fold(launcher.without_env("GREETING"), Launcher::argument).run()?.is(expected)?;
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

fn host() -> Result<Target> {
    Target::host().context("this machine is none of the platforms")
}

/// Beside the user's own target directory, which may be locked.
fn directory() -> PathBuf {
    workspace::scratch().join("plain")
}

fn cargo(arguments: &[&str]) -> Result<()> {
    command::stdout(&mut prepared(arguments)?)?;
    Ok(())
}

fn prepared(arguments: &[&str]) -> Result<Command> {
    require::tool("cc", "gcc")?;
    let cargo = env::var_os("CARGO").ok_or_else(|| Missing("Cargo (cargo test)".to_owned()))?;
    let mut command = Command::new(cargo);
    command
        .args(arguments)
        .current_dir(workspace::root())
        .env("CARGO_TARGET_DIR", directory())
        .env_remove("RUSTFLAGS")
        .env_remove("MOTE_COMMIT")
        .env_remove("CARGO_ENCODED_RUSTFLAGS");
    Ok(command)
}
