//! Which process group has the terminal, before, with and after COMMAND.

use std::fs;

use anyhow::{Context, Result, ensure};
use mote_tests::outcome::{End, same};
use mote_tests::terminal::{Terminal, on};
use mote_tests::{Launcher, Suite, Target, until};
use nix::libc::SIGUSR2;

use crate::fixture::{TestDir, command_of, fact, itself, pid1, send, test_child, with, with_errors};

pub(crate) fn add(suite: Suite) -> Suite {
    let all = Target::all();
    suite
        .each("pid1::command_without_standard_input_has_the_terminal", &all, without_input)
        .each("pid1::a_prompt_on_dev_tty_is_answered_if_standard_input_is_redirected", &all, prompt)
        .each("pid1::in_the_background_of_a_shell_it_leaves_the_terminal_alone", &all, background)
        .each("pid1::the_terminal_is_given_back_below_pid_1", &all, |target| given_back(target, "exit=3", 3))
        .each("pid1::the_terminal_is_given_back_after_a_death_by_signal", &all, |target| {
            given_back(target, "die=9", 137)
        })
        .each("pid1::without_dev_tty_standard_input_is_the_terminal", &all, no_dev_tty)
}

/// A shell as PID 1 on a terminal, that runs a script whose arguments are pid1's words.
fn shell(target: Target, side: std::os::fd::OwnedFd, script: &str) -> Result<Launcher> {
    let host = Target::host().context("no native platform")?;
    let launcher = on(Launcher::of_file(host, "/bin/sh").as_pid_1(), side)?;
    Ok(with(launcher.argument("-c").argument(script).argument("sh"), itself(target)?))
}

fn without_input(target: Target) -> Result<()> {
    let dir = TestDir::new()?;
    let (terminal, side) = Terminal::new()?;
    let launcher = on(pid1(target), side)?.close(0);
    let running = dir.start(launcher, "", "block say=ready hear=12 exit=3")?;
    same(terminal.foreground()?, command_of(&running)?)?;
    send(running.pid(), SIGUSR2)?;
    same(running.wait()?.end, End::Exited(3))
}

fn prompt(target: Target) -> Result<()> {
    let (mut terminal, side) = Terminal::new()?;
    let script = r#"exec "$@" -- sh -c 'read line </dev/tty; echo read-$line >/dev/tty' </dev/null"#;
    let running = shell(target, side, script)?.spawn()?;
    terminal.types("line\n")?;
    terminal.shows("read-line")?;
    same(running.wait()?.end, End::Exited(0))
}

/// The shell has the terminal all the time, and reads from it.
fn background(target: Target) -> Result<()> {
    let dir = TestDir::new()?;
    let (mut terminal, side) = Terminal::new()?;
    let host = Target::host().context("no native platform")?;
    let launcher = on(Launcher::of_file(host, "/bin/sh").as_pid_1(), side)?;
    let running =
        launcher.argument("-i").env("PS1", "prompt> ").without_env("ENV").env("TERM", "dumb").spawn()?;
    terminal.shows("prompt> ")?;
    let words: Vec<_> = itself(target)?.into_iter().chain(["--".into(), test_child()?]).collect();
    let words: Vec<_> = words.iter().map(|word| word.to_string_lossy()).collect();
    let words = words.join(" ");
    let log = dir.join("log");
    let steps = dir.resolve("report say=ready await=@end");
    terminal.types(&format!("{words} log={} {steps} &\n", log.display()))?;
    dir.until("ready")?;
    same(terminal.foreground()?, running.pid())?;
    ensure!(fact(&dir.lines(), "pid")? == fact(&dir.lines(), "pgid")?, "COMMAND leads no group");
    terminal.types("echo still-$((1 + 1))\n")?;
    terminal.shows("still-2")?;
    fs::write(dir.join("end"), "")?;
    terminal.types("wait; echo waited-$((1 + 1))\n")?;
    terminal.shows("waited-2")?;
    same(terminal.foreground()?, running.pid())?;
    terminal.types("exit 5\n")?;
    same(running.wait()?.end, End::Exited(5))
}

/// Without job control the shell relies on it.
fn given_back(target: Target, end: &str, status: i32) -> Result<()> {
    let dir = TestDir::new()?;
    let (mut terminal, side) = Terminal::new()?;
    let script = format!(
        r#""$@" -- {} log={} say=ready await={} {end}; echo status-$?; read line; echo read-$line; exit 5"#,
        test_child()?.display(),
        dir.join("log").display(),
        dir.join("go").display(),
    );
    let running = shell(target, side, &script)?.spawn()?;
    dir.until("ready")?;
    ensure!(terminal.foreground()? != running.pid(), "COMMAND has no terminal");
    fs::write(dir.join("go"), "")?;
    terminal.shows(&format!("status-{status}"))?;
    same(terminal.foreground()?, running.pid())?;
    terminal.types("line\n")?;
    terminal.shows("read-line")?;
    same(running.wait()?.end, End::Exited(5))
}

fn no_dev_tty(target: Target) -> Result<()> {
    mote_tests::require::root()?;
    let dir = TestDir::new()?;
    let (terminal, side) = Terminal::new()?;
    let empty = dir.join("dev");
    fs::create_dir(&empty)?;
    let launcher = with_errors(on(pid1(target), side)?, &dir)?.bind(&empty, "/dev");
    let running = dir.start(launcher, "", "block say=ready hear=12 exit=3")?;
    until("the terminal", || Ok((terminal.foreground()? == command_of(&running)?).then_some(())))?;
    send(running.pid(), SIGUSR2)?;
    same(running.wait()?.end, End::Exited(3))
}
