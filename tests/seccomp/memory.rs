//! The memory of the programs as they run.

use std::collections::BTreeSet;
use std::fs;
use std::io::{ErrorKind, PipeReader, Write};
use std::os::fd::AsFd;

use anyhow::{Context, Result, ensure};
use mote_tests::outcome::same;
use mote_tests::require::Missing;
use mote_tests::{Launcher, Running, Target, process};
use nix::fcntl::{FcntlArg, OFlag, fcntl};
use procfs::process::{MMPermissions, MMapPath, MemoryMap};

use crate::stage::{Stage, until_in};

/// A running program and the objects that keep it running.
struct Held {
    running: Running,
    _pipe: Option<PipeReader>,
}

/// Starts a program and waits until it sleeps; `hello` sleeps in its write.
fn held(target: Target, program: &'static str, options: &[&str]) -> Result<Held> {
    let launcher = options.iter().fold(Launcher::of(target, program), Launcher::argument);
    if program == "hello" {
        let (reader, writer) = full_pipe()?;
        let running = launcher.stdout(writer).spawn()?;
        until_in(running.pid(), target, &["write"])?;
        return Ok(Held { running, _pipe: Some(reader) });
    }
    if program == "pause" {
        let mut running = launcher.spawn()?;
        running.fall_asleep()?;
        return Ok(Held { running, _pipe: None });
    }
    let stage = Stage::traced(target, program)?;
    // The child ends with its PID namespace.
    let running = launcher.as_pid_1().argument("--").argument(stage.command("pause")?).spawn()?;
    stage.until_command_sleeps(&running)?;
    until_in(running.pid(), target, &["rt_sigtimedwait"])?;
    Ok(Held { running, _pipe: None })
}

/// A pipe that takes no more.
fn full_pipe() -> Result<(PipeReader, std::io::PipeWriter)> {
    let (reader, mut writer) = std::io::pipe()?;
    fcntl(writer.as_fd(), FcntlArg::F_SETFL(OFlag::O_NONBLOCK)).context("fcntl")?;
    // A page at a time, as the kernel keeps it.
    let error = loop {
        if let Err(error) = writer.write_all(&[b' '; 4096]) {
            break error;
        }
    };
    same(error.kind(), ErrorKind::WouldBlock)?;
    fcntl(writer.as_fd(), FcntlArg::F_SETFL(OFlag::empty())).context("fcntl")?;
    Ok((reader, writer))
}

/// Describes a mapping as `file r-x`. Returns `None` for the vDSO and its data, which the kernel maps into every process.
fn describe(map: &MemoryMap, program: &str) -> Result<Option<String>> {
    let has = |permission, letter| if map.perms.contains(permission) { letter } else { '-' };
    let letters =
        [has(MMPermissions::READ, 'r'), has(MMPermissions::WRITE, 'w'), has(MMPermissions::EXECUTE, 'x')];
    let what = match &map.pathname {
        MMapPath::Path(path) if path.ends_with(program) => "file",
        MMapPath::Stack => "stack",
        MMapPath::Anonymous => "anonymous",
        kernel @ (MMapPath::Vdso | MMapPath::Vvar | MMapPath::Vsyscall | MMapPath::Other(_)) => {
            ensure!(!map.perms.contains(MMPermissions::WRITE), "{kernel:?} can be written to");
            return Ok(None);
        }
        other => anyhow::bail!("{other:?}"),
    };
    Ok(Some(format!("{what} {}", letters.iter().collect::<String>())))
}

fn described(held: &Held, program: &str) -> Result<Vec<String>> {
    let maps = process::maps(held.running.pid())?;
    let mut all =
        maps.iter().filter_map(|map| describe(map, program).transpose()).collect::<Result<Vec<_>>>()?;
    all.sort();
    Ok(all)
}

/// # Errors
/// If anything can be written to but the stack, or if that can be executed.
pub(crate) fn is_the_file_and_the_stack(target: Target, program: &'static str) -> Result<()> {
    // It says nothing about its stack, and the kernel's default on i386 is that of 1992.
    let stack = if program == "hello" && target.calls_as_386() { "stack rwx" } else { "stack rw-" };
    same(described(&held(target, program, &[])?, program)?, vec!["file r-x".to_owned(), stack.to_owned()])
}

/// Variables that are added have a place of their own.
pub(crate) fn of_variables_is_not_executable(target: Target) -> Result<()> {
    let held = held(target, "pid1", &["-e", "A=B"])?;
    same(described(&held, "pid1")?, ["anonymous rw-", "file r-x", "stack rw-"].map(str::to_owned).to_vec())
}

/// # Errors
/// If the file is twice at the same address, or, where that is fixed, is not.
pub(crate) fn address_is_random(target: Target, program: &'static str) -> Result<()> {
    let setting = fs::read_to_string("/proc/sys/kernel/randomize_va_space")?;
    ensure!(setting.trim() != "0", Missing("randomised addresses (kernel.randomize_va_space)".to_owned()));
    let mut addresses = BTreeSet::new();
    // Two of them may be the same by chance.
    for _ in 0..4 {
        let maps = process::maps(held(target, program, &[])?.running.pid())?;
        let is_file =
            |map: &&MemoryMap| matches!(&map.pathname, MMapPath::Path(path) if path.ends_with(program));
        addresses.insert(maps.iter().find(is_file).context("no file")?.address.0);
    }
    let fixed = program == "hello";
    ensure!((addresses.len() == 1) == fixed, "{addresses:x?}");
    Ok(())
}
