//! The start of COMMAND: its errors, and how little memory it needs.

use std::fs;

use anyhow::{Context, Result};
use mote_tests::outcome::Outcome;
use mote_tests::test_dir::{TestDir, exits, with};
use mote_tests::{Launcher, Suite, Target, dist};

use crate::init::{Init, each, says_without_pids};

/// The loader of the host's programs, and a path of the same length where there is none.
const LOADER: (&[u8], &[u8]) = (b"/lib64/ld-linux", b"/none4/ld-linux");

/// Bytes of a header without a program: of no architecture.
const FOREIGN_ELF: &[u8; 64] = &{
    let mut header = [0; 64];
    let magic = *b"\x7fELF\x02\x01\x01";
    let mut index = 0;
    while index < magic.len() {
        header[index] = magic[index];
        index += 1;
    }
    header
};

pub(crate) fn add(suite: Suite) -> Suite {
    let all = Target::all();
    let suite = each(suite, "a_command_that_is_not_found_is_named", &all, not_found);
    let suite = each(suite, "a_command_without_permission_is_named", &all, denied);
    let suite = each(suite, "a_missing_interpreter_is_reported", &all, no_interpreter);
    let suite = each(suite, "a_foreign_elf_file_is_an_error_and_no_script", &all, foreign_elf);
    let suite = each(suite, "a_text_file_is_run_by_a_shell", &all, text_file);
    // An emulator needs more memory itself.
    each(suite, "starts_in_1000_kb_of_memory", &Target::native(), little_memory)
}

/// Expects the error in the form of the program. `status` is that of tini.
fn fails(target: Target, init: Init, name: &str, error: &str, status: i32) -> Result<()> {
    let outcome = with(init.start(target), ["--", name, "argument"]).run()?;
    let (line, status) = match init.name {
        "tini" => (format!("[FATAL tini (N)] exec {name} failed: {error}\n"), status),
        "dumb-init" => (format!("[dumb-init] {name}: {error}\n"), 2),
        _ => (format!("ERROR (catatonit:N): failed to exec pid1: {error}\n"), 1),
    };
    says_without_pids(&outcome, "", &line, status).with_context(|| format!("{name:?}"))
}

/// Writes a file that may be executed, and returns its path.
fn executable(dir: &TestDir, name: &str, content: impl AsRef<[u8]>) -> Result<String> {
    Ok(dir.file(name, content, 0o755)?.display().to_string())
}

fn not_found(target: Target, init: Init) -> Result<()> {
    for name in ["nonexistent", "/nonexistent/file", "/etc/passwd/file", ""] {
        fails(target, init, name, "No such file or directory", 127)?;
    }
    Ok(())
}

fn denied(target: Target, init: Init) -> Result<()> {
    let dir = TestDir::new()?;
    let plain = dir.file("plain", "", 0o644)?.display().to_string();
    ["/", plain.as_str()].into_iter().try_for_each(|name| fails(target, init, name, "Permission denied", 126))
}

/// The file is there, so that the kernel's own words would mislead.
fn no_interpreter(target: Target, init: Init) -> Result<()> {
    let dir = TestDir::new()?;
    let mut program = fs::read("/bin/sh")?;
    let at = program.windows(LOADER.0.len()).position(|bytes| bytes == LOADER.0).context("no loader")?;
    program[at..at + LOADER.1.len()].copy_from_slice(LOADER.1);
    for file in [
        executable(&dir, "script", "#!/nonexistent/shell\n")?,
        executable(&dir, "crlf", "#!/bin/sh\r\n")?,
        executable(&dir, "program", program)?,
    ] {
        fails(target, init, &file, "Its interpreter or loader is missing", 127)?;
    }
    Ok(())
}

/// A shell would report a syntax error, or execute a part of the file.
fn foreign_elf(target: Target, init: Init) -> Result<()> {
    let dir = TestDir::new()?;
    let file = executable(&dir, "elf", [FOREIGN_ELF.as_slice(), b"\nexit 3\n"].concat())?;
    fails(target, init, &file, "Exec format error", 1)
}

fn text_file(target: Target, init: Init) -> Result<()> {
    let dir = TestDir::new()?;
    let file = executable(&dir, "text", "exit $#\n")?;
    exits(&with(init.start(target), ["--", file.as_str(), "a", "b", "c"]).run()?, 3)
}

/// No memory is reserved for the worst target. COMMAND has to be as small.
fn little_memory(target: Target, init: Init) -> Result<()> {
    let script = "ulimit -v 1000 && exec \"$@\"";
    let launcher = with(Launcher::of_file(target, "/bin/sh").as_pid_1(), ["-c", script, "sh"]);
    let launcher = with(launcher, [dist::file(target.platform, init.name)?]);
    let hello = dist::file(target.platform, "hello")?;
    let outcome = with(launcher.argument("--"), [hello]).run()?;
    outcome.is(&Outcome::exited("Hello, World!\n", 0))
}
