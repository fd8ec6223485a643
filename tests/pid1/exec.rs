//! The execution of COMMAND: scripts, formats, and files that can't be executed.

use std::fs;
use std::io;
use std::path::Path;

use anyhow::{Context, Result, ensure};
use mote_tests::outcome::{End, same, text};
use mote_tests::{Case, Outcome, Start, Suite, dist, require};

use crate::failure::run_fails;
use crate::scene::{Scene, actor, pid1, with, words};

/// The message about a file of the wrong format.
const WRONG_FORMAT: &str = "ENOEXEC: wrong format or architecture";

/// The message about a file whose interpreter or loader is missing.
const NO_INTERPRETER: &str = "ENOENT: its interpreter or loader is missing";

pub(crate) fn add(suite: Suite) -> Suite {
    let (all, native) = (Case::all(), Case::native());
    suite
        .each("pid1::sh_runs_a_script_without_an_interpreter_line", &all, script)
        .each("pid1::sh_runs_such_a_script_from_path_with_its_arguments", &all, script_from_path)
        .each("pid1::an_elf_file_of_another_architecture_is_126_and_enoexec", &all, foreign_elf)
        .each("pid1::a_file_that_only_begins_like_elf_is_not_given_to_sh", &all, broken_elf)
        .each(
            "pid1::a_script_without_an_interpreter_line_is_126_and_enoexec_without_sh",
            &native,
            without_shell,
        )
        .each("pid1::a_missing_interpreter_is_126_and_named_as_such", &all, missing_interpreter)
        .each("pid1::a_missing_loader_is_126_and_named_as_such", &all, missing_loader)
        .each("pid1::goes_on_after_a_file_whose_interpreter_is_missing", &all, goes_on)
        .each("pid1::goes_on_after_a_file_system_that_does_not_answer", &native, dead_file_system)
        .each("pid1::takes_arguments_up_to_the_limit_of_the_kernel", &native, longest)
        .each("pid1::argv0_is_command_as_it_was_written", &all, argv0)
}

fn says(start: Start, expected: &str) -> Result<()> {
    start.run()?.is(&Outcome::exited(expected, 0))
}

/// Returns an ELF file for an architecture that no kernel has, and a script for a shell that would run it.
fn elf(script: &str) -> Vec<u8> {
    let mut file = b"\x7fELF\x02\x01\x01".to_vec();
    file.resize(16, 0);
    // `e_type` is `ET_EXEC`, `e_machine` is no known one.
    file.extend([2, 0, 0xad, 0xde, 1, 0, 0, 0]);
    file.resize(64, 0);
    [&file, b"\n".as_slice(), script.as_bytes(), b"\n"].concat()
}

fn script(case: Case) -> Result<()> {
    let scene = Scene::new()?;
    let script = scene.file("script", "echo \"$0\" \"$#\" \"$@\"\n", 0o755)?;
    let name = script.display().to_string();
    says(pid1(case).argument(&script), &format!("{name} 0\n"))?;
    says(with(pid1(case).argument(&script), ["-V", "b c", ""]), &format!("{name} 3 -V b c \n"))?;
    let empty = scene.file("empty", "", 0o755)?;
    says(pid1(case).argument(empty), "")
}

fn script_from_path(case: Case) -> Result<()> {
    let scene = Scene::new()?;
    let script = scene.file("script", "echo \"$0\" \"$@\"\n", 0o755)?;
    let start = pid1(case).env("PATH", scene.folder()).argument("script").argument("a");
    says(start, &format!("{} a\n", script.display()))
}

/// A shell would take it for a script, and report a syntax error.
fn foreign_elf(case: Case) -> Result<()> {
    let scene = Scene::new()?;
    let ran = scene.path("ran");
    let file = scene.file("program", elf(&format!("touch {}", ran.display())), 0o755)?;
    run_fails(pid1(case).argument(&file), 126, &format!("{}: {WRONG_FORMAT}", file.display()))?;
    let start = pid1(case).env("PATH", scene.folder()).argument("program");
    run_fails(start, 126, &format!("program: {WRONG_FORMAT}"))?;
    ensure!(!ran.exists(), "a shell ran it");
    Ok(())
}

fn broken_elf(case: Case) -> Result<()> {
    let scene = Scene::new()?;
    let ran = scene.path("ran");
    for content in ["\x7fELF".to_owned(), format!("\x7fELF\ntouch {}\n", ran.display())] {
        let file = scene.file("program", content, 0o755)?;
        run_fails(pid1(case).argument(&file), 126, &format!("{}: {WRONG_FORMAT}", file.display()))?;
        ensure!(!ran.exists(), "a shell ran it");
    }
    // Less than the four bytes is a text.
    let file = scene.file("text", ": \x7fELF\ntrue\n", 0o755)?;
    says(pid1(case).argument(&file), "")
}

/// In a root directory that holds pid1 and these files alone.
fn without_shell(case: Case) -> Result<()> {
    require::root()?;
    let scene = Scene::new()?;
    fs::copy(dist::file(case.platform, "pid1")?, scene.path("pid1"))?;
    scene.file("script", "echo wrong\n", 0o755)?;
    scene.file("empty", "", 0o755)?;
    scene.file("program", elf("echo wrong"), 0o755)?;
    let start = |path: &str| -> Result<Start> {
        let host = Case::host().context("no native platform")?;
        let chroot = Start::of_file(host, require::tool("chroot", "coreutils")?).as_pid_1();
        Ok(chroot.without_env("PID1_OPTS").env("PATH", path).argument(scene.folder()).argument("/pid1"))
    };
    for name in ["script", "empty", "program"] {
        let file = format!("/{name}");
        run_fails(start("/")?.argument(&file), 126, &format!("{file}: {WRONG_FORMAT}"))?;
        // The name is the one that was asked for, and not that of the shell or of the file.
        run_fails(start("/")?.argument(name), 126, &format!("{name}: {WRONG_FORMAT}"))?;
    }
    Ok(())
}

fn missing_interpreter(case: Case) -> Result<()> {
    let scene = Scene::new()?;
    for (name, content) in [
        ("missing", "#!/nonexistent/interpreter\n"),
        ("crlf", "#!/bin/sh\r\nexit 7\r\n"),
        ("blank", "#! /nonexistent/interpreter argument\n"),
        ("below-a-file", "#!/dev/null/interpreter\n"),
    ] {
        let file = scene.file(name, content, 0o755)?;
        run_fails(pid1(case).argument(&file), 126, &format!("{}: {NO_INTERPRETER}", file.display()))?;
        let start = pid1(case).env("PATH", scene.folder()).argument(name);
        run_fails(start, 126, &format!("{name}: {NO_INTERPRETER}"))?;
        let start = pid1(case).cwd(scene.folder()).env("PATH", "/nonexistent::/nonexistent").argument(name);
        run_fails(start, 126, &format!("{name}: {NO_INTERPRETER}"))?;
    }
    Ok(())
}

/// As a program that was linked with glibc, in an image with musl.
fn missing_loader(case: Case) -> Result<()> {
    let scene = Scene::new()?;
    let mut program = fs::read(actor()?)?;
    let loader = b"/ld-linux";
    let position = program.windows(loader.len()).position(|bytes| bytes == loader).context("no loader")?;
    program.get_mut(position + 1).map(|byte| *byte = b'x').context("no loader")?;
    let file = scene.file("program", program, 0o755)?;
    run_fails(pid1(case).argument(&file), 126, &format!("{}: {NO_INTERPRETER}", file.display()))
}

/// Writes `a/command` and `b/command`, the second of which prints `b`, and returns the PATH.
fn two_directories(scene: &Scene, content: impl AsRef<[u8]>, mode: u32) -> Result<String> {
    scene.file("a/command", content, mode)?;
    scene.file("b/command", "#!/bin/sh\necho b\n", 0o755)?;
    Ok(format!("{}:{}", scene.path("a").display(), scene.path("b").display()))
}

fn goes_on(case: Case) -> Result<()> {
    let scene = Scene::new()?;
    let path = two_directories(&scene, "#!/nonexistent/interpreter\n", 0o755)?;
    says(pid1(case).env("PATH", path).argument("command"), "b\n")?;
    // Permission says more than the lack of an interpreter, in either order.
    let scene = Scene::new()?;
    let path = two_directories(&scene, "#!/nonexistent/interpreter\n", 0o755)?;
    scene.file("b/command", "", 0o644)?;
    let (a, b) = path.split_once(':').unwrap_or_default();
    for path in [format!("{a}:{b}"), format!("{b}:{a}")] {
        run_fails(pid1(case).env("PATH", path).argument("command"), 126, "command: EACCES")?;
    }
    Ok(())
}

/// The kernel's errors are strace's.
fn dead_file_system(case: Case) -> Result<()> {
    for (error, name) in
        [("ESTALE", "ESTALE"), ("ENODEV", "ENODEV"), ("ETIMEDOUT", "ETIMEDOUT"), ("EACCES", "EACCES")]
    {
        let scene = Scene::new()?;
        let path = two_directories(&scene, "#!/bin/sh\necho a\n", 0o755)?;
        let file = scene.path("a/command");
        let start =
            |path: &str| inject(pid1(case), &scene, &file, error).env("PATH", path).argument("command");
        says(start(&path), "b\n").with_context(|| error.to_owned())?;
        let (a, _) = path.split_once(':').unwrap_or_default();
        run_fails(start(&format!("{a}:/nonexistent")), 126, &format!("command: {name}"))?;
    }
    Ok(())
}

/// Has the execution of a file fail.
fn inject(start: Start, scene: &Scene, file: &Path, error: &str) -> Start {
    let start =
        start.trace(&scene.path("calls")).strace("-f").strace("-P").strace(&file.display().to_string());
    start.strace("-e").strace(&format!("inject=execve:error={error}"))
}

/// As many arguments of the greatest length as there can be, and then as many more bytes.
fn longest(case: Case) -> Result<()> {
    // The kernel's limit for one argument, with its NUL.
    let argument = "x".repeat(32 * 4096 - 1);
    let fits = |count: usize, more: usize| -> Result<bool> {
        let start = with(pid1(case), [actor()?.as_os_str(), "arguments".as_ref()]);
        let start = with(start, std::iter::repeat_n(&argument, count)).argument("y".repeat(more));
        match start.run() {
            Ok(outcome) => {
                let said = format!("{} arguments, {} bytes\n", count + 1, count * argument.len() + more);
                outcome.is(&Outcome::exited(&said, 0)).map(|()| true)
            }
            // The starter, which has some more arguments, could not be executed.
            Err(error) if is_too_long(&error) => Ok(false),
            Err(error) => Err(error),
        }
    };
    let mut count = 0;
    while fits(count + 1, 0)? {
        count += 1;
    }
    ensure!(count > 8, "only {count} arguments fit");
    let (mut low, mut high) = (0, argument.len());
    while high - low > 1 {
        let middle = low.midpoint(high);
        if fits(count, middle)? { low = middle } else { high = middle }
    }
    Ok(())
}

fn is_too_long(error: &anyhow::Error) -> bool {
    let error = error.downcast_ref::<io::Error>().and_then(io::Error::raw_os_error);
    error == Some(nix::libc::E2BIG)
}

fn argv0(case: Case) -> Result<()> {
    let folder = actor()?.parent().map(ToOwned::to_owned).unwrap_or_default();
    let outcome = words(pid1(case).env("PATH", folder), "actor report").run()?;
    same(outcome.end, End::Exited(0))?;
    let stdout = text(&outcome.stdout)?;
    ensure!(stdout.lines().any(|line| line == "argv0 actor"), "{stdout}");
    Ok(())
}
