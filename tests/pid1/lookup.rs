//! How COMMAND is found, and what is said when it can't be run.

use std::fs::{self, File};
use std::io;
use std::os::unix::fs::symlink;

use anyhow::{Result, ensure};
use mote_tests::outcome::{End, same, text};
use mote_tests::{Case, Outcome, Start, Suite};

use crate::scene::{Scene, actor, complains, exits, pid1, with, words};

pub(crate) fn add(suite: Suite) -> Suite {
    let (all, native) = (Case::all(), Case::native());
    suite
        .each("pid1::a_command_that_is_not_there_is_127_and_enoent", &all, not_found)
        .each("pid1::a_command_that_may_not_be_executed_is_126_and_eacces", &all, not_executable)
        .each("pid1::other_reasons_are_126_with_their_name", &all, other_reasons)
        .each("pid1::searches_the_folders_of_path_in_order", &all, in_order)
        .each("pid1::an_empty_part_of_path_is_the_current_folder", &all, empty_parts)
        .each("pid1::a_command_with_a_slash_is_not_searched", &all, with_slash)
        .each("pid1::searches_the_path_that_command_will_have", &all, path_of_command)
        .each("pid1::searches_the_usual_folders_without_path", &all, no_path)
        .each("pid1::goes_on_after_what_it_may_not_execute", &all, goes_on)
        .each("pid1::remembers_what_it_may_not_execute", &all, remembers)
        .each("pid1::passes_over_parts_of_path_that_are_no_folders", &all, no_folders)
        .each("pid1::a_relative_command_is_looked_up_in_the_workdir", &all, in_workdir)
        .each("pid1::sh_runs_a_script_without_an_interpreter_line", &all, script)
        .each("pid1::sh_runs_such_a_script_from_path_with_its_arguments", &all, script_from_path)
        .each("pid1::takes_arguments_up_to_the_limit_of_the_kernel", &native, longest)
        .each("pid1::argv0_is_command_as_it_was_written", &all, argv0)
}

fn says(start: Start, expected: &str) -> Result<()> {
    start.run()?.is(&Outcome::exited(expected, 0))
}

fn not_found(case: Case) -> Result<()> {
    for command in ["nonexistent-command", "/nonexistent/command", "./nonexistent-command"] {
        complains(&words(pid1(case), command).run()?, 127, &[command, "ENOENT"])?;
    }
    complains(&pid1(case).argument("").run()?, 127, &["ENOENT"])?;
    complains(&pid1(case).argument("-").run()?, 127, &["-", "ENOENT"])
}

fn not_executable(case: Case) -> Result<()> {
    let scene = Scene::new()?;
    let file = scene.file("file", "#!/bin/sh\n", 0o644)?;
    for command in [file.as_path(), scene.folder(), "/".as_ref()] {
        let name = command.display().to_string();
        complains(&pid1(case).argument(command).run()?, 126, &[&name, "EACCES"])?;
    }
    Ok(())
}

fn other_reasons(case: Case) -> Result<()> {
    let scene = Scene::new()?;
    symlink("loop", scene.path("loop"))?;
    complains(&pid1(case).argument(scene.path("loop")).run()?, 126, &["loop", "ELOOP"])?;
    let long = format!("/{}", "x".repeat(5000));
    let outcome = pid1(case).argument(&long).run()?;
    complains(&outcome, 126, &["ENAMETOOLONG"])?;
    let busy = scene.file("busy", "#!/bin/sh\n", 0o755)?;
    let writer = File::options().append(true).open(&busy)?;
    complains(&pid1(case).argument(&busy).run()?, 126, &["busy", "ETXTBSY"])?;
    drop(writer);
    exits(&pid1(case).argument(&busy).run()?, 0)
}

/// Two folders with a command of the same name in each.
fn two_folders(scene: &Scene, modes: [u32; 2]) -> Result<String> {
    for (name, mode) in ["a", "b"].into_iter().zip(modes) {
        scene.file(&format!("{name}/command"), format!("#!/bin/sh\necho {name}\n"), mode)?;
    }
    Ok(format!("{}:{}", scene.path("a").display(), scene.path("b").display()))
}

fn in_order(case: Case) -> Result<()> {
    let scene = Scene::new()?;
    let path = two_folders(&scene, [0o755, 0o755])?;
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
    let outcome = pid1(case).cwd(scene.folder()).env("PATH", "/usr/bin:/bin").argument("command").run()?;
    complains(&outcome, 127, &["command", "ENOENT"])
}

fn with_slash(case: Case) -> Result<()> {
    let scene = Scene::new()?;
    let path = two_folders(&scene, [0o755, 0o755])?;
    says(pid1(case).cwd(scene.folder()).env("PATH", &path).argument("b/command"), "b\n")?;
    let outcome = pid1(case).cwd(scene.folder()).env("PATH", &path).argument("./command").run()?;
    complains(&outcome, 127, &["./command", "ENOENT"])
}

fn path_of_command(case: Case) -> Result<()> {
    let scene = Scene::new()?;
    let path = two_folders(&scene, [0o755, 0o755])?;
    let (a, b) = path.split_once(':').unwrap_or_default();
    says(with(pid1(case).env("PATH", a), ["-e", &format!("PATH={b}"), "command"]), "b\n")?;
    says(with(pid1(case).without_env("PATH"), ["-e", &format!("PATH={b}"), "command"]), "b\n")?;
    let start = with(pid1(case).env("PATH", a), ["-e", "PATH=/nonexistent", "command"]);
    complains(&start.run()?, 127, &["command", "ENOENT"])
}

/// The C library's default: `/bin` and `/usr/bin`, and not the current folder.
fn no_path(case: Case) -> Result<()> {
    let scene = Scene::new()?;
    scene.file("command", "#!/bin/sh\n", 0o755)?;
    exits(&with(pid1(case).without_env("PATH"), ["sh", "-c", "exit 7"]).run()?, 7)?;
    let outcome = pid1(case).cwd(scene.folder()).without_env("PATH").argument("command").run()?;
    complains(&outcome, 127, &["command", "ENOENT"])
}

fn goes_on(case: Case) -> Result<()> {
    let scene = Scene::new()?;
    let path = two_folders(&scene, [0o644, 0o755])?;
    says(pid1(case).env("PATH", path).argument("command"), "b\n")
}

fn remembers(case: Case) -> Result<()> {
    let scene = Scene::new()?;
    let path = two_folders(&scene, [0o755, 0o644])?;
    fs::remove_file(scene.path("a/command"))?;
    for path in [format!("{path}:/nonexistent"), format!("/nonexistent:{path}")] {
        let outcome = pid1(case).env("PATH", path).argument("command").run()?;
        complains(&outcome, 126, &["command", "EACCES"])?;
    }
    Ok(())
}

fn no_folders(case: Case) -> Result<()> {
    let scene = Scene::new()?;
    let path = two_folders(&scene, [0o755, 0o755])?;
    says(pid1(case).env("PATH", format!("/dev/null:{path}")).argument("command"), "a\n")?;
    // This one isn't, like with execvp.
    let parts = format!("/{}:{path}", "x".repeat(300));
    complains(&pid1(case).env("PATH", parts).argument("command").run()?, 126, &["command", "ENAMETOOLONG"])?;
    complains(&pid1(case).env("PATH", "/dev/null").argument("command").run()?, 127, &["command"])
}

fn in_workdir(case: Case) -> Result<()> {
    let scene = Scene::new()?;
    two_folders(&scene, [0o755, 0o755])?;
    let start = with(pid1(case).cwd(scene.folder()), ["-w", "a"]);
    says(start.argument("./command"), "a\n")?;
    let start = with(pid1(case).cwd(scene.folder()).env("PATH", ":/bin"), ["-w", "b"]);
    says(start.argument("command"), "b\n")
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

/// As many words of the greatest length as can be, and then as many more bytes.
fn longest(case: Case) -> Result<()> {
    // The kernel's limit for one word, with its final zero.
    let word = "x".repeat(32 * 4096 - 1);
    let fits = |count: usize, more: usize| -> Result<bool> {
        let start = with(pid1(case), [actor()?.as_os_str(), "arguments".as_ref()]);
        let start = with(start, std::iter::repeat_n(&word, count)).argument("y".repeat(more));
        match start.run() {
            Ok(outcome) => {
                let said = format!("{} arguments, {} bytes\n", count + 1, count * word.len() + more);
                outcome.is(&Outcome::exited(&said, 0)).map(|()| true)
            }
            // The starter, which has some words more, could not be executed.
            Err(error) if is_too_long(&error) => Ok(false),
            Err(error) => Err(error),
        }
    };
    let mut count = 0;
    while fits(count + 1, 0)? {
        count += 1;
    }
    ensure!(count > 8, "only {count} words fit");
    let (mut low, mut high) = (0, word.len());
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
