//! A terminal on the standard streams: the child has it, and a shell has job control.

use anyhow::{Context, Result, ensure};
use mote_tests::outcome::{End, same};
use mote_tests::signal::{SIGINT, SIGQUIT, SIGTSTP, SIGUSR1, SIGUSR2};
use mote_tests::terminal::{Terminal, on};
use mote_tests::test_dir::{TestDir, child_of, exits, fact, send, words};
use mote_tests::{Launcher, Running, Suite, Target, process, until};
use nix::sys::termios::{LocalFlags, SetArg, tcgetattr, tcsetattr};

use crate::init::{CATATONIT, INITS, Init, PID1, TINI, WITHOUT_CATATONIT, tests};

pub(crate) fn add(suite: Suite) -> Suite {
    let (all, native) = (Target::all(), Target::native());
    tests!(suite;
        INITS, all => the_child_is_in_the_foreground, keys_signal_the_child_once, a_hangup_ends_a_shell,
            a_terminal_of_another_session_is_no_error, a_shell_has_job_control,
            background_jobs_of_a_shell_are_stopped_and_continued;
        WITHOUT_CATATONIT, all => a_shell_has_job_control_below_pid_1;
        [CATATONIT], native => a_shell_has_job_control_below_pid_1;
        [PID1, TINI], all => v_writes_to_a_terminal_that_stops_background_writers;
    )
}

/// The child of dumb-init leads a session of its own.
fn the_child_is_in_the_foreground(target: Target, init: Init) -> Result<()> {
    let dir = TestDir::new()?;
    let (_terminal, side) = Terminal::new()?;
    let outcome = dir.play(on(init.start(target), side)?, "", "report")?.run()?;
    same(outcome.end, End::Exited(0))?;
    let lines = dir.lines();
    same(fact(&lines, "foreground")?, fact(&lines, "pid")?)?;
    same(fact(&lines, "sid")?, if init.leads_session { fact(&lines, "pid")? } else { "1" })
}

/// The terminal sends the signals, so that they have no sender. The init must not forward them again, nor those that the
/// kernel sends to a session that gives its terminal up.
fn keys_signal_the_child_once(target: Target, init: Init) -> Result<()> {
    let dir = TestDir::new()?;
    let (mut terminal, side) = Terminal::new()?;
    let running = dir.start(on(init.start(target), side)?, "", "block say=ready hear=SIGUSR2 exit=3")?;
    let mut expected = Vec::new();
    for (key, signal) in [("\x03", SIGINT), ("\x1c", SIGQUIT), ("\x1a", SIGTSTP)] {
        terminal.types(key)?;
        expected.push(signal);
        dir.until_received("", 0, &expected)?;
    }
    send(child_of(&running)?, SIGUSR2)?;
    same(running.wait()?.end, End::Exited(3))?;
    expected.push(SIGUSR2);
    same(dir.received("", 0)?, expected)
}

/// It is not the controlling terminal here, so that it has no foreground process group to set.
fn a_terminal_of_another_session_is_no_error(target: Target, init: Init) -> Result<()> {
    let dir = TestDir::new()?;
    let (_terminal, side) = Terminal::new()?;
    exits(&dir.play(init.start(target).stdin(side), "", "report exit=3")?.run()?, 3)?;
    // A new session takes it as its controlling terminal.
    let is_taken = init.leads_session;
    let expected = if is_taken { fact(&dir.lines(), "pid")?.to_owned() } else { "ENOTTY".to_owned() };
    same(fact(&dir.lines(), "foreground")?, &expected)
}

/// Starts an interactive shell, and waits for its prompt.
fn shell(launcher: Launcher) -> Result<(Terminal, Running, i32)> {
    let (mut terminal, side) = Terminal::new()?;
    let launcher = on(launcher, side)?.env("PS1", "prompt> ").without_env("ENV").env("TERM", "dumb");
    let running = words(launcher, "-- sh -i").spawn()?;
    terminal.shows("prompt> ")?;
    let child = child_of(&running)?;
    terminal.until_back_at(child)?;
    Ok((terminal, running, child))
}

fn job_control(launcher: Launcher) -> Result<()> {
    let (mut terminal, running, shell) = shell(launcher)?;
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

fn a_shell_has_job_control(target: Target, init: Init) -> Result<()> {
    job_control(init.start(target))
}

fn a_shell_has_job_control_below_pid_1(target: Target, init: Init) -> Result<()> {
    job_control(init.below(target))
}

/// A job in the background may write unless the terminal is set otherwise, and may never read.
fn background_jobs_of_a_shell_are_stopped_and_continued(target: Target, init: Init) -> Result<()> {
    let (mut terminal, running, shell) = shell(init.start(target))?;
    let until_stopped = || {
        until("a stopped job", || {
            Ok(process::children(shell)?.iter().any(|(_, state)| *state == 'T').then_some(()))
        })
    };
    terminal.types("echo written-$((1 + 1)) &\n")?;
    terminal.shows("written-2")?;
    terminal.types("stty tostop\n")?;
    terminal.shows("prompt> ")?;
    terminal.types("echo written-$((2 + 2)) &\n")?;
    terminal.shows("prompt> ")?;
    until_stopped()?;
    terminal.types("fg\n")?;
    terminal.shows("written-4")?;
    terminal.types("stty -tostop; cat &\n")?;
    terminal.shows("prompt> ")?;
    until_stopped()?;
    terminal.types("fg\n")?;
    terminal.shows("cat")?;
    terminal.types("hello\n")?;
    terminal.shows("hello\r\nhello")?;
    terminal.types("\x04")?;
    terminal.shows("prompt> ")?;
    terminal.types("exit 5\n")?;
    same(running.wait()?.end, End::Exited(5))
}

/// The init is in the background of that terminal, where a write would stop it.
fn v_writes_to_a_terminal_that_stops_background_writers(target: Target, init: Init) -> Result<()> {
    let dir = TestDir::new()?;
    let (mut terminal, side) = Terminal::new()?;
    let mut settings = tcgetattr(&side).context("tcgetattr")?;
    settings.local_flags.insert(LocalFlags::TOSTOP);
    tcsetattr(&side, SetArg::TCSANOW, &settings).context("tcsetattr")?;
    let launcher = on(init.start(target), side)?;
    let options = init.verbose.unwrap_or_default();
    let running = dir.start(launcher, options, "block say=ready hear=SIGUSR2 exit=3")?;
    send(running.pid(), SIGUSR1)?;
    terminal.shows("SIGUSR1")?;
    send(running.pid(), SIGUSR2)?;
    same(running.wait()?.end, End::Exited(3))
}

/// The init leads the session, and gets the kernel's SIGHUP.
fn a_hangup_ends_a_shell(target: Target, init: Init) -> Result<()> {
    let (terminal, running, _) = shell(init.start(target))?;
    drop(terminal);
    let end = running.wait()?.end;
    ensure!(matches!(end, End::Exited(_)), "{end:?}");
    Ok(())
}
