//! The observations of a run, as lines that can be compared.

use std::fs;
use std::os::unix::process::ExitStatusExt;
use std::path::Path;
use std::process::ExitStatus;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use mote_tests::outcome::text;
use mote_tests::{End, Outcome, Running, process, until};

use crate::init::{Init, about_to_arrive};
use crate::scenario::{Place, Scenario};
use crate::stage::Stage;
use crate::text;

/// How often in a row an init must be seen to sleep for good.
const LOOKS: u32 = 100;

/// Delays of calls that an entry wants delayed, in seconds: on a busy machine the first may be over too early.
const DELAYS: [u64; 4] = [2, 8, 20, 60];

/// Plays `scenario` with `program`.
pub(crate) fn observe(scenario: &Scenario, program: &Path) -> Result<Vec<String>> {
    for delay in DELAYS {
        if let Some(lines) = perform(scenario, program, Duration::from_secs(delay))? {
            return Ok(lines);
        }
    }
    bail!("no delay was long enough")
}

/// `None` if a call that was to be delayed was over before the signals were taken.
fn perform(scenario: &Scenario, program: &Path, delay: Duration) -> Result<Option<Vec<String>>> {
    let mut stage = Stage::new(scenario, delay)?;
    let running = stage.start(program)?;
    let needs_init = scenario.may_hang || scenario.place == Place::Survived || !scenario.acts.is_empty();
    let init = needs_init.then(|| Init::of(&running, scenario.place, program)).transpose()?;
    if let Some(init) = &init {
        for act in &scenario.acts {
            stage.act(init, act).with_context(|| format!("{act}; COMMAND: {:?}", stage.dir.lines()))?;
            if act == "taken" && stage.is_late(program)? {
                return Ok(None);
            }
        }
    }
    let mut lines = match (scenario.place, &init) {
        (Place::Orphaned, _) => Vec::new(),
        (Place::Background | Place::Foreground, _) => ended(running.wait()?)?.split_off(1),
        (Place::Survived, Some(init)) => survived(&stage, running, init)?,
        (_, Some(init)) if scenario.may_hang => may_hang(running, init)?,
        _ => ended(running.wait()?)?,
    };
    lines.append(&mut stage.notes);
    lines.extend(said(scenario, &stage));
    let directory = stage.dir.path().canonicalize()?.display().to_string();
    Ok(Some(text::normal(lines, scenario, program, &directory)))
}

fn ended(outcome: Outcome) -> Result<Vec<String>> {
    let mut lines = vec![match outcome.end {
        End::Exited(status) => format!("end: {status}"),
        End::Killed(signal) => format!("end: {signal}"),
    }];
    for (name, bytes) in [("stdout", outcome.stdout), ("stderr", outcome.stderr)] {
        lines.extend(text(&bytes)?.lines().map(|line| format!("{name}: {line}")));
    }
    Ok(lines)
}

fn may_hang(running: Running, init: &Init) -> Result<Vec<String>> {
    let mut looks = 0;
    let hangs = until("an end, or that there will be none", || {
        if init.is_gone() {
            return Ok(Some(None));
        }
        // It may end between two looks, and may not have been woken yet at the first of them.
        let hangs = init.hangs().ok().flatten();
        looks = if hangs.is_some() { looks + 1 } else { 0 };
        Ok((looks > LOOKS).then_some(hangs))
    })?;
    match hangs {
        Some(line) => Ok(vec![line]),
        None => ended(running.wait()?),
    }
}

/// The end of the init, and the processes that are left, before PID 1 ends as well.
fn survived(stage: &Stage<'_>, running: Running, init: &Init) -> Result<Vec<String>> {
    until("the init's end", || Ok(init.is_gone().then_some(())))?;
    let status = until("its status", || Ok(fs::read_to_string(stage.path("linger.status")).ok()))?;
    let status = ExitStatus::from_raw(status.parse()?);
    let left = until("peace", || settled(init.parent))?;
    fs::write(stage.path("linger"), "")?;
    let mut lines = ended(running.wait()?)?;
    lines[0] = match (status.code(), status.signal()) {
        (Some(code), _) => format!("end: {code}"),
        (None, signal) => format!("end: signal {}", signal.unwrap_or_default()),
    };
    lines.extend(left.iter().map(|pid| format!("left: process {pid}")));
    Ok(lines)
}

/// The processes below `ancestor`, by their own numbers, once all of them are asleep or stopped and no signal is
/// about to reach one.
fn settled(ancestor: i32) -> Result<Option<Vec<i32>>> {
    let mut left = Vec::new();
    let mut parents = vec![ancestor];
    while let Some(parent) = parents.pop() {
        for (pid, state) in process::children(parent)? {
            if state == 'Z' {
                continue;
            }
            let (Ok(coming), Ok(inner)) = (about_to_arrive(pid), process::inner_pid(pid)) else {
                return Ok(None);
            };
            if coming != 0 || !matches!(state, 'S' | 'T') {
                return Ok(None);
            }
            left.push(inner);
            parents.push(pid);
        }
    }
    left.sort_unstable();
    Ok(Some(left))
}

/// Whether COMMAND was told of the end of a child of its own, which may come at any time. The init is PID 1 or 2
/// and COMMAND the next; what comes from outside comes from 0.
fn is_own_death(line: &str) -> bool {
    let sender = line.split_once("signal 17 from ").and_then(|(_, sender)| sender.parse::<i32>().ok());
    sender.is_some_and(|sender| sender > 2)
}

/// What COMMAND and its children wrote, without the variables that the table does not set.
fn said(scenario: &Scenario, stage: &Stage<'_>) -> Vec<String> {
    let is_set = |variable: &str| {
        let name = variable.split('=').next().unwrap_or_default();
        name.starts_with("LISTEN_") || scenario.environment.iter().any(|(set, _)| *set == name)
    };
    let lines = stage.lines().into_iter();
    let lines = lines.filter(|line| !is_own_death(line));
    let lines = lines.filter(|line| line.strip_prefix("env ").is_none_or(is_set));
    lines.map(|line| format!("said: {line}")).collect()
}
