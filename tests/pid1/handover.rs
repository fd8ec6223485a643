//! Which process group has the terminal, before, with and after COMMAND.

use std::fs;

use anyhow::{Context, Result, ensure};
use mote_tests::outcome::{End, same};
use mote_tests::terminal::{Terminal, on};
use mote_tests::{Case, Start, Suite, until};
use nix::libc::SIGUSR2;

use crate::scene::{Scene, actor, command_of, fact, itself, pid1, send, with, with_errors};

pub(crate) fn add(suite: Suite) -> Suite {
    let all = Case::all();
    suite
        .each("pid1::command_without_standard_input_has_the_terminal", &all, without_input)
        .each("pid1::a_prompt_on_dev_tty_is_answered_if_standard_input_is_redirected", &all, prompt)
        .each("pid1::in_the_background_of_a_shell_it_leaves_the_terminal_alone", &all, background)
        .each("pid1::the_terminal_is_given_back_below_pid_1", &all, |case| given_back(case, "exit=3", 3))
        .each("pid1::the_terminal_is_given_back_after_a_death_by_signal", &all, |case| {
            given_back(case, "die=9", 137)
        })
        .each("pid1::without_dev_tty_standard_input_is_the_terminal", &all, no_dev_tty)
}

/// A shell as PID 1 on a terminal, that runs a script whose arguments are pid1's words.
fn shell(case: Case, side: std::os::fd::OwnedFd, script: &str) -> Result<Start> {
    let host = Case::host().context("no native platform")?;
    let start = on(Start::of_file(host, "/bin/sh").as_pid_1(), side)?;
    Ok(with(start.argument("-c").argument(script).argument("sh"), itself(case)?))
}

fn without_input(case: Case) -> Result<()> {
    let scene = Scene::new()?;
    let (terminal, side) = Terminal::new()?;
    let start = on(pid1(case), side)?.close(0);
    let running = scene.start(start, "", "block say=ready hear=12 exit=3")?;
    same(terminal.foreground()?, command_of(&running)?)?;
    send(running.pid(), SIGUSR2)?;
    same(running.wait()?.end, End::Exited(3))
}

fn prompt(case: Case) -> Result<()> {
    let (mut terminal, side) = Terminal::new()?;
    let script = r#"exec "$@" -- sh -c 'read line </dev/tty; echo read-$line >/dev/tty' </dev/null"#;
    let running = shell(case, side, script)?.spawn()?;
    terminal.types("line\n")?;
    terminal.shows("read-line")?;
    same(running.wait()?.end, End::Exited(0))
}

/// The shell has the terminal all the time, and reads from it.
fn background(case: Case) -> Result<()> {
    let scene = Scene::new()?;
    let (mut terminal, side) = Terminal::new()?;
    let host = Case::host().context("no native platform")?;
    let start = on(Start::of_file(host, "/bin/sh").as_pid_1(), side)?;
    let running =
        start.argument("-i").env("PS1", "prompt> ").without_env("ENV").env("TERM", "dumb").spawn()?;
    terminal.shows("prompt> ")?;
    let words: Vec<_> = itself(case)?.into_iter().chain(["--".into(), actor()?]).collect();
    let words: Vec<_> = words.iter().map(|word| word.to_string_lossy()).collect();
    let words = words.join(" ");
    let log = scene.path("log");
    let steps = scene.resolve("report say=ready await=@end");
    terminal.types(&format!("{words} log={} {steps} &\n", log.display()))?;
    scene.until("ready")?;
    same(terminal.foreground()?, running.pid())?;
    ensure!(fact(&scene.lines(), "pid")? == fact(&scene.lines(), "pgid")?, "COMMAND leads no group");
    terminal.types("echo still-$((1 + 1))\n")?;
    terminal.shows("still-2")?;
    fs::write(scene.path("end"), "")?;
    terminal.types("wait; echo waited-$((1 + 1))\n")?;
    terminal.shows("waited-2")?;
    same(terminal.foreground()?, running.pid())?;
    terminal.types("exit 5\n")?;
    same(running.wait()?.end, End::Exited(5))
}

/// Without job control the shell relies on it.
fn given_back(case: Case, end: &str, status: i32) -> Result<()> {
    let scene = Scene::new()?;
    let (mut terminal, side) = Terminal::new()?;
    let script = format!(
        r#""$@" -- {} log={} say=ready await={} {end}; echo status-$?; read line; echo read-$line; exit 5"#,
        actor()?.display(),
        scene.path("log").display(),
        scene.path("go").display(),
    );
    let running = shell(case, side, &script)?.spawn()?;
    scene.until("ready")?;
    ensure!(terminal.foreground()? != running.pid(), "COMMAND has no terminal");
    fs::write(scene.path("go"), "")?;
    terminal.shows(&format!("status-{status}"))?;
    same(terminal.foreground()?, running.pid())?;
    terminal.types("line\n")?;
    terminal.shows("read-line")?;
    same(running.wait()?.end, End::Exited(5))
}

fn no_dev_tty(case: Case) -> Result<()> {
    mote_tests::require::root()?;
    let scene = Scene::new()?;
    let (terminal, side) = Terminal::new()?;
    let empty = scene.path("dev");
    fs::create_dir(&empty)?;
    let start = with_errors(on(pid1(case), side)?, &scene)?.bind(&empty, "/dev");
    let running = scene.start(start, "", "block say=ready hear=12 exit=3")?;
    until("the terminal", || Ok((terminal.foreground()? == command_of(&running)?).then_some(())))?;
    send(running.pid(), SIGUSR2)?;
    same(running.wait()?.end, End::Exited(3))
}
