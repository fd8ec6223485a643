//! A terminal: COMMAND has it, and a shell has job control.

use std::fs;

use anyhow::{Context, Result, ensure};
use mote_tests::outcome::{End, same};
use mote_tests::terminal::{Terminal, on};
use mote_tests::test_dir::{TestDir, command_of, exits, fact, send, test_child, with, words};
use mote_tests::{Launcher, Running, Suite, Target, dist, until};

use crate::init::{CATATONIT, DUMB_INIT, Init, TINI, each, of};

pub(crate) fn add(suite: Suite) -> Suite {
    let all = Target::all();
    let suite = each(suite, "command_has_the_terminal", &all, foreground);
    let suite = each(suite, "keys_reach_command_alone", &all, keys);
    let suite = each(suite, "a_terminal_of_another_session_is_no_error", &all, foreign);
    let suite = each(suite, "a_shell_has_job_control", &all, job_control);
    let suite = each(suite, "a_hangup_ends_a_shell", &all, |target, init| {
        let (terminal, running, _) = shell(init.start(target), init)?;
        drop(terminal);
        let end = running.wait()?.end;
        ensure!(matches!(end, End::Exited(_)), "{end:?}");
        Ok(())
    });
    let suite = [TINI, CATATONIT].into_iter().fold(suite, |suite, init| {
        // An emulator refuses to make a process the adopter of orphans, which catatonit insists on.
        let targets = if init.name == "tini" { Target::all() } else { Target::native() };
        let name = "a_terminal_that_is_not_standard_input_is_handed_over";
        let suite = of(suite, init, name, &all, |target, init| {
            let (dir, terminal, running) = without_input(target, init)?;
            same(terminal.foreground()?, command_of(&running)?)?;
            ends(&dir, running)
        });
        let suite = of(suite, init, "a_start_in_the_background_leaves_the_terminal", &targets, background);
        of(suite, init, "the_terminal_is_taken_back_below_pid_1", &targets, taken_back)
    });
    of(suite, DUMB_INIT, "v_tells_of_the_hand_over", &all, hand_over)
}

/// dumb-init gives COMMAND a session of its own.
fn foreground(target: Target, init: Init) -> Result<()> {
    let dir = TestDir::new()?;
    let (_terminal, side) = Terminal::new()?;
    let outcome = dir.play(on(init.start(target), side)?, "", "report")?.run()?;
    same(outcome.end, End::Exited(0))?;
    let lines = dir.lines();
    same(fact(&lines, "foreground")?, fact(&lines, "pid")?)?;
    same(fact(&lines, "sid")?, if init.name == "dumb-init" { fact(&lines, "pid")? } else { "1" })
}

/// The terminal sends them: there is no sender. Once more from the init would be once too often, and so would what the
/// kernel sends a session that gives its terminal up.
fn keys(target: Target, init: Init) -> Result<()> {
    let dir = TestDir::new()?;
    let (mut terminal, side) = Terminal::new()?;
    let running = dir.start(on(init.start(target), side)?, "", "block say=ready hear=12 exit=3")?;
    for (key, count) in [("\x03", 1), ("\x1c", 2), ("\x1a", 3)] {
        terminal.types(key)?;
        until("the signal", || Ok((dir.signals("", 0)?.len() == count).then_some(())))?;
    }
    same(dir.signals("", 0)?, vec![2, 3, 20])?;
    send(command_of(&running)?, 12)?;
    same(running.wait()?.end, End::Exited(3))?;
    same(dir.signals("", 0)?, vec![2, 3, 20, 12])
}

fn foreign(target: Target, init: Init) -> Result<()> {
    let dir = TestDir::new()?;
    let (_terminal, side) = Terminal::new()?;
    exits(&dir.play(init.start(target).stdin(side), "", "report exit=3")?.run()?, 3)
}

/// An interactive shell that shows its prompt.
fn shell(launcher: Launcher, _: Init) -> Result<(Terminal, Running, i32)> {
    let (mut terminal, side) = Terminal::new()?;
    let launcher = on(launcher, side)?.env("PS1", "prompt> ").without_env("ENV").env("TERM", "dumb");
    let running = with(words(launcher, ""), ["--", "sh", "-i"]).spawn()?;
    terminal.shows("prompt> ")?;
    let command = command_of(&running)?;
    terminal.until_back_at(command)?;
    Ok((terminal, running, command))
}

fn job_control(target: Target, init: Init) -> Result<()> {
    let (mut terminal, running, shell) = shell(init.start(target), init)?;
    // A job, and Ctrl-C.
    terminal.types("sleep 1000\n")?;
    terminal.until_taken_from(shell)?;
    terminal.types("\x03")?;
    terminal.shows("prompt> ")?;
    terminal.types("echo status-$?\n")?;
    terminal.shows("status-130")?;
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

/// Starts a test child that leads a session as PID 1 and runs the init and its COMMAND as a job, which `before` begins. The
/// test child ends when the job has ended and `@end` is there.
fn job(target: Target, init: Init, dir: &TestDir, before: &str, steps: &str) -> Result<(Terminal, Running)> {
    let (terminal, side) = Terminal::new()?;
    let host = Target::host().context("no native platform")?;
    let launcher = on(Launcher::of_file(host, test_child()?).as_pid_1(), side)?.env("TINI_VERBOSITY", "0");
    let launcher = words(launcher, &dir.resolve(&format!("fork [ {before} exec")));
    let words_of_init = target.emulator()?.into_iter().chain([dist::file(target.platform, init.name)?]);
    let launcher = dir.play(with(launcher, words_of_init), "", steps)?;
    let running = words(launcher, &dir.resolve("] wait touch=@waited await=@end exit=5")).spawn()?;
    Ok((terminal, running))
}

/// The shell needs the terminal itself.
fn background(target: Target, init: Init) -> Result<()> {
    let dir = TestDir::new()?;
    let steps = "report say=ready await=@go exit=3";
    let (terminal, running) = job(target, init, &dir, "group", steps)?;
    dir.until("ready")?;
    same(terminal.foreground()?, running.pid())?;
    job_ends(&dir, &terminal, running)
}

fn taken_back(target: Target, init: Init) -> Result<()> {
    let dir = TestDir::new()?;
    let (terminal, running) = job(target, init, &dir, "", "report say=ready await=@go exit=3")?;
    dir.until("ready")?;
    terminal.until_taken_from(running.pid())?;
    same(fact(&dir.lines(), "foreground")?, fact(&dir.lines(), "pid")?)?;
    job_ends(&dir, &terminal, running)
}

/// The terminal is the shell's at the end.
fn job_ends(dir: &TestDir, terminal: &Terminal, running: Running) -> Result<()> {
    fs::write(dir.join("go"), "")?;
    until("the end of the job", || Ok(dir.join("waited").exists().then_some(())))?;
    same(terminal.foreground()?, running.pid())?;
    fs::write(dir.join("end"), "")?;
    same(running.wait()?.end, End::Exited(5))
}

/// Of a session that has a terminal, standard input is closed.
fn without_input(target: Target, init: Init) -> Result<(TestDir, Terminal, Running)> {
    let dir = TestDir::new()?;
    let (terminal, side) = Terminal::new()?;
    let running = dir.start(on(init.start(target), side)?.close(0), "", "block say=ready hear=12 exit=3")?;
    Ok((dir, terminal, running))
}

fn ends(dir: &TestDir, running: Running) -> Result<()> {
    send(running.pid(), 12)?;
    same(running.wait()?.end, End::Exited(3))?;
    same(dir.signals("", 1)?, vec![12])
}

/// Both signals of the kernel are taken before there is a child.
fn hand_over(target: Target, init: Init) -> Result<()> {
    let dir = TestDir::new()?;
    let (_terminal, side) = Terminal::new()?;
    let log = std::fs::File::create(dir.join("stderr"))?;
    let launcher = on(init.start(target), side)?.stderr(log);
    let running = dir.start(launcher, "-v", "block say=ready hear=12 exit=3")?;
    ends(&dir, running)?;
    let text = std::fs::read_to_string(dir.join("stderr"))?;
    let first = "[dumb-init] Detached from controlling tty, ignoring the first SIGHUP and SIGCONT we receive.\n\
                 [dumb-init] Received signal 1.\n\
                 [dumb-init] Ignoring tty hand-off signal 1.\n\
                 [dumb-init] Received signal 18.\n\
                 [dumb-init] Ignoring tty hand-off signal 18.\n";
    ensure!(text.starts_with(first) && !text.contains("Unable"), "{text}");
    Ok(())
}
