//! Playing an entry of the table with one program, and writing down what happened.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use mote_tests::terminal::{Terminal, on};
use mote_tests::test_dir::{TestDir, send, test_child, with};
use mote_tests::{Launcher, Running, Signal, Target, process, require, until};

use crate::init::Init;
use crate::scenario::{Input, Place, Scenario};
use crate::signals;

/// The surroundings of one run.
pub(crate) struct Stage<'a> {
    scenario: &'a Scenario,
    pub(crate) dir: TestDir,
    terminal: Option<Terminal>,
    /// How long calls are delayed, and when that began at the earliest.
    delay: Duration,
    start: Instant,
    /// What was written down on the way.
    pub(crate) notes: Vec<String>,
}

/// A shell that runs what its other words say, and ends with the same status.
const SHELL: [&str; 3] = ["/bin/sh", "-c", "\"$0\" \"$@\"; exit $?"];

impl<'a> Stage<'a> {
    pub(crate) fn new(scenario: &'a Scenario, delay: Duration) -> Result<Self> {
        let (dir, start) = (TestDir::new()?, Instant::now());
        Ok(Self { scenario, dir, terminal: None, delay, start, notes: Vec::new() })
    }

    /// Starts `program` as the entry says.
    pub(crate) fn start(&mut self, program: &Path) -> Result<Running> {
        let target = Target::host().context("no native platform")?;
        let mut words = self.wrapper()?;
        let program = match self.scenario.alias {
            Some(name) => {
                let link = self.path(name);
                symlink(program, &link)?;
                link
            }
            None => program.to_owned(),
        };
        words.push(program.display().to_string());
        for word in &self.scenario.words {
            words.push(if word == "ACTOR" {
                test_child()?.display().to_string()
            } else {
                self.dir.resolve(word)
            });
        }
        if self.scenario.place == Place::Orphaned {
            words.extend(self.dir.resolve("] await=@end ] sleep").split(' ').map(str::to_owned));
        }
        if matches!(self.scenario.place, Place::Background | Place::Foreground) {
            let rest = self.dir.resolve("] wait await=@leave exit=0");
            words.extend(rest.split(' ').map(str::to_owned));
        }
        let first = words.remove(0);
        let launcher = with(Launcher::of_file(target, first), words).without_env("LISTEN_PID");
        let launcher = match self.scenario.place {
            Place::One | Place::Shell | Place::Background | Place::Foreground | Place::Orphaned => {
                launcher.as_pid_1()
            }
            Place::Two | Place::Delayed(_) => launcher.as_pid_2(),
            Place::Survived => launcher.as_pid_2().linger(&self.dir.join("linger")),
        };
        let launcher = self
            .scenario
            .environment
            .iter()
            .fold(launcher, |launcher, (name, value)| launcher.env(name, value));
        let launcher = self.connect((self.scenario.arrange)(launcher, &self.dir))?;
        launcher.spawn()
    }

    /// What runs the program.
    fn wrapper(&self) -> Result<Vec<String>> {
        let words: Vec<String> = match self.scenario.place {
            Place::One | Place::Two | Place::Survived => Vec::new(),
            Place::Shell => SHELL.map(str::to_owned).into(),
            Place::Background | Place::Foreground => {
                let group = if self.scenario.place == Place::Background { "group " } else { "" };
                let steps = format!("fork [ {group}exec");
                [test_child()?.display().to_string()]
                    .into_iter()
                    .chain(steps.split(' ').map(str::to_owned))
                    .collect()
            }
            Place::Orphaned => {
                let steps = "block fork [ fork [ exec".split(' ').map(str::to_owned);
                [test_child()?.display().to_string()].into_iter().chain(steps).collect()
            }
            Place::Delayed(call) => {
                let strace = require::tool("strace", "strace")?.display().to_string();
                let output = self.dir.join("calls").display().to_string();
                let inject = format!("-einject={call}:delay_enter={}", self.delay.as_micros());
                vec![strace, "-Dfqq".to_owned(), "-o".to_owned(), output, format!("-etrace={call}"), inject]
            }
        };
        Ok(words)
    }

    fn connect(&mut self, launcher: Launcher) -> Result<Launcher> {
        if self.scenario.input == Input::Pipe {
            return Ok(launcher);
        }
        let (terminal, side) = Terminal::new()?;
        self.terminal = Some(terminal);
        match self.scenario.input {
            Input::Terminal => Ok(launcher.stdin(side).session()),
            Input::Console => on(launcher, side),
            _ => Ok(launcher.stdin(side)),
        }
    }

    /// Whether a delayed call of the child may have been carried out by now, and that matters.
    pub(crate) fn is_late(&self, program: &Path) -> Result<bool> {
        let Place::Delayed(call) = self.scenario.place else { return Ok(false) };
        // Ours makes this one itself as well, so it takes a signal only after the delay: and then knows the group.
        let is_own = call == "setpgid" && self.scenario.peer.theirs()? != program;
        Ok(!is_own && self.start.elapsed() >= self.delay)
    }

    fn terminal(&mut self) -> Result<&mut Terminal> {
        self.terminal.as_mut().context("there is no terminal")
    }

    /// Does what the entry says from outside.
    pub(crate) fn act(&mut self, init: &Init, act: &str) -> Result<()> {
        match act.split_once(' ').unwrap_or((act, "")) {
            ("until", line) => until(&format!("the line {line:?}"), || {
                Ok((init.is_gone() || self.lines().iter().any(|said| said == line)).then_some(()))
            })?,
            ("taken", "") => init.until_nothing_pends()?,
            ("touch", name) => fs::write(self.dir.join(name), "")?,
            ("type", text) => self.terminal()?.types(text)?,
            ("shows", text) => self.terminal()?.shows(text)?,
            ("hang", "up") => drop(self.terminal.take()),
            ("init", "stops") => until_state(init.pid, true)?,
            ("COMMAND", "stops") => until_state(init.command()?, true)?,
            ("COMMAND", "traced") => until("COMMAND to stop, or the init's end", || {
                let children = process::children(init.pid).unwrap_or_default();
                let stops = children.iter().any(|(_, state)| *state == 't');
                Ok((stops || init.is_gone()).then_some(()))
            })?,
            ("COMMAND", "runs") => until_state(init.command()?, false)?,
            ("gone", "") => until("the init's end", || Ok(init.is_gone().then_some(())))?,
            ("adopted", "") => until("a new parent", || Ok((init.new_parent()? == 1).then_some(())))?,
            ("children", count) => until(&format!("{count} children"), || {
                Ok((process::children(init.pid)?.len().to_string() == count).then_some(()))
            })?,
            ("look", "at init") => self.notes.extend(init.looks_like()?),
            ("count", "children") => {
                self.notes.push(format!("init: children {}", process::children(init.pid)?.len()));
            }
            ("asleep", "") => until("sleep", || Ok(init.sleeps()?.then_some(())))?,
            ("terminal", "taken") => {
                let command = init.command()?;
                self.terminal()?.until_taken_from(command)?;
            }
            // An init that has ended meanwhile shows that in its end.
            ("look", "at terminal") if init.is_gone() && self.scenario.place == Place::One => {}
            ("look", "at terminal") => {
                let foreground = self.terminal()?.foreground()?;
                self.notes.push(match process::inner_pid(foreground) {
                    Ok(pid) => format!("terminal: of PID {pid}"),
                    Err(_) => "terminal: of no process".to_owned(),
                });
            }
            ("watch", "sleep") => self.notes.push(init.watch_sleep()?),
            // As above.
            _ if init.is_gone() => {}
            _ => send(init.pid, signals::number(act).with_context(|| format!("no act {act:?}"))?)?,
        }
        Ok(())
    }

    /// Returns the lines of the test child, with signals by number.
    pub(crate) fn lines(&self) -> Vec<String> {
        self.dir.lines().into_iter().map(with_number).collect()
    }

    /// A file that a run leaves.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.dir.join(name)
    }
}

/// Returns `signal SIGTERM from 1` with the number of the signal.
fn with_number(line: String) -> String {
    let received =
        line.split_once("signal ").and_then(|(before, rest)| Some((before, rest.split_once(" from ")?)));
    match received {
        Some((before, (signal, sender))) => match signal.parse::<Signal>() {
            Ok(signal) => format!("{before}signal {} from {sender}", signal.number()),
            Err(_) => line,
        },
        None => line,
    }
}

/// Waits until a process is stopped, or until it is not.
fn until_state(pid: i32, stopped: bool) -> Result<()> {
    let what = if stopped { "a stopped process" } else { "a process that is not stopped" };
    until(what, || Ok(((process::state(pid)? == 'T') == stopped).then_some(())))
}
