//! A terminal: COMMAND has it, and a shell has job control.

use anyhow::{Result, ensure};
use mote_tests::outcome::{End, same};
use mote_tests::scene::{Scene, command_of, exits, fact, send, with, words};
use mote_tests::terminal::{Terminal, on};
use mote_tests::{Case, Running, Start, Suite, until};

use crate::init::{CATATONIT, DUMB_INIT, Init, TINI, each, of};

pub(crate) fn add(suite: Suite) -> Suite {
    let all = Case::all();
    let suite = each(suite, "command_has_the_terminal", &all, foreground);
    let suite = each(suite, "keys_reach_command_alone", &all, keys);
    let suite = each(suite, "a_terminal_of_another_session_is_no_error", &all, foreign);
    let suite = each(suite, "a_shell_has_job_control", &all, job_control);
    let suite = each(suite, "a_hangup_ends_a_shell", &all, |case, init| {
        let (terminal, running, _) = shell(init.start(case), init)?;
        drop(terminal);
        let end = running.wait()?.end;
        ensure!(matches!(end, End::Exited(_)), "{end:?}");
        Ok(())
    });
    let suite =
        of(suite, CATATONIT, "a_terminal_that_is_not_standard_input_is_command_s", &all, |case, init| {
            let (scene, terminal, running) = without_input(case, init)?;
            same(terminal.foreground()?, command_of(&running)?)?;
            ends(&scene, running)
        });
    let suite = of(suite, TINI, "a_terminal_that_is_not_standard_input_is_left_alone", &all, |case, init| {
        let (scene, terminal, running) = without_input(case, init)?;
        same(terminal.foreground()?, running.pid())?;
        ends(&scene, running)
    });
    of(suite, DUMB_INIT, "v_tells_of_the_hand_over", &all, hand_over)
}

/// dumb-init gives COMMAND a session of its own.
fn foreground(case: Case, init: Init) -> Result<()> {
    let scene = Scene::new()?;
    let (_terminal, side) = Terminal::new()?;
    let outcome = scene.play(on(init.start(case), side)?, "", "report")?.run()?;
    same(outcome.end, End::Exited(0))?;
    let lines = scene.lines();
    same(fact(&lines, "foreground")?, fact(&lines, "pid")?)?;
    same(fact(&lines, "sid")?, if init.name == "dumb-init" { fact(&lines, "pid")? } else { "1" })
}

/// The terminal sends them: there is no sender. Once more from the init would be once too often, and so would what the
/// kernel sends a session that gives its terminal up.
fn keys(case: Case, init: Init) -> Result<()> {
    let scene = Scene::new()?;
    let (mut terminal, side) = Terminal::new()?;
    let running = scene.start(on(init.start(case), side)?, "", "block say=ready hear=12 exit=3")?;
    for (key, count) in [("\x03", 1), ("\x1c", 2), ("\x1a", 3)] {
        terminal.types(key)?;
        until("the signal", || Ok((scene.signals("", 0)?.len() == count).then_some(())))?;
    }
    same(scene.signals("", 0)?, vec![2, 3, 20])?;
    send(command_of(&running)?, 12)?;
    same(running.wait()?.end, End::Exited(3))?;
    same(scene.signals("", 0)?, vec![2, 3, 20, 12])
}

fn foreign(case: Case, init: Init) -> Result<()> {
    let scene = Scene::new()?;
    let (_terminal, side) = Terminal::new()?;
    exits(&scene.play(init.start(case).stdin(side), "", "report exit=3")?.run()?, 3)
}

/// An interactive shell that shows its prompt.
fn shell(start: Start, _: Init) -> Result<(Terminal, Running, i32)> {
    let (mut terminal, side) = Terminal::new()?;
    let start = on(start, side)?.env("PS1", "prompt> ").without_env("ENV").env("TERM", "dumb");
    let running = with(words(start, ""), ["--", "sh", "-i"]).spawn()?;
    terminal.shows("prompt> ")?;
    let command = command_of(&running)?;
    terminal.until_back_at(command)?;
    Ok((terminal, running, command))
}

fn job_control(case: Case, init: Init) -> Result<()> {
    let (mut terminal, running, shell) = shell(init.start(case), init)?;
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

/// Of a session that has a terminal, standard input is closed.
fn without_input(case: Case, init: Init) -> Result<(Scene, Terminal, Running)> {
    let scene = Scene::new()?;
    let (terminal, side) = Terminal::new()?;
    let running = scene.start(on(init.start(case), side)?.close(0), "", "block say=ready hear=12 exit=3")?;
    Ok((scene, terminal, running))
}

fn ends(scene: &Scene, running: Running) -> Result<()> {
    send(running.pid(), 12)?;
    same(running.wait()?.end, End::Exited(3))?;
    same(scene.signals("", 1)?, vec![12])
}

/// Both signals of the kernel are taken before there is a child.
fn hand_over(case: Case, init: Init) -> Result<()> {
    let scene = Scene::new()?;
    let (_terminal, side) = Terminal::new()?;
    let log = std::fs::File::create(scene.path("stderr"))?;
    let start = on(init.start(case), side)?.stderr(log);
    let running = scene.start(start, "-v", "block say=ready hear=12 exit=3")?;
    ends(&scene, running)?;
    let text = std::fs::read_to_string(scene.path("stderr"))?;
    let first = "[dumb-init] Detached from controlling tty, ignoring the first SIGHUP and SIGCONT we receive.\n\
                 [dumb-init] Received signal 1.\n\
                 [dumb-init] Ignoring tty hand-off signal 1.\n\
                 [dumb-init] Received signal 18.\n\
                 [dumb-init] Ignoring tty hand-off signal 18.\n";
    ensure!(text.starts_with(first) && !text.contains("Unable"), "{text}");
    Ok(())
}
