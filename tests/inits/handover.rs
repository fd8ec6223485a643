//! The process group that has the terminal before, during and after the life of the child.

use std::fs;
use std::os::fd::OwnedFd;

use anyhow::{Context, Result, ensure};
use mote_tests::outcome::{End, same};
use mote_tests::signal::SIGUSR2;
use mote_tests::terminal::{Terminal, on};
use mote_tests::test_dir::{TestDir, child_of, fact, send, test_child, with};
use mote_tests::{Launcher, Suite, Target, require, until};

use crate::init::{CATATONIT, IN_SESSION, Init, PID1, TINI, tests};

pub(crate) fn add(suite: Suite) -> Suite {
    let (all, native) = (Target::all(), Target::native());
    tests!(suite;
        IN_SESSION, all => a_child_without_standard_input_is_in_the_foreground,
            a_prompt_on_dev_tty_is_answered_if_standard_input_is_redirected,
            standard_input_is_the_terminal_without_dev_tty;
        [PID1, TINI], all => the_terminal_is_left_alone_in_the_background_of_a_shell,
            the_terminal_is_taken_back_below_pid_1, the_terminal_is_taken_back_from_a_killed_child;
        [CATATONIT], native => the_terminal_is_left_alone_in_the_background_of_a_shell,
            the_terminal_is_taken_back_below_pid_1, the_terminal_is_taken_back_from_a_killed_child;
    )
}

/// Returns a start of a shell as PID 1 on a terminal.
fn shell(side: OwnedFd) -> Result<Launcher> {
    let host = Target::host().context("no native platform")?;
    Ok(on(Launcher::of_file(host, "/bin/sh").as_pid_1(), side)?.env("TINI_VERBOSITY", "0"))
}

/// Returns a start of a shell that runs a script whose arguments run the init.
fn script(target: Target, init: Init, side: OwnedFd, script: &str) -> Result<Launcher> {
    Ok(with(with(shell(side)?, ["-c", script, "sh"]), init.itself(target)?))
}

fn a_child_without_standard_input_is_in_the_foreground(target: Target, init: Init) -> Result<()> {
    let dir = TestDir::new()?;
    let (terminal, side) = Terminal::new()?;
    let launcher = on(init.start(target), side)?.close(0);
    let running = dir.start(launcher, "", "block say=ready hear=SIGUSR2 exit=3")?;
    same(terminal.foreground()?, child_of(&running)?)?;
    send(running.pid(), SIGUSR2)?;
    same(running.wait()?.end, End::Exited(3))?;
    same(dir.received("", 1)?, vec![SIGUSR2])
}

fn a_prompt_on_dev_tty_is_answered_if_standard_input_is_redirected(target: Target, init: Init) -> Result<()> {
    let (mut terminal, side) = Terminal::new()?;
    let command = r#"exec "$@" -- sh -c 'read line </dev/tty; echo read-$line >/dev/tty' </dev/null"#;
    let running = script(target, init, side, command)?.spawn()?;
    terminal.types("line\n")?;
    terminal.shows("read-line")?;
    same(running.wait()?.end, End::Exited(0))
}

/// The shell has the terminal all the time, and reads from it.
fn the_terminal_is_left_alone_in_the_background_of_a_shell(target: Target, init: Init) -> Result<()> {
    let dir = TestDir::new()?;
    let (mut terminal, side) = Terminal::new()?;
    let launcher = shell(side)?.argument("-i").env("PS1", "prompt> ").without_env("ENV").env("TERM", "dumb");
    let running = launcher.spawn()?;
    terminal.shows("prompt> ")?;
    let words: Vec<_> = init.itself(target)?.into_iter().chain(["--".into(), test_child()?]).collect();
    let words: Vec<_> = words.iter().map(|word| word.to_string_lossy()).collect();
    let log = dir.join("log");
    let steps = dir.resolve("report say=ready await=@end");
    terminal.types(&format!("{} log={} {steps} &\n", words.join(" "), log.display()))?;
    dir.until("ready")?;
    same(terminal.foreground()?, running.pid())?;
    ensure!(fact(&dir.lines(), "pid")? == fact(&dir.lines(), "pgid")?, "the child leads no group");
    terminal.types("echo still-$((1 + 1))\n")?;
    terminal.shows("still-2")?;
    fs::write(dir.join("end"), "")?;
    terminal.types("wait; echo waited-$((1 + 1))\n")?;
    terminal.shows("waited-2")?;
    same(terminal.foreground()?, running.pid())?;
    terminal.types("exit 5\n")?;
    same(running.wait()?.end, End::Exited(5))
}

/// A shell without job control relies on it.
fn is_taken_back(target: Target, init: Init, end: &str, status: i32) -> Result<()> {
    let dir = TestDir::new()?;
    let (mut terminal, side) = Terminal::new()?;
    let command = format!(
        r#""$@" -- {} log={} report say=ready await={} {end}; echo status-$?; read line; echo read-$line; exit 5"#,
        test_child()?.display(),
        dir.join("log").display(),
        dir.join("go").display(),
    );
    let running = script(target, init, side, &command)?.spawn()?;
    dir.until("ready")?;
    ensure!(terminal.foreground()? != running.pid(), "the child has no terminal");
    same(fact(&dir.lines(), "foreground")?, fact(&dir.lines(), "pid")?)?;
    fs::write(dir.join("go"), "")?;
    terminal.shows(&format!("status-{status}"))?;
    same(terminal.foreground()?, running.pid())?;
    terminal.types("line\n")?;
    terminal.shows("read-line")?;
    same(running.wait()?.end, End::Exited(5))
}

fn the_terminal_is_taken_back_below_pid_1(target: Target, init: Init) -> Result<()> {
    is_taken_back(target, init, "exit=3", 3)
}

fn the_terminal_is_taken_back_from_a_killed_child(target: Target, init: Init) -> Result<()> {
    is_taken_back(target, init, "die=SIGKILL", 137)
}

fn standard_input_is_the_terminal_without_dev_tty(target: Target, init: Init) -> Result<()> {
    require::root()?;
    let dir = TestDir::new()?;
    let (terminal, side) = Terminal::new()?;
    let empty = dir.join("dev");
    fs::create_dir(&empty)?;
    let log = fs::File::create(dir.join("errors"))?;
    let launcher = on(init.start(target), side)?.stderr(log).bind(&empty, "/dev");
    let running = dir.start(launcher, "", "block say=ready hear=SIGUSR2 exit=3")?;
    until("the terminal", || Ok((terminal.foreground()? == child_of(&running)?).then_some(())))?;
    send(running.pid(), SIGUSR2)?;
    same(running.wait()?.end, End::Exited(3))
}
