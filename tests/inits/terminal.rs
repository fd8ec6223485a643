//! A terminal on standard input: COMMAND has it, and a shell has job control.

use anyhow::{Context, Result, ensure};
use mote_tests::outcome::{End, same};
use mote_tests::terminal::{Terminal, on};
use mote_tests::{Launcher, Running, Suite, Target, process, until};
use nix::sys::termios::{LocalFlags, SetArg, tcgetattr, tcsetattr};

use crate::fixture::{TestDir, below_1, command_of, fact, pid1, send, with, words};

pub(crate) fn add(suite: Suite) -> Suite {
    let all = Target::all();
    suite
        .each("pid1::command_has_the_terminal", &all, foreground)
        .each("pid1::ctrl_c_reaches_command_alone", &all, ctrl_c)
        .each("pid1::a_terminal_of_another_session_is_no_error", &all, foreign)
        .each("pid1::a_shell_has_job_control", &all, |target| job_control(target, pid1))
        .each("pid1::a_shell_has_job_control_below_process_1", &all, |target| {
            job_control(target, |target| below_1(target).as_pid_2())
        })
        .each("pid1::background_jobs_of_a_shell_are_stopped_and_continued", &all, background)
        .each("pid1::v_writes_to_a_terminal_that_others_may_not_write_to", &all, tostop)
        .each("pid1::a_hangup_ends_a_shell", &all, hangup)
}

fn foreground(target: Target) -> Result<()> {
    let dir = TestDir::new()?;
    let (_terminal, side) = Terminal::new()?;
    let outcome = dir.play(on(pid1(target), side)?, "", "report")?.run()?;
    same(outcome.end, End::Exited(0))?;
    let lines = dir.lines();
    same(fact(&lines, "foreground")?, fact(&lines, "pid")?)?;
    same(fact(&lines, "sid")?, "1")
}

/// The terminal sends it: there is no sender. Once more from pid1 would be once too often.
fn ctrl_c(target: Target) -> Result<()> {
    let dir = TestDir::new()?;
    let (mut terminal, side) = Terminal::new()?;
    let running = dir.start(on(pid1(target), side)?, "", "block say=ready hear=12 exit=3")?;
    for (key, count) in [("\x03", 1), ("\x1c", 2), ("\x1a", 3)] {
        terminal.types(key)?;
        until("the signal", || Ok((dir.signals("", 0)?.len() == count).then_some(())))?;
    }
    same(dir.signals("", 0)?, vec![2, 3, 20])?;
    send(command_of(&running)?, 12)?;
    same(running.wait()?.end, End::Exited(3))?;
    same(dir.signals("", 0)?, vec![2, 3, 20, 12])
}

/// It is nobody's terminal here, so it has no foreground group to set.
fn foreign(target: Target) -> Result<()> {
    let dir = TestDir::new()?;
    let (_terminal, side) = Terminal::new()?;
    let outcome = dir.play(pid1(target).stdin(side), "", "report exit=3")?.run()?;
    crate::fixture::exits(&outcome, 3)?;
    same(fact(&dir.lines(), "foreground")?, "ENOTTY")
}

/// An interactive shell that shows its prompt.
fn shell(target: Target, start: fn(Target) -> Launcher, options: &str) -> Result<(Terminal, Running, i32)> {
    let (mut terminal, side) = Terminal::new()?;
    let launcher = on(start(target), side)?.env("PS1", "prompt> ").without_env("ENV").env("TERM", "dumb");
    let running = with(words(launcher, options), ["--", "sh", "-i"]).spawn()?;
    terminal.shows("prompt> ")?;
    let command = command_of(&running)?;
    terminal.until_back_at(command)?;
    Ok((terminal, running, command))
}

fn job_control(target: Target, start: fn(Target) -> Launcher) -> Result<()> {
    let (mut terminal, running, shell) = shell(target, start, "")?;
    // A job, and Ctrl-C.
    terminal.types("sleep 1000\n")?;
    terminal.until_taken_from(shell)?;
    terminal.types("\x03")?;
    terminal.shows("prompt> ")?;
    terminal.types("echo status-$?\n")?;
    terminal.shows("status-130")?;
    // Ctrl-C at the prompt ends nothing.
    terminal.types("\x03")?;
    terminal.shows("prompt> ")?;
    // Ctrl-Z, fg, and Ctrl-C again.
    terminal.types("sleep 1001\n")?;
    terminal.until_taken_from(shell)?;
    terminal.types("\x1a")?;
    terminal.shows("prompt> ")?;
    terminal.until_back_at(shell)?;
    terminal.types("jobs\n")?;
    terminal.shows("Stopped")?;
    terminal.types("fg\n")?;
    terminal.until_taken_from(shell)?;
    terminal.types("\x03")?;
    terminal.shows("prompt> ")?;
    terminal.types("exit 5\n")?;
    same(running.wait()?.end, End::Exited(5))
}

/// A job in the background may write, unless the terminal says otherwise; it may never read.
fn background(target: Target) -> Result<()> {
    let (mut terminal, running, _) = shell(target, pid1, "")?;
    terminal.types("echo written-$((1 + 1)) &\n")?;
    terminal.shows("written-2")?;
    terminal.types("stty tostop\n")?;
    terminal.shows("prompt> ")?;
    terminal.types("echo written-$((2 + 2)) &\n")?;
    terminal.shows("prompt> ")?;
    stopped(&running)?;
    terminal.types("fg\n")?;
    terminal.shows("written-4")?;
    terminal.types("stty -tostop; cat &\n")?;
    terminal.shows("prompt> ")?;
    stopped(&running)?;
    terminal.types("fg\n")?;
    terminal.shows("cat")?;
    terminal.types("hello\n")?;
    terminal.shows("hello\r\nhello")?;
    terminal.types("\x04")?;
    terminal.shows("prompt> ")?;
    terminal.types("exit 5\n")?;
    same(running.wait()?.end, End::Exited(5))
}

/// Waits until a job of the shell is stopped.
fn stopped(running: &Running) -> Result<()> {
    let shell = command_of(running)?;
    until("a stopped job", || {
        Ok(process::children(shell)?.iter().any(|(_, state)| *state == 'T').then_some(()))
    })
}

/// pid1 is in the background of that terminal, where a write would stop it.
fn tostop(target: Target) -> Result<()> {
    let dir = TestDir::new()?;
    let (mut terminal, side) = Terminal::new()?;
    let mut settings = tcgetattr(&side).context("tcgetattr")?;
    settings.local_flags.insert(LocalFlags::TOSTOP);
    tcsetattr(&side, SetArg::TCSANOW, &settings).context("tcsetattr")?;
    let running = dir.start(on(pid1(target), side)?, "-v", "block say=ready hear=12 exit=3")?;
    send(running.pid(), 10)?;
    terminal.shows("SIGUSR1")?;
    send(running.pid(), 12)?;
    same(running.wait()?.end, End::Exited(3))
}

/// The session's leader is pid1, and that is who the kernel tells.
fn hangup(target: Target) -> Result<()> {
    let (terminal, running, _) = shell(target, pid1, "")?;
    drop(terminal);
    let end = running.wait()?.end;
    ensure!(matches!(end, End::Exited(_)), "{end:?}");
    Ok(())
}
