//! The search for the command in PATH.

use std::fs::{self, File};
use std::os::unix::fs::symlink;

use anyhow::{Context, Result, ensure};
use mote_tests::outcome::{End, same, text};
use mote_tests::{Launcher, Outcome, Suite, Target, require};

use crate::failure::run_fails;
use crate::fixture::{TestDir, exits, pid1, with};

pub(crate) fn add(suite: Suite) -> Suite {
    let all = &Target::all();
    suite
        .test(all, a_command_that_does_not_exist_is_not_found)
        .test(all, an_empty_command_is_named_as_such_with_any_path)
        .test(all, other_errors_are_named_with_status_126)
        .test(all, directories_of_path_are_searched_in_order)
        .test(all, an_empty_element_is_the_working_directory)
        .test(all, a_command_with_a_slash_is_not_searched)
        .test(all, the_path_of_the_child_is_searched)
        .test(all, without_path_the_working_directory_is_not_searched)
        .test(all, without_path_usr_local_bin_is_searched_first)
        .test(all, the_search_continues_after_a_file_without_permission)
        .test(all, eacces_is_reported_after_the_search)
        .test(all, elements_that_are_no_directories_are_skipped)
        .test(all, elements_longer_than_path_max_are_skipped)
        .test(all, a_relative_command_is_relative_to_the_workdir)
}

fn says(launcher: Launcher, expected: &str) -> Result<()> {
    launcher.run()?.is(&Outcome::exited(expected, 0))
}

fn a_command_that_does_not_exist_is_not_found(target: Target) -> Result<()> {
    let dir = TestDir::new()?;
    symlink("nowhere", dir.join("dangling"))?;
    let dangling = dir.join("dangling").display().to_string();
    for command in ["./x", "-", &dangling, "/dev/null/command"] {
        run_fails(pid1(target).argument(command), 127, &format!("{command}: not found"))?;
    }
    // A long name is cut, and the text behind it is not.
    let outcome = pid1(target).argument("x/".repeat(1000)).run()?;
    same(outcome.end, End::Exited(127))?;
    let line = text(&outcome.stderr)?;
    ensure!(line.starts_with("pid1: x/x/") && line.ends_with(": not found\n"), "{line}");
    Ok(())
}

fn an_empty_command_is_named_as_such_with_any_path(target: Target) -> Result<()> {
    for path in ["/usr/bin:/bin", "", ":"] {
        run_fails(pid1(target).env("PATH", path).argument(""), 127, "COMMAND is empty")?;
    }
    Ok(())
}

fn other_errors_are_named_with_status_126(target: Target) -> Result<()> {
    let dir = TestDir::new()?;
    symlink("loop", dir.join("loop"))?;
    let name = dir.join("loop").display().to_string();
    run_fails(pid1(target).argument(&name), 126, &format!("{name}: ELOOP"))?;
    let name = format!("/{}", "x".repeat(300));
    run_fails(pid1(target).argument(&name), 126, &format!("{name}: ENAMETOOLONG"))?;
    let busy = dir.file("busy", "#!/bin/sh\n", 0o755)?;
    let writer = File::options().append(true).open(&busy)?;
    run_fails(pid1(target).argument(&busy), 126, &format!("{}: ETXTBSY", busy.display()))?;
    drop(writer);
    exits(&pid1(target).argument(&busy).run()?, 0)
}

/// Creates two directories with a command of the same name in each, and returns a PATH of both.
fn two_directories(dir: &TestDir, modes: [u32; 2]) -> Result<String> {
    for (name, mode) in ["a", "b"].into_iter().zip(modes) {
        dir.file(&format!("{name}/command"), format!("#!/bin/sh\necho {name}\n"), mode)?;
    }
    Ok(format!("{}:{}", dir.join("a").display(), dir.join("b").display()))
}

fn directories_of_path_are_searched_in_order(target: Target) -> Result<()> {
    let dir = TestDir::new()?;
    let path = two_directories(&dir, [0o755, 0o755])?;
    says(pid1(target).env("PATH", format!("/nonexistent:{path}")).argument("command"), "a\n")?;
    fs::remove_file(dir.join("a/command"))?;
    says(pid1(target).env("PATH", path).argument("command"), "b\n")
}

fn an_empty_element_is_the_working_directory(target: Target) -> Result<()> {
    let dir = TestDir::new()?;
    dir.file("command", "#!/bin/sh\necho here\n", 0o755)?;
    for path in ["", ":", ":/usr/bin:/bin", "/usr/bin::/bin", "/usr/bin:/bin:"] {
        says(pid1(target).cwd(dir.path()).env("PATH", path).argument("command"), "here\n")?;
    }
    let launcher = pid1(target).cwd(dir.path()).env("PATH", "/usr/bin:/bin");
    run_fails(launcher.argument("command"), 127, "command: not found")
}

fn a_command_with_a_slash_is_not_searched(target: Target) -> Result<()> {
    let dir = TestDir::new()?;
    let path = two_directories(&dir, [0o755, 0o755])?;
    says(pid1(target).cwd(dir.path()).env("PATH", &path).argument("b/command"), "b\n")?;
    let launcher = pid1(target).cwd(dir.path()).env("PATH", &path);
    run_fails(launcher.argument("./command"), 127, "./command: not found")
}

fn the_path_of_the_child_is_searched(target: Target) -> Result<()> {
    let dir = TestDir::new()?;
    let path = two_directories(&dir, [0o755, 0o755])?;
    let (a, b) = path.split_once(':').unwrap_or_default();
    says(with(pid1(target).env("PATH", a), ["-e", &format!("PATH={b}"), "command"]), "b\n")?;
    says(with(pid1(target).without_env("PATH"), ["-e", &format!("PATH={b}"), "command"]), "b\n")?;
    let launcher = with(pid1(target).env("PATH", a), ["-e", "PATH=/nonexistent", "command"]);
    run_fails(launcher, 127, "command: not found")
}

/// Any user may have put a program into the working directory.
fn without_path_the_working_directory_is_not_searched(target: Target) -> Result<()> {
    let dir = TestDir::new()?;
    dir.file("command", "#!/bin/sh\n", 0o755)?;
    exits(&with(pid1(target).without_env("PATH"), ["sh", "-c", "exit 7"]).run()?, 7)?;
    run_fails(pid1(target).cwd(dir.path()).without_env("PATH").argument("command"), 127, "command: not found")
}

fn without_path_usr_local_bin_is_searched_first(target: Target) -> Result<()> {
    require::root()?;
    let dir = TestDir::new()?;
    dir.file("local/command", "#!/bin/sh\necho local\n", 0o755)?;
    dir.file("local/true", "#!/bin/sh\necho local\n", 0o755)?;
    for command in ["command", "true"] {
        let launcher = pid1(target).bind(&dir.join("local"), "/usr/local/bin").without_env("PATH");
        says(launcher.argument(command), "local\n")?;
    }
    Ok(())
}

fn the_search_continues_after_a_file_without_permission(target: Target) -> Result<()> {
    let dir = TestDir::new()?;
    let path = two_directories(&dir, [0o644, 0o755])?;
    says(pid1(target).env("PATH", path).argument("command"), "b\n")
}

fn eacces_is_reported_after_the_search(target: Target) -> Result<()> {
    let dir = TestDir::new()?;
    let path = two_directories(&dir, [0o755, 0o644])?;
    fs::remove_file(dir.join("a/command"))?;
    for path in [format!("{path}:/nonexistent"), format!("/nonexistent:{path}")] {
        run_fails(pid1(target).env("PATH", path).argument("command"), 126, "command: EACCES")?;
    }
    Ok(())
}

fn elements_that_are_no_directories_are_skipped(target: Target) -> Result<()> {
    let dir = TestDir::new()?;
    let path = two_directories(&dir, [0o755, 0o755])?;
    says(pid1(target).env("PATH", format!("/dev/null:{path}")).argument("command"), "a\n")?;
    run_fails(pid1(target).env("PATH", "/dev/null").argument("command"), 127, "command: not found")?;
    // This error ends the search, as with execvp(3).
    let parts = format!("/{}:{path}", "x".repeat(300));
    run_fails(pid1(target).env("PATH", parts).argument("command"), 126, "command: ENAMETOOLONG")
}

/// All lengths around the limit of 4096 bytes, which includes the NUL.
fn elements_longer_than_path_max_are_skipped(target: Target) -> Result<()> {
    let dir = TestDir::new()?;
    let path = two_directories(&dir, [0o755, 0o755])?;
    let separate = "/command".len();
    for length in
        [4000, 4094 - separate, 4095 - separate, 4096 - separate, 4097 - separate, 4095, 4096, 5000, 100_000]
    {
        let element: String = "/x".chars().cycle().take(length).collect();
        let launcher = pid1(target).env("PATH", format!("{element}:{path}"));
        says(launcher.argument("command"), "a\n").with_context(|| format!("{length} bytes"))?;
        run_fails(pid1(target).env("PATH", &element).argument("command"), 127, "command: not found")
            .with_context(|| format!("{length} bytes"))?;
    }
    // Cut at PATH_MAX, the path would be that of a file.
    let linked = dir.file("linked", "#!/bin/sh\necho wrong\n", 0o755)?.display().to_string();
    let element = format!("{}{linked}", "/".repeat(4095 - linked.len()));
    run_fails(pid1(target).env("PATH", element).argument("command"), 127, "command: not found")
}

fn a_relative_command_is_relative_to_the_workdir(target: Target) -> Result<()> {
    let dir = TestDir::new()?;
    two_directories(&dir, [0o755, 0o755])?;
    let launcher = with(pid1(target).cwd(dir.path()), ["-w", "a"]);
    says(launcher.argument("./command"), "a\n")?;
    let launcher = with(pid1(target).cwd(dir.path()).env("PATH", ":/bin"), ["-w", "b"]);
    says(launcher.argument("command"), "b\n")
}
