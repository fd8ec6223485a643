//! `-T`: the terminal stays with pid1, which forwards its signals like any other.

use anyhow::{Context, Result, ensure};
use mote_tests::outcome::{End, same};
use mote_tests::terminal::{Terminal, on};
use mote_tests::{Launcher, Running, Suite, Target, until};
use nix::libc::{SIGCONT, SIGHUP, SIGINT, SIGQUIT, SIGTSTP, SIGUSR1, SIGUSR2, SIGWINCH};

use crate::fixture::{TestDir, below_1, command_of, pid1, send, until_state, with, words};

pub(crate) fn add(suite: Suite) -> Suite {
    let all = Target::all();
    suite
        .each("pid1::keep_tty_leaves_the_terminal_to_pid1", &all, |target| keeps(target, "-T"))
        .each("pid1::keep_tty_has_a_long_name", &all, |target| keeps(target, "--keep-tty"))
        .each("pid1::keep_tty_forwards_the_keys_and_a_resize", &all, |target| forwards(pid1(target), 1))
        .each("pid1::keep_tty_forwards_the_keys_and_a_resize_below_pid_1", &all, |target| {
            forwards(below_1(target).as_pid_2(), 2)
        })
        .each("pid1::keep_tty_forwards_a_hangup", &all, hangup)
        .each("pid1::keep_tty_rewrites_ctrl_c", &all, rewrites)
        .each("pid1::keep_tty_times_ctrl_c", &all, times)
        .each("pid1::keep_tty_stops_a_command_that_reads_from_the_terminal", &all, reads)
}

const STEPS: &str = "block say=ready hear=12 exit=3";

fn on_terminal(launcher: Launcher, options: &str) -> Result<(TestDir, Terminal, Running)> {
    let dir = TestDir::new()?;
    let (terminal, side) = Terminal::new()?;
    let running = dir.start(on(launcher, side)?, options, STEPS)?;
    Ok((dir, terminal, running))
}

/// Ends COMMAND.
fn ends(running: Running) -> Result<()> {
    send(running.pid(), SIGUSR2)?;
    same(running.wait()?.end, End::Exited(3))
}

fn keeps(target: Target, option: &str) -> Result<()> {
    let (_, terminal, running) = on_terminal(pid1(target), option)?;
    same(terminal.foreground()?, running.pid())?;
    ends(running)
}

fn forwards(launcher: Launcher, init: i32) -> Result<()> {
    let (dir, mut terminal, running) = on_terminal(launcher, "-T")?;
    let mut expected = Vec::new();
    for (key, signals) in [
        ("\x03", &[SIGINT, SIGCONT][..]),
        ("\x1c", &[SIGQUIT, SIGCONT]),
        ("\x1a", &[SIGTSTP]),
        ("", &[SIGWINCH]),
    ] {
        if key.is_empty() {
            terminal.resize(100, 30)?
        } else {
            terminal.types(key)?
        }
        expected.extend_from_slice(signals);
        until("the signals", || Ok((dir.signals("", init)? == expected).then_some(())))
            .with_context(|| format!("{expected:?} {:?}", dir.lines()))?;
    }
    ends(running)
}

/// SIGCONT comes after it, from the kernel.
fn hangup(target: Target) -> Result<()> {
    let (dir, terminal, running) = on_terminal(pid1(target), "-T")?;
    drop(terminal);
    until("SIGHUP", || Ok(dir.signals("", 1)?.contains(&SIGHUP).then_some(())))?;
    ends(running)
}

fn rewrites(target: Target) -> Result<()> {
    let (dir, mut terminal, running) = on_terminal(pid1(target), "-T -r INT:USR1")?;
    terminal.types("\x03")?;
    dir.until_signals("", &[SIGUSR1])?;
    ends(running)
}

fn times(target: Target) -> Result<()> {
    let (_scene, mut terminal, running) = on_terminal(pid1(target), "-T -t 0")?;
    terminal.types("\x03")?;
    terminal.shows("pid1: timeout after 0 s: sent SIGTERM to all processes\r\n")?;
    terminal.shows("pid1: timeout after 0 s: sent SIGKILL to all processes\r\n")?;
    same(running.wait()?.end, End::Exited(137))
}

/// Without `-T` it reads.
fn reads(target: Target) -> Result<()> {
    let (_terminal, side) = Terminal::new()?;
    let script = ["sh", "-c", "read line; echo read-$line"];
    let running = with(words(on(pid1(target), side)?, "-T"), script).spawn()?;
    until_state(command_of(&running)?, 'T')?;
    drop(running);
    let (mut terminal, side) = Terminal::new()?;
    let running = with(on(pid1(target), side)?, script).spawn()?;
    terminal.types("line\n")?;
    terminal.shows("read-line")?;
    let end = running.wait()?.end;
    ensure!(end == End::Exited(0), "{end:?}");
    Ok(())
}
