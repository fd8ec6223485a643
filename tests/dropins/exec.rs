//! The start of COMMAND: its errors, and how little memory it needs.

use std::fs;

use anyhow::{Context, Result};
use mote_tests::outcome::Outcome;
use mote_tests::scene::{Scene, exits, with};
use mote_tests::{Case, Start, Suite, dist};

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
    let all = Case::all();
    let suite = each(suite, "a_command_that_is_not_found_is_named", &all, not_found);
    let suite = each(suite, "a_command_without_permission_is_named", &all, denied);
    let suite = each(suite, "a_missing_interpreter_is_reported", &all, no_interpreter);
    let suite = each(suite, "a_foreign_elf_file_is_an_error_and_no_script", &all, foreign_elf);
    let suite = each(suite, "a_text_file_is_run_by_a_shell", &all, text_file);
    // An emulator needs more memory itself.
    each(suite, "starts_in_1000_kb_of_memory", &Case::native(), little_memory)
}

/// Expects the error in the form of the program. `status` is that of tini.
fn fails(case: Case, init: Init, name: &str, error: &str, status: i32) -> Result<()> {
    let outcome = with(init.start(case), ["--", name, "argument"]).run()?;
    let (line, status) = match init.name {
        "tini" => (format!("[FATAL tini (N)] exec {name} failed: {error}\n"), status),
        "dumb-init" => (format!("[dumb-init] {name}: {error}\n"), 2),
        _ => (format!("ERROR (catatonit:N): failed to exec pid1: {error}\n"), 1),
    };
    says_without_pids(&outcome, "", &line, status).with_context(|| format!("{name:?}"))
}

/// Writes a file that may be executed, and returns its path.
fn executable(scene: &Scene, name: &str, content: impl AsRef<[u8]>) -> Result<String> {
    Ok(scene.file(name, content, 0o755)?.display().to_string())
}

fn not_found(case: Case, init: Init) -> Result<()> {
    for name in ["nonexistent", "/nonexistent/file", "/etc/passwd/file", ""] {
        fails(case, init, name, "No such file or directory", 127)?;
    }
    Ok(())
}

fn denied(case: Case, init: Init) -> Result<()> {
    let scene = Scene::new()?;
    let plain = scene.file("plain", "", 0o644)?.display().to_string();
    ["/", plain.as_str()].into_iter().try_for_each(|name| fails(case, init, name, "Permission denied", 126))
}

/// The file is there, so that the kernel's own words would mislead.
fn no_interpreter(case: Case, init: Init) -> Result<()> {
    let scene = Scene::new()?;
    let mut program = fs::read("/bin/sh")?;
    let at = program.windows(LOADER.0.len()).position(|bytes| bytes == LOADER.0).context("no loader")?;
    program[at..at + LOADER.1.len()].copy_from_slice(LOADER.1);
    for file in [
        executable(&scene, "script", "#!/nonexistent/shell\n")?,
        executable(&scene, "crlf", "#!/bin/sh\r\n")?,
        executable(&scene, "program", program)?,
    ] {
        fails(case, init, &file, "Its interpreter or loader is missing", 127)?;
    }
    Ok(())
}

/// A shell would report a syntax error, or execute a part of the file.
fn foreign_elf(case: Case, init: Init) -> Result<()> {
    let scene = Scene::new()?;
    let file = executable(&scene, "elf", [FOREIGN_ELF.as_slice(), b"\nexit 3\n"].concat())?;
    fails(case, init, &file, "Exec format error", 1)
}

fn text_file(case: Case, init: Init) -> Result<()> {
    let scene = Scene::new()?;
    let file = executable(&scene, "text", "exit $#\n")?;
    exits(&with(init.start(case), ["--", file.as_str(), "a", "b", "c"]).run()?, 3)
}

/// No memory is reserved for the worst case. COMMAND has to be as small.
fn little_memory(case: Case, init: Init) -> Result<()> {
    let script = "ulimit -v 1000 && exec \"$@\"";
    let start = with(Start::of_file(case, "/bin/sh").as_pid_1(), ["-c", script, "sh"]);
    let start = with(start, [dist::file(case.platform, init.name)?]);
    let hello = dist::file(case.platform, "hello")?;
    let outcome = with(start.argument("--"), [hello]).run()?;
    outcome.is(&Outcome::exited("Hello, World!\n", 0))
}
