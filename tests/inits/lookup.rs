//! The search for COMMAND in PATH.

use std::fs::{self, File};
use std::os::unix::fs::symlink;

use anyhow::{Context, Result, ensure};
use mote_tests::outcome::{End, same, text};
use mote_tests::{Launcher, Outcome, Suite, Target, require};

use crate::failure::run_fails;
use crate::fixture::{TestDir, exits, pid1, with};

pub(crate) fn add(suite: Suite) -> Suite {
    let all = Target::all();
    suite
        .each("pid1::a_command_that_is_not_there_is_127_and_not_found", &all, not_found)
        .each("pid1::an_empty_command_is_127_and_named_as_such", &all, empty_command)
        .each("pid1::a_command_that_may_not_be_executed_is_126_and_eacces", &all, not_executable)
        .each("pid1::other_reasons_are_126_with_their_name", &all, other_reasons)
        .each("pid1::searches_the_directories_of_path_in_order", &all, in_order)
        .each("pid1::an_empty_part_of_path_is_the_current_directory", &all, empty_parts)
        .each("pid1::a_command_with_a_slash_is_not_searched", &all, with_slash)
        .each("pid1::searches_the_path_that_command_will_have", &all, path_of_command)
        .each("pid1::searches_the_usual_directories_without_path", &all, no_path)
        .each("pid1::usr_local_bin_is_the_first_directory_without_path", &all, default_path)
        .each("pid1::goes_on_after_what_it_may_not_execute", &all, goes_on)
        .each("pid1::remembers_what_it_may_not_execute", &all, remembers)
        .each("pid1::passes_over_parts_of_path_that_are_no_directories", &all, no_directories)
        .each("pid1::passes_over_parts_of_path_that_are_longer_than_path_max", &all, long_elements)
        .each("pid1::a_relative_command_is_looked_up_in_the_workdir", &all, in_workdir)
}

fn says(launcher: Launcher, expected: &str) -> Result<()> {
    launcher.run()?.is(&Outcome::exited(expected, 0))
}

fn not_found(target: Target) -> Result<()> {
    let dir = TestDir::new()?;
    symlink("nowhere", dir.join("dangling"))?;
    let dangling = dir.join("dangling").display().to_string();
    let behind_a_file = "/dev/null/command";
    for command in ["nonexistent-command", "/nonexistent/command", "./x", "-", &dangling, behind_a_file] {
        run_fails(pid1(target).argument(command), 127, &format!("{command}: not found"))?;
    }
    // A name that does not fit into the line is cut.
    let outcome = pid1(target).argument("x/".repeat(1000)).run()?;
    same(outcome.end, End::Exited(127))?;
    let line = text(&outcome.stderr)?;
    ensure!(line.starts_with("pid1: x/x/") && line.ends_with(": not found\n"), "{line}");
    Ok(())
}

fn empty_command(target: Target) -> Result<()> {
    for path in ["/usr/bin:/bin", "", ":"] {
        run_fails(pid1(target).env("PATH", path).argument(""), 127, "COMMAND is empty")?;
    }
    Ok(())
}

fn not_executable(target: Target) -> Result<()> {
    let dir = TestDir::new()?;
    let file = dir.file("file", "#!/bin/sh\n", 0o644)?;
    for command in [file.as_path(), dir.path(), "/".as_ref()] {
        run_fails(pid1(target).argument(command), 126, &format!("{}: EACCES", command.display()))?;
    }
    Ok(())
}

fn other_reasons(target: Target) -> Result<()> {
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

/// Two directories with a command of the same name in each.
fn two_directories(dir: &TestDir, modes: [u32; 2]) -> Result<String> {
    for (name, mode) in ["a", "b"].into_iter().zip(modes) {
        dir.file(&format!("{name}/command"), format!("#!/bin/sh\necho {name}\n"), mode)?;
    }
    Ok(format!("{}:{}", dir.join("a").display(), dir.join("b").display()))
}

fn in_order(target: Target) -> Result<()> {
    let dir = TestDir::new()?;
    let path = two_directories(&dir, [0o755, 0o755])?;
    says(pid1(target).env("PATH", format!("/nonexistent:{path}")).argument("command"), "a\n")?;
    fs::remove_file(dir.join("a/command"))?;
    says(pid1(target).env("PATH", path).argument("command"), "b\n")
}

fn empty_parts(target: Target) -> Result<()> {
    let dir = TestDir::new()?;
    dir.file("command", "#!/bin/sh\necho here\n", 0o755)?;
    for path in ["", ":", ":/usr/bin:/bin", "/usr/bin::/bin", "/usr/bin:/bin:"] {
        says(pid1(target).cwd(dir.path()).env("PATH", path).argument("command"), "here\n")?;
    }
    let launcher = pid1(target).cwd(dir.path()).env("PATH", "/usr/bin:/bin");
    run_fails(launcher.argument("command"), 127, "command: not found")
}

fn with_slash(target: Target) -> Result<()> {
    let dir = TestDir::new()?;
    let path = two_directories(&dir, [0o755, 0o755])?;
    says(pid1(target).cwd(dir.path()).env("PATH", &path).argument("b/command"), "b\n")?;
    let launcher = pid1(target).cwd(dir.path()).env("PATH", &path);
    run_fails(launcher.argument("./command"), 127, "./command: not found")
}

fn path_of_command(target: Target) -> Result<()> {
    let dir = TestDir::new()?;
    let path = two_directories(&dir, [0o755, 0o755])?;
    let (a, b) = path.split_once(':').unwrap_or_default();
    says(with(pid1(target).env("PATH", a), ["-e", &format!("PATH={b}"), "command"]), "b\n")?;
    says(with(pid1(target).without_env("PATH"), ["-e", &format!("PATH={b}"), "command"]), "b\n")?;
    let launcher = with(pid1(target).env("PATH", a), ["-e", "PATH=/nonexistent", "command"]);
    run_fails(launcher, 127, "command: not found")
}

/// The working directory, in which anybody may have put a program, is not searched.
fn no_path(target: Target) -> Result<()> {
    let dir = TestDir::new()?;
    dir.file("command", "#!/bin/sh\n", 0o755)?;
    exits(&with(pid1(target).without_env("PATH"), ["sh", "-c", "exit 7"]).run()?, 7)?;
    run_fails(pid1(target).cwd(dir.path()).without_env("PATH").argument("command"), 127, "command: not found")
}

fn default_path(target: Target) -> Result<()> {
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

fn goes_on(target: Target) -> Result<()> {
    let dir = TestDir::new()?;
    let path = two_directories(&dir, [0o644, 0o755])?;
    says(pid1(target).env("PATH", path).argument("command"), "b\n")
}

fn remembers(target: Target) -> Result<()> {
    let dir = TestDir::new()?;
    let path = two_directories(&dir, [0o755, 0o644])?;
    fs::remove_file(dir.join("a/command"))?;
    for path in [format!("{path}:/nonexistent"), format!("/nonexistent:{path}")] {
        run_fails(pid1(target).env("PATH", path).argument("command"), 126, "command: EACCES")?;
    }
    Ok(())
}

fn no_directories(target: Target) -> Result<()> {
    let dir = TestDir::new()?;
    let path = two_directories(&dir, [0o755, 0o755])?;
    says(pid1(target).env("PATH", format!("/dev/null:{path}")).argument("command"), "a\n")?;
    run_fails(pid1(target).env("PATH", "/dev/null").argument("command"), 127, "command: not found")?;
    // As with execvp(3), this one ends the search.
    let parts = format!("/{}:{path}", "x".repeat(300));
    run_fails(pid1(target).env("PATH", parts).argument("command"), 126, "command: ENAMETOOLONG")
}

/// All lengths around the limit of 4096 bytes, which includes the NUL.
fn long_elements(target: Target) -> Result<()> {
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
    // The cut path of the element would be that of a file.
    let linked = dir.file("linked", "#!/bin/sh\necho wrong\n", 0o755)?.display().to_string();
    let element = format!("{}{linked}", "/".repeat(4095 - linked.len()));
    run_fails(pid1(target).env("PATH", element).argument("command"), 127, "command: not found")
}

fn in_workdir(target: Target) -> Result<()> {
    let dir = TestDir::new()?;
    two_directories(&dir, [0o755, 0o755])?;
    let launcher = with(pid1(target).cwd(dir.path()), ["-w", "a"]);
    says(launcher.argument("./command"), "a\n")?;
    let launcher = with(pid1(target).cwd(dir.path()).env("PATH", ":/bin"), ["-w", "b"]);
    says(launcher.argument("command"), "b\n")
}
