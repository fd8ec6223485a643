//! The execution of COMMAND: scripts, formats, and files that can't be executed.

use std::fs;
use std::io;
use std::path::Path;

use anyhow::{Context, Result, ensure};
use mote_tests::outcome::{End, same, text};
use mote_tests::{Launcher, Outcome, Suite, Target, dist, require};

use crate::failure::run_fails;
use crate::fixture::{TestDir, pid1, test_child, with, words};

/// The message about a file of the wrong format.
const WRONG_FORMAT: &str = "ENOEXEC: wrong format or architecture";

/// The message about a file whose interpreter or loader is missing.
const NO_INTERPRETER: &str = "ENOENT: its interpreter or loader is missing";

pub(crate) fn add(suite: Suite) -> Suite {
    let (all, native) = (Target::all(), Target::native());
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

fn says(launcher: Launcher, expected: &str) -> Result<()> {
    launcher.run()?.is(&Outcome::exited(expected, 0))
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

fn script(target: Target) -> Result<()> {
    let dir = TestDir::new()?;
    let script = dir.file("script", "echo \"$0\" \"$#\" \"$@\"\n", 0o755)?;
    let name = script.display().to_string();
    says(pid1(target).argument(&script), &format!("{name} 0\n"))?;
    says(with(pid1(target).argument(&script), ["-V", "b c", ""]), &format!("{name} 3 -V b c \n"))?;
    let empty = dir.file("empty", "", 0o755)?;
    says(pid1(target).argument(empty), "")
}

fn script_from_path(target: Target) -> Result<()> {
    let dir = TestDir::new()?;
    let script = dir.file("script", "echo \"$0\" \"$@\"\n", 0o755)?;
    let launcher = pid1(target).env("PATH", dir.path()).argument("script").argument("a");
    says(launcher, &format!("{} a\n", script.display()))
}

/// A shell would take it for a script, and report a syntax error.
fn foreign_elf(target: Target) -> Result<()> {
    let dir = TestDir::new()?;
    let ran = dir.join("ran");
    let file = dir.file("program", elf(&format!("touch {}", ran.display())), 0o755)?;
    run_fails(pid1(target).argument(&file), 126, &format!("{}: {WRONG_FORMAT}", file.display()))?;
    let launcher = pid1(target).env("PATH", dir.path()).argument("program");
    run_fails(launcher, 126, &format!("program: {WRONG_FORMAT}"))?;
    ensure!(!ran.exists(), "a shell ran it");
    Ok(())
}

fn broken_elf(target: Target) -> Result<()> {
    let dir = TestDir::new()?;
    let ran = dir.join("ran");
    for content in ["\x7fELF".to_owned(), format!("\x7fELF\ntouch {}\n", ran.display())] {
        let file = dir.file("program", content, 0o755)?;
        run_fails(pid1(target).argument(&file), 126, &format!("{}: {WRONG_FORMAT}", file.display()))?;
        ensure!(!ran.exists(), "a shell ran it");
    }
    // Less than the four bytes is a text.
    let file = dir.file("text", ": \x7fELF\ntrue\n", 0o755)?;
    says(pid1(target).argument(&file), "")
}

/// In a root directory that holds pid1 and these files alone.
fn without_shell(target: Target) -> Result<()> {
    require::root()?;
    let dir = TestDir::new()?;
    fs::copy(dist::file(target.platform, "pid1")?, dir.join("pid1"))?;
    dir.file("script", "echo wrong\n", 0o755)?;
    dir.file("empty", "", 0o755)?;
    dir.file("program", elf("echo wrong"), 0o755)?;
    let launcher = |path: &str| -> Result<Launcher> {
        let host = Target::host().context("no native platform")?;
        let chroot = Launcher::of_file(host, require::tool("chroot", "coreutils")?).as_pid_1();
        Ok(chroot.without_env("PID1_OPTS").env("PATH", path).argument(dir.path()).argument("/pid1"))
    };
    for name in ["script", "empty", "program"] {
        let file = format!("/{name}");
        run_fails(launcher("/")?.argument(&file), 126, &format!("{file}: {WRONG_FORMAT}"))?;
        // The name is the one that was asked for, and not that of the shell or of the file.
        run_fails(launcher("/")?.argument(name), 126, &format!("{name}: {WRONG_FORMAT}"))?;
    }
    Ok(())
}

fn missing_interpreter(target: Target) -> Result<()> {
    let dir = TestDir::new()?;
    for (name, content) in [
        ("missing", "#!/nonexistent/interpreter\n"),
        ("crlf", "#!/bin/sh\r\nexit 7\r\n"),
        ("blank", "#! /nonexistent/interpreter argument\n"),
        ("below-a-file", "#!/dev/null/interpreter\n"),
    ] {
        let file = dir.file(name, content, 0o755)?;
        run_fails(pid1(target).argument(&file), 126, &format!("{}: {NO_INTERPRETER}", file.display()))?;
        let launcher = pid1(target).env("PATH", dir.path()).argument(name);
        run_fails(launcher, 126, &format!("{name}: {NO_INTERPRETER}"))?;
        let launcher = pid1(target).cwd(dir.path()).env("PATH", "/nonexistent::/nonexistent").argument(name);
        run_fails(launcher, 126, &format!("{name}: {NO_INTERPRETER}"))?;
    }
    Ok(())
}

/// As a program that was linked with glibc, in an image with musl.
fn missing_loader(target: Target) -> Result<()> {
    let dir = TestDir::new()?;
    let mut program = fs::read(test_child()?)?;
    let loader = b"/ld-linux";
    let position = program.windows(loader.len()).position(|bytes| bytes == loader).context("no loader")?;
    program.get_mut(position + 1).map(|byte| *byte = b'x').context("no loader")?;
    let file = dir.file("program", program, 0o755)?;
    run_fails(pid1(target).argument(&file), 126, &format!("{}: {NO_INTERPRETER}", file.display()))
}

/// Writes `a/command` and `b/command`, the second of which prints `b`, and returns the PATH.
fn two_directories(dir: &TestDir, content: impl AsRef<[u8]>, mode: u32) -> Result<String> {
    dir.file("a/command", content, mode)?;
    dir.file("b/command", "#!/bin/sh\necho b\n", 0o755)?;
    Ok(format!("{}:{}", dir.join("a").display(), dir.join("b").display()))
}

fn goes_on(target: Target) -> Result<()> {
    let dir = TestDir::new()?;
    let path = two_directories(&dir, "#!/nonexistent/interpreter\n", 0o755)?;
    says(pid1(target).env("PATH", path).argument("command"), "b\n")?;
    // Permission says more than the lack of an interpreter, in either order.
    let dir = TestDir::new()?;
    let path = two_directories(&dir, "#!/nonexistent/interpreter\n", 0o755)?;
    dir.file("b/command", "", 0o644)?;
    let (a, b) = path.split_once(':').unwrap_or_default();
    for path in [format!("{a}:{b}"), format!("{b}:{a}")] {
        run_fails(pid1(target).env("PATH", path).argument("command"), 126, "command: EACCES")?;
    }
    Ok(())
}

/// The kernel's errors are strace's.
fn dead_file_system(target: Target) -> Result<()> {
    for (error, name) in
        [("ESTALE", "ESTALE"), ("ENODEV", "ENODEV"), ("ETIMEDOUT", "ETIMEDOUT"), ("EACCES", "EACCES")]
    {
        let dir = TestDir::new()?;
        let path = two_directories(&dir, "#!/bin/sh\necho a\n", 0o755)?;
        let file = dir.join("a/command");
        let launcher =
            |path: &str| inject(pid1(target), &dir, &file, error).env("PATH", path).argument("command");
        says(launcher(&path), "b\n").with_context(|| error.to_owned())?;
        let (a, _) = path.split_once(':').unwrap_or_default();
        run_fails(launcher(&format!("{a}:/nonexistent")), 126, &format!("command: {name}"))?;
    }
    Ok(())
}

/// Has the execution of a file fail.
fn inject(launcher: Launcher, dir: &TestDir, file: &Path, error: &str) -> Launcher {
    let launcher =
        launcher.trace(&dir.join("calls")).strace("-f").strace("-P").strace(&file.display().to_string());
    launcher.strace("-e").strace(&format!("inject=execve:error={error}"))
}

/// As many arguments of the greatest length as there can be, and then as many more bytes.
fn longest(target: Target) -> Result<()> {
    // The kernel's limit for one argument, with its NUL.
    let argument = "x".repeat(32 * 4096 - 1);
    let fits = |count: usize, more: usize| -> Result<bool> {
        let launcher = with(pid1(target), [test_child()?.as_os_str(), "arguments".as_ref()]);
        let launcher = with(launcher, std::iter::repeat_n(&argument, count)).argument("y".repeat(more));
        match launcher.run() {
            Ok(outcome) => {
                let said = format!("{} arguments, {} bytes\n", count + 1, count * argument.len() + more);
                outcome.is(&Outcome::exited(&said, 0)).map(|()| true)
            }
            // The launcher, which has some more arguments, could not be executed.
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

fn argv0(target: Target) -> Result<()> {
    let directory = test_child()?.parent().map(ToOwned::to_owned).unwrap_or_default();
    let outcome = words(pid1(target).env("PATH", directory), "child report").run()?;
    same(outcome.end, End::Exited(0))?;
    let stdout = text(&outcome.stdout)?;
    ensure!(stdout.lines().any(|line| line == "argv0 child"), "{stdout}");
    Ok(())
}
