//! The execution of the command: scripts, formats, arguments, and the errors of files that can't be executed.

use std::fs;
use std::io;
use std::iter::repeat_n;
use std::path::Path;

use anyhow::{Context, Result, ensure};
use mote_tests::outcome::{End, same, text};
use mote_tests::test_dir::{TestDir, exits, test_child, with, words};
use mote_tests::{Launcher, Outcome, Suite, Target, dist, require};

use crate::exec_error::Reason;
use crate::init::{INITS, Init, tests};

pub(crate) fn add(suite: Suite) -> Suite {
    let (all, native) = (Target::all(), Target::native());
    tests!(suite;
        INITS, all => a_command_that_is_not_found_is_named, a_command_without_permission_is_named,
            sh_runs_a_script_without_an_interpreter_line, sh_runs_such_a_script_from_path_with_its_arguments,
            an_elf_file_of_another_architecture_is_an_error_and_not_given_to_sh,
            a_file_that_only_begins_like_elf_is_not_given_to_sh, a_missing_interpreter_is_named_as_such,
            a_missing_loader_is_named_as_such, the_search_continues_after_a_file_whose_interpreter_is_missing,
            argv0_is_the_command_as_it_was_given;
        INITS, native => a_script_without_an_interpreter_line_is_an_error_without_sh,
            the_search_continues_after_a_file_system_that_does_not_respond,
            arguments_up_to_the_limit_of_the_kernel_are_passed_on;
    )
}

fn prints(launcher: Launcher, expected: &str) -> Result<()> {
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

/// Writes a file that may be executed, and returns its path.
fn executable(dir: &TestDir, name: &str, content: impl AsRef<[u8]>) -> Result<String> {
    Ok(dir.file(name, content, 0o755)?.display().to_string())
}

fn a_command_that_is_not_found_is_named(target: Target, init: Init) -> Result<()> {
    for name in ["nonexistent", "/nonexistent/file", "/etc/passwd/file", ""] {
        init.fails(init.start(target), name, Reason::NotFound)?;
    }
    Ok(())
}

fn a_command_without_permission_is_named(target: Target, init: Init) -> Result<()> {
    let dir = TestDir::new()?;
    let plain = dir.file("plain", "", 0o644)?.display().to_string();
    for name in ["/", plain.as_str()] {
        init.fails(init.start(target), name, Reason::NoPermission)?;
    }
    Ok(())
}

fn sh_runs_a_script_without_an_interpreter_line(target: Target, init: Init) -> Result<()> {
    let dir = TestDir::new()?;
    let script = executable(&dir, "script", "echo \"$0\" \"$#\" \"$@\"\n")?;
    let start = || init.start(target).argument("--");
    prints(start().argument(&script), &format!("{script} 0\n"))?;
    prints(with(start().argument(&script), ["-V", "b c", ""]), &format!("{script} 3 -V b c \n"))?;
    prints(start().argument(executable(&dir, "empty", "")?), "")
}

fn sh_runs_such_a_script_from_path_with_its_arguments(target: Target, init: Init) -> Result<()> {
    let dir = TestDir::new()?;
    let script = executable(&dir, "script", "echo \"$0\" \"$@\"\n")?;
    let launcher = init.start(target).env("PATH", dir.path());
    prints(words(launcher, "-- script a"), &format!("{script} a\n"))
}

/// A shell would take it for a script, and report a syntax error.
fn an_elf_file_of_another_architecture_is_an_error_and_not_given_to_sh(
    target: Target,
    init: Init,
) -> Result<()> {
    let dir = TestDir::new()?;
    let ran = dir.join("ran");
    let file = executable(&dir, "program", elf(&format!("touch {}", ran.display())))?;
    init.fails(init.start(target), &file, Reason::WrongFormat)?;
    init.fails(init.start(target).env("PATH", dir.path()), "program", Reason::WrongFormat)?;
    ensure!(!ran.exists(), "a shell ran it");
    Ok(())
}

fn a_file_that_only_begins_like_elf_is_not_given_to_sh(target: Target, init: Init) -> Result<()> {
    let dir = TestDir::new()?;
    let ran = dir.join("ran");
    for content in ["\x7fELF".to_owned(), format!("\x7fELF\ntouch {}\n", ran.display())] {
        let file = executable(&dir, "program", content)?;
        init.fails(init.start(target), &file, Reason::WrongFormat)?;
        ensure!(!ran.exists(), "a shell ran it");
    }
    // The four bytes elsewhere than at the beginning belong to a script.
    let file = executable(&dir, "text", ": \x7fELF\ntrue\n")?;
    prints(init.start(target).argument("--").argument(&file), "")
}

/// The root directory holds the init and these files alone.
fn a_script_without_an_interpreter_line_is_an_error_without_sh(target: Target, init: Init) -> Result<()> {
    require::root()?;
    let dir = TestDir::new()?;
    fs::copy(dist::file(target.platform, init.name)?, dir.join(init.name))?;
    dir.file("script", "echo wrong\n", 0o755)?;
    dir.file("empty", "", 0o755)?;
    dir.file("program", elf("echo wrong"), 0o755)?;
    let host = Target::host().context("no native platform")?;
    let start = || -> Result<Launcher> {
        let chroot = Launcher::of_file(host, require::tool("chroot", "coreutils")?).as_pid_1();
        let chroot = chroot.without_env("PID1_OPTS").env("PATH", "/");
        Ok(chroot.argument(dir.path()).argument(format!("/{}", init.name)))
    };
    for name in ["script", "empty", "program"] {
        init.fails(start()?, &format!("/{name}"), Reason::WrongFormat)?;
        // The message has the name as it was given, and not that of the shell or of the file.
        init.fails(start()?, name, Reason::WrongFormat)?;
    }
    Ok(())
}

fn a_missing_interpreter_is_named_as_such(target: Target, init: Init) -> Result<()> {
    let dir = TestDir::new()?;
    for (name, content) in [
        ("missing", "#!/nonexistent/interpreter\n"),
        ("crlf", "#!/bin/sh\r\nexit 7\r\n"),
        ("blank", "#! /nonexistent/interpreter argument\n"),
        ("below-a-file", "#!/dev/null/interpreter\n"),
    ] {
        let file = executable(&dir, name, content)?;
        init.fails(init.start(target), &file, Reason::NoInterpreter)?;
        init.fails(init.start(target).env("PATH", dir.path()), name, Reason::NoInterpreter)?;
        let launcher = init.start(target).cwd(dir.path()).env("PATH", "/nonexistent::/nonexistent");
        init.fails(launcher, name, Reason::NoInterpreter)?;
    }
    Ok(())
}

/// As a program that was linked with glibc, in an image with musl.
fn a_missing_loader_is_named_as_such(target: Target, init: Init) -> Result<()> {
    let dir = TestDir::new()?;
    let mut program = fs::read(test_child()?)?;
    let loader = b"/ld-linux";
    let position = program.windows(loader.len()).position(|bytes| bytes == loader).context("no loader")?;
    program.get_mut(position + 1).map(|byte| *byte = b'x').context("no loader")?;
    init.fails(init.start(target), &executable(&dir, "program", program)?, Reason::NoInterpreter)
}

/// Writes `a/command` and `b/command`, the second of which prints `b`, and returns both directories.
fn two_directories(dir: &TestDir, content: &str, mode: u32) -> Result<[String; 2]> {
    dir.file("a/command", content, mode)?;
    dir.file("b/command", "#!/bin/sh\necho b\n", 0o755)?;
    Ok(["a", "b"].map(|name| dir.join(name).display().to_string()))
}

fn the_search_continues_after_a_file_whose_interpreter_is_missing(target: Target, init: Init) -> Result<()> {
    let dir = TestDir::new()?;
    let [a, b] = two_directories(&dir, "#!/nonexistent/interpreter\n", 0o755)?;
    prints(words(init.start(target).env("PATH", format!("{a}:{b}")), "-- command"), "b\n")?;
    // A lack of permission says more than the lack of an interpreter, in either order.
    dir.file("b/command", "", 0o644)?;
    for path in [format!("{a}:{b}"), format!("{b}:{a}")] {
        init.fails(init.start(target).env("PATH", path), "command", Reason::NoPermission)?;
    }
    Ok(())
}

/// strace injects the errors of the kernel. It is the parent of the init.
fn the_search_continues_after_a_file_system_that_does_not_respond(target: Target, init: Init) -> Result<()> {
    for (name, reason) in [
        ("ESTALE", Reason::Other("ESTALE", 116)),
        ("ENODEV", Reason::Other("ENODEV", 19)),
        ("ETIMEDOUT", Reason::Other("ETIMEDOUT", 110)),
        ("EACCES", Reason::NoPermission),
    ] {
        let dir = TestDir::new()?;
        let [a, b] = two_directories(&dir, "#!/bin/sh\necho a\n", 0o755)?;
        let file = dir.join("a/command");
        let start = |path: String| inject(init.start(target), &dir, &file, name).env("PATH", path);
        prints(words(start(format!("{a}:{b}")), "-- command"), "b\n").with_context(|| name.to_owned())?;
        init.fails(start(format!("{a}:/nonexistent")), "command", reason)?;
    }
    Ok(())
}

/// Has the execution of a file fail. tini does not warn that strace is PID 1.
fn inject(launcher: Launcher, dir: &TestDir, file: &Path, error: &str) -> Launcher {
    let launcher = launcher.trace(&dir.join("calls")).env("TINI_VERBOSITY", "0");
    let options = ["-f", "-P", &file.display().to_string(), "-e", &format!("inject=execve:error={error}")];
    options.into_iter().fold(launcher, |launcher, option| launcher.strace(option))
}

/// As many arguments of the greatest length as there can be, and then as many more bytes.
fn arguments_up_to_the_limit_of_the_kernel_are_passed_on(target: Target, init: Init) -> Result<()> {
    // The kernel's limit for one argument, with its NUL.
    let argument = "x".repeat(32 * 4096 - 1);
    let fits = |count: usize, more: usize| -> Result<bool> {
        let launcher = init.start(target).argument("--").argument(test_child()?).argument("arguments");
        let launcher = with(launcher, repeat_n(&argument, count)).argument("y".repeat(more));
        match launcher.run() {
            Ok(outcome) => {
                let line = format!("{} arguments, {} bytes\n", count + 1, count * argument.len() + more);
                outcome.is(&Outcome::exited(&line, 0)).map(|()| true)
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

fn argv0_is_the_command_as_it_was_given(target: Target, init: Init) -> Result<()> {
    let directory = test_child()?.parent().map(ToOwned::to_owned).unwrap_or_default();
    let outcome = words(init.start(target).env("PATH", directory), "-- child report").run()?;
    same(outcome.end, End::Exited(0))?;
    let stdout = text(&outcome.stdout)?;
    ensure!(stdout.lines().any(|line| line == "argv0 child"), "{stdout}");
    exits(&words(init.start(target), "-- true").run()?, 0)
}
