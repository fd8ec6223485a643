//! The search for COMMAND in PATH.

use std::fs::{self, File};
use std::os::unix::fs::symlink;

use anyhow::{Context, Result, ensure};
use mote_tests::outcome::{End, same, text};
use mote_tests::{Case, Outcome, Start, Suite, require};

use crate::failure::run_fails;
use crate::scene::{Scene, exits, pid1, with};

pub(crate) fn add(suite: Suite) -> Suite {
    let all = Case::all();
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

fn says(start: Start, expected: &str) -> Result<()> {
    start.run()?.is(&Outcome::exited(expected, 0))
}

fn not_found(case: Case) -> Result<()> {
    let scene = Scene::new()?;
    symlink("nowhere", scene.path("dangling"))?;
    let dangling = scene.path("dangling").display().to_string();
    let behind_a_file = "/dev/null/command";
    for command in ["nonexistent-command", "/nonexistent/command", "./x", "-", &dangling, behind_a_file] {
        run_fails(pid1(case).argument(command), 127, &format!("{command}: not found"))?;
    }
    // A name that does not fit into the line is cut.
    let outcome = pid1(case).argument("x/".repeat(1000)).run()?;
    same(outcome.end, End::Exited(127))?;
    let line = text(&outcome.stderr)?;
    ensure!(line.starts_with("pid1: x/x/") && line.ends_with(": not found\n"), "{line}");
    Ok(())
}

fn empty_command(case: Case) -> Result<()> {
    for path in ["/usr/bin:/bin", "", ":"] {
        run_fails(pid1(case).env("PATH", path).argument(""), 127, "COMMAND is empty")?;
    }
    Ok(())
}

fn not_executable(case: Case) -> Result<()> {
    let scene = Scene::new()?;
    let file = scene.file("file", "#!/bin/sh\n", 0o644)?;
    for command in [file.as_path(), scene.folder(), "/".as_ref()] {
        run_fails(pid1(case).argument(command), 126, &format!("{}: EACCES", command.display()))?;
    }
    Ok(())
}

fn other_reasons(case: Case) -> Result<()> {
    let scene = Scene::new()?;
    symlink("loop", scene.path("loop"))?;
    let name = scene.path("loop").display().to_string();
    run_fails(pid1(case).argument(&name), 126, &format!("{name}: ELOOP"))?;
    let name = format!("/{}", "x".repeat(300));
    run_fails(pid1(case).argument(&name), 126, &format!("{name}: ENAMETOOLONG"))?;
    let busy = scene.file("busy", "#!/bin/sh\n", 0o755)?;
    let writer = File::options().append(true).open(&busy)?;
    run_fails(pid1(case).argument(&busy), 126, &format!("{}: ETXTBSY", busy.display()))?;
    drop(writer);
    exits(&pid1(case).argument(&busy).run()?, 0)
}

/// Two directories with a command of the same name in each.
fn two_directories(scene: &Scene, modes: [u32; 2]) -> Result<String> {
    for (name, mode) in ["a", "b"].into_iter().zip(modes) {
        scene.file(&format!("{name}/command"), format!("#!/bin/sh\necho {name}\n"), mode)?;
    }
    Ok(format!("{}:{}", scene.path("a").display(), scene.path("b").display()))
}

fn in_order(case: Case) -> Result<()> {
    let scene = Scene::new()?;
    let path = two_directories(&scene, [0o755, 0o755])?;
    says(pid1(case).env("PATH", format!("/nonexistent:{path}")).argument("command"), "a\n")?;
    fs::remove_file(scene.path("a/command"))?;
    says(pid1(case).env("PATH", path).argument("command"), "b\n")
}

fn empty_parts(case: Case) -> Result<()> {
    let scene = Scene::new()?;
    scene.file("command", "#!/bin/sh\necho here\n", 0o755)?;
    for path in ["", ":", ":/usr/bin:/bin", "/usr/bin::/bin", "/usr/bin:/bin:"] {
        says(pid1(case).cwd(scene.folder()).env("PATH", path).argument("command"), "here\n")?;
    }
    let start = pid1(case).cwd(scene.folder()).env("PATH", "/usr/bin:/bin");
    run_fails(start.argument("command"), 127, "command: not found")
}

fn with_slash(case: Case) -> Result<()> {
    let scene = Scene::new()?;
    let path = two_directories(&scene, [0o755, 0o755])?;
    says(pid1(case).cwd(scene.folder()).env("PATH", &path).argument("b/command"), "b\n")?;
    let start = pid1(case).cwd(scene.folder()).env("PATH", &path);
    run_fails(start.argument("./command"), 127, "./command: not found")
}

fn path_of_command(case: Case) -> Result<()> {
    let scene = Scene::new()?;
    let path = two_directories(&scene, [0o755, 0o755])?;
    let (a, b) = path.split_once(':').unwrap_or_default();
    says(with(pid1(case).env("PATH", a), ["-e", &format!("PATH={b}"), "command"]), "b\n")?;
    says(with(pid1(case).without_env("PATH"), ["-e", &format!("PATH={b}"), "command"]), "b\n")?;
    let start = with(pid1(case).env("PATH", a), ["-e", "PATH=/nonexistent", "command"]);
    run_fails(start, 127, "command: not found")
}

/// The working directory, in which anybody may have put a program, is not searched.
fn no_path(case: Case) -> Result<()> {
    let scene = Scene::new()?;
    scene.file("command", "#!/bin/sh\n", 0o755)?;
    exits(&with(pid1(case).without_env("PATH"), ["sh", "-c", "exit 7"]).run()?, 7)?;
    run_fails(
        pid1(case).cwd(scene.folder()).without_env("PATH").argument("command"),
        127,
        "command: not found",
    )
}

fn default_path(case: Case) -> Result<()> {
    require::root()?;
    let scene = Scene::new()?;
    scene.file("local/command", "#!/bin/sh\necho local\n", 0o755)?;
    scene.file("local/true", "#!/bin/sh\necho local\n", 0o755)?;
    for command in ["command", "true"] {
        let start = pid1(case).bind(&scene.path("local"), "/usr/local/bin").without_env("PATH");
        says(start.argument(command), "local\n")?;
    }
    Ok(())
}

fn goes_on(case: Case) -> Result<()> {
    let scene = Scene::new()?;
    let path = two_directories(&scene, [0o644, 0o755])?;
    says(pid1(case).env("PATH", path).argument("command"), "b\n")
}

fn remembers(case: Case) -> Result<()> {
    let scene = Scene::new()?;
    let path = two_directories(&scene, [0o755, 0o644])?;
    fs::remove_file(scene.path("a/command"))?;
    for path in [format!("{path}:/nonexistent"), format!("/nonexistent:{path}")] {
        run_fails(pid1(case).env("PATH", path).argument("command"), 126, "command: EACCES")?;
    }
    Ok(())
}

fn no_directories(case: Case) -> Result<()> {
    let scene = Scene::new()?;
    let path = two_directories(&scene, [0o755, 0o755])?;
    says(pid1(case).env("PATH", format!("/dev/null:{path}")).argument("command"), "a\n")?;
    run_fails(pid1(case).env("PATH", "/dev/null").argument("command"), 127, "command: not found")?;
    // As with execvp(3), this one ends the search.
    let parts = format!("/{}:{path}", "x".repeat(300));
    run_fails(pid1(case).env("PATH", parts).argument("command"), 126, "command: ENAMETOOLONG")
}

/// All lengths around the limit of 4096 bytes, which includes the NUL.
fn long_elements(case: Case) -> Result<()> {
    let scene = Scene::new()?;
    let path = two_directories(&scene, [0o755, 0o755])?;
    let separate = "/command".len();
    for length in
        [4000, 4094 - separate, 4095 - separate, 4096 - separate, 4097 - separate, 4095, 4096, 5000, 100_000]
    {
        let element: String = "/x".chars().cycle().take(length).collect();
        let start = pid1(case).env("PATH", format!("{element}:{path}"));
        says(start.argument("command"), "a\n").with_context(|| format!("{length} bytes"))?;
        run_fails(pid1(case).env("PATH", &element).argument("command"), 127, "command: not found")
            .with_context(|| format!("{length} bytes"))?;
    }
    // The cut path of the element would be that of a file.
    let target = scene.file("target", "#!/bin/sh\necho wrong\n", 0o755)?.display().to_string();
    let element = format!("{}{target}", "/".repeat(4095 - target.len()));
    run_fails(pid1(case).env("PATH", element).argument("command"), 127, "command: not found")
}

fn in_workdir(case: Case) -> Result<()> {
    let scene = Scene::new()?;
    two_directories(&scene, [0o755, 0o755])?;
    let start = with(pid1(case).cwd(scene.folder()), ["-w", "a"]);
    says(start.argument("./command"), "a\n")?;
    let start = with(pid1(case).cwd(scene.folder()).env("PATH", ":/bin"), ["-w", "b"]);
    says(start.argument("command"), "b\n")
}
