//! `-T`: the terminal stays with pid1, which forwards its signals like any other.

use anyhow::{Context, Result, ensure};
use mote_tests::outcome::{End, same};
use mote_tests::signal::{SIGCONT, SIGHUP, SIGINT, SIGQUIT, SIGTSTP, SIGUSR1, SIGUSR2, SIGWINCH};
use mote_tests::terminal::{Terminal, on};
use mote_tests::{Launcher, Running, Suite, Target, until};

use crate::fixture::{TestDir, below_1, child_of, pid1, send, until_state, with, words};

pub(crate) fn add(suite: Suite) -> Suite {
    let all = &Target::all();
    suite
        .test(all, pid1_keeps_the_foreground)
        .test(all, keys_and_resizes_are_forwarded)
        .test(all, hang_up_is_forwarded)
        .test(all, ctrl_c_is_rewritten)
        .test(all, ctrl_c_starts_the_timeout)
        .test(all, a_child_that_reads_from_the_terminal_is_stopped)
}

const STEPS: &str = "block say=ready hear=SIGUSR2 exit=3";

fn on_terminal(launcher: Launcher, options: &str) -> Result<(TestDir, Terminal, Running)> {
    let dir = TestDir::new()?;
    let (terminal, side) = Terminal::new()?;
    let running = dir.start(on(launcher, side)?, options, STEPS)?;
    Ok((dir, terminal, running))
}

/// Has the child exit.
fn ends(running: Running) -> Result<()> {
    send(running.pid(), SIGUSR2)?;
    same(running.wait()?.end, End::Exited(3))
}

fn pid1_keeps_the_foreground(target: Target) -> Result<()> {
    for option in ["-T", "--keep-tty"] {
        let (_, terminal, running) = on_terminal(pid1(target), option)?;
        same(terminal.foreground()?, running.pid()).context(option)?;
        ends(running)?;
    }
    Ok(())
}

fn keys_and_resizes_are_forwarded(target: Target) -> Result<()> {
    for (launcher, init) in [(pid1(target), 1), (below_1(target).as_pid_2(), 2)] {
        let (dir, mut terminal, running) = on_terminal(launcher, "-T")?;
        let mut expected = Vec::new();
        for (key, signals) in
            [("\x03", &[SIGINT, SIGCONT][..]), ("\x1c", &[SIGQUIT, SIGCONT]), ("\x1a", &[SIGTSTP])]
        {
            terminal.types(key)?;
            expected.extend_from_slice(signals);
            dir.until_received("", init, &expected)?;
        }
        terminal.resize(100, 30)?;
        expected.push(SIGWINCH);
        dir.until_received("", init, &expected)?;
        ends(running)?;
    }
    Ok(())
}

/// The kernel sends SIGCONT as well.
fn hang_up_is_forwarded(target: Target) -> Result<()> {
    let (dir, terminal, running) = on_terminal(pid1(target), "-T")?;
    drop(terminal);
    until("SIGHUP", || Ok(dir.received("", 1)?.contains(&SIGHUP).then_some(())))?;
    ends(running)
}

fn ctrl_c_is_rewritten(target: Target) -> Result<()> {
    let (dir, mut terminal, running) = on_terminal(pid1(target), "-T -r INT:USR1")?;
    terminal.types("\x03")?;
    dir.until_received("", 1, &[SIGUSR1])?;
    ends(running)
}

fn ctrl_c_starts_the_timeout(target: Target) -> Result<()> {
    let (_dir, mut terminal, running) = on_terminal(pid1(target), "-T -t 0")?;
    terminal.types("\x03")?;
    terminal.shows("pid1: timeout after 0 s: sent SIGTERM to all processes\r\n")?;
    terminal.shows("pid1: timeout after 0 s: sent SIGKILL to all processes\r\n")?;
    same(running.wait()?.end, End::Exited(137))
}

/// Without `-T` it reads.
fn a_child_that_reads_from_the_terminal_is_stopped(target: Target) -> Result<()> {
    let (_terminal, side) = Terminal::new()?;
    let script = ["sh", "-c", "read line; echo read-$line"];
    let running = with(words(on(pid1(target), side)?, "-T"), script).spawn()?;
    until_state(child_of(&running)?, 'T')?;
    drop(running);
    let (mut terminal, side) = Terminal::new()?;
    let running = with(on(pid1(target), side)?, script).spawn()?;
    terminal.types("line\n")?;
    terminal.shows("read-line")?;
    let end = running.wait()?.end;
    ensure!(end == End::Exited(0), "{end:?}");
    Ok(())
}
