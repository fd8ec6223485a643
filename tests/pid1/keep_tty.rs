//! `-T`: the terminal stays with pid1, which forwards its signals like any other.

use anyhow::{Context, Result, ensure};
use mote_tests::outcome::{End, same};
use mote_tests::terminal::{Terminal, on};
use mote_tests::{Case, Running, Start, Suite, until};
use nix::libc::{SIGCONT, SIGHUP, SIGINT, SIGQUIT, SIGTSTP, SIGUSR1, SIGUSR2, SIGWINCH};

use crate::scene::{Scene, below_1, command_of, pid1, send, until_state, with, words};

pub(crate) fn add(suite: Suite) -> Suite {
    let all = Case::all();
    suite
        .each("pid1::keep_tty_leaves_the_terminal_to_pid1", &all, |case| keeps(case, "-T"))
        .each("pid1::keep_tty_has_a_long_name", &all, |case| keeps(case, "--keep-tty"))
        .each("pid1::keep_tty_forwards_the_keys_and_a_resize", &all, |case| forwards(pid1(case), 1))
        .each("pid1::keep_tty_forwards_the_keys_and_a_resize_below_pid_1", &all, |case| {
            forwards(below_1(case).as_pid_2(), 2)
        })
        .each("pid1::keep_tty_forwards_a_hangup", &all, hangup)
        .each("pid1::keep_tty_rewrites_ctrl_c", &all, rewrites)
        .each("pid1::keep_tty_times_ctrl_c", &all, times)
        .each("pid1::keep_tty_stops_a_command_that_reads_from_the_terminal", &all, reads)
}

const STEPS: &str = "block say=ready hear=12 exit=3";

fn on_terminal(start: Start, options: &str) -> Result<(Scene, Terminal, Running)> {
    let scene = Scene::new()?;
    let (terminal, side) = Terminal::new()?;
    let running = scene.start(on(start, side)?, options, STEPS)?;
    Ok((scene, terminal, running))
}

/// Ends COMMAND.
fn ends(running: Running) -> Result<()> {
    send(running.pid(), SIGUSR2)?;
    same(running.wait()?.end, End::Exited(3))
}

fn keeps(case: Case, option: &str) -> Result<()> {
    let (_, terminal, running) = on_terminal(pid1(case), option)?;
    same(terminal.foreground()?, running.pid())?;
    ends(running)
}

fn forwards(start: Start, init: i32) -> Result<()> {
    let (scene, mut terminal, running) = on_terminal(start, "-T")?;
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
        until("the signals", || Ok((scene.signals("", init)? == expected).then_some(())))
            .with_context(|| format!("{expected:?} {:?}", scene.lines()))?;
    }
    ends(running)
}

/// SIGCONT comes after it, from the kernel.
fn hangup(case: Case) -> Result<()> {
    let (scene, terminal, running) = on_terminal(pid1(case), "-T")?;
    drop(terminal);
    until("SIGHUP", || Ok(scene.signals("", 1)?.contains(&SIGHUP).then_some(())))?;
    ends(running)
}

fn rewrites(case: Case) -> Result<()> {
    let (scene, mut terminal, running) = on_terminal(pid1(case), "-T -r INT:USR1")?;
    terminal.types("\x03")?;
    scene.until_signals("", &[SIGUSR1])?;
    ends(running)
}

fn times(case: Case) -> Result<()> {
    let (_scene, mut terminal, running) = on_terminal(pid1(case), "-T -t 0")?;
    terminal.types("\x03")?;
    terminal.shows("pid1: timeout after 0 s: sent SIGTERM to all processes\r\n")?;
    terminal.shows("pid1: timeout after 0 s: sent SIGKILL to all processes\r\n")?;
    same(running.wait()?.end, End::Exited(137))
}

/// Without `-T` it reads.
fn reads(case: Case) -> Result<()> {
    let (_terminal, side) = Terminal::new()?;
    let script = ["sh", "-c", "read line; echo read-$line"];
    let running = with(words(on(pid1(case), side)?, "-T"), script).spawn()?;
    until_state(command_of(&running)?, 'T')?;
    drop(running);
    let (mut terminal, side) = Terminal::new()?;
    let running = with(on(pid1(case), side)?, script).spawn()?;
    terminal.types("line\n")?;
    terminal.shows("read-line")?;
    let end = running.wait()?.end;
    ensure!(end == End::Exited(0), "{end:?}");
    Ok(())
}
