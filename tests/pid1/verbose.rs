//! `-v`: a line on standard error for each start, forward, reap and exit.

use std::fs::{self, File};

use anyhow::{Context, Result, ensure};
use mote_tests::outcome::{End, same};
use mote_tests::{Case, Suite};

use crate::scene::{Scene, command_of, fact, pid1, send, with, words};

pub(crate) fn add(suite: Suite) -> Suite {
    let (all, native) = (Case::all(), Case::native());
    suite
        .each("pid1::v_says_what_was_started_and_how_it_ended", &all, started_and_ended)
        .each("pid1::v_says_what_was_forwarded", &all, forwarded)
        .each("pid1::v_names_each_of_the_64_signals", &native, names)
        .each("pid1::v_says_who_was_reaped", &all, reaped)
        .each("pid1::v_says_why_it_ends", &all, why)
        .each("pid1::v_that_nobody_reads_is_no_problem", &all, unread)
        .each("pid1::v_into_a_file_that_may_not_grow_is_no_problem", &all, full)
        .each("pid1::without_v_it_says_nothing", &all, silent)
}

/// What a run with these steps says, if such signals are sent and forwarded; each line has the program's name.
fn lines(case: Case, options: &str, steps: &str, signals: &[(i32, i32)], status: i32) -> Result<Vec<String>> {
    let scene = Scene::new()?;
    let errors = scene.path("errors");
    let start = pid1(case).stderr(File::create(&errors)?);
    let running = scene.start(start, options, &scene.resolve(steps))?;
    let mut expected = Vec::new();
    for (sent, forwarded) in signals {
        send(running.pid(), *sent)?;
        expected.push(*forwarded);
        scene.until_signals("", &expected)?;
    }
    same(running.wait()?.end, End::Exited(status))?;
    let text = fs::read_to_string(errors)?;
    ensure!(text.ends_with('\n') && text.lines().all(|line| line.starts_with("pid1: ")), "{text}");
    Ok(text.lines().map(str::to_owned).collect())
}

/// A line has all the words, each by itself.
fn has(lines: &[String], words: &[&str]) -> Result<()> {
    let apart = |c: char| !c.is_alphanumeric() && !"+_/.-".contains(c);
    let found = lines.iter().any(|line| {
        let parts: Vec<&str> = line.split(apart).collect();
        words.iter().all(|word| parts.contains(word))
    });
    ensure!(found, "no line has all of {words:?}: {lines:#?}");
    Ok(())
}

fn started_and_ended(case: Case) -> Result<()> {
    for option in ["-v", "--verbose"] {
        let lines = lines(case, option, "say=ready exit=7", &[], 7)?;
        ensure!(lines.len() >= 2, "{lines:?}");
        has(&lines[lines.len() - 1..], &["7"])?;
    }
    let scene = Scene::new()?;
    let errors = scene.path("errors");
    scene.play(pid1(case).stderr(File::create(&errors)?), "-v", "report")?.run()?;
    let text = fs::read_to_string(errors)?;
    let first: Vec<String> = text.lines().take(1).map(str::to_owned).collect();
    has(&first, &[fact(&scene.lines(), "pid")?])
}

fn forwarded(case: Case) -> Result<()> {
    let steps = "block say=ready hear=12 exit=3";
    let lines = lines(case, "-v -r HUP:USR2", steps, &[(10, 10), (1, 12)], 3)?;
    has(&lines, &["SIGUSR1"])?;
    has(&lines, &["SIGUSR2"])
}

fn names(case: Case) -> Result<()> {
    let names = "HUP INT QUIT ILL TRAP ABRT BUS FPE KILL USR1 SEGV USR2 PIPE ALRM TERM STKFLT CHLD CONT STOP TSTP \
                 TTIN TTOU URG XCPU XFSZ VTALRM PROF WINCH IO PWR SYS";
    let classic = (1..).zip(names.split_whitespace());
    let names: Vec<(i32, String)> = classic
        .map(|(number, name)| (number, format!("SIG{name}")))
        .chain((35..=64).map(|number| (number, format!("RTMIN+{}", number - 34))))
        // Not forwarded; followed by SIGCONT; the one that ends COMMAND.
        .filter(|(number, _)| ![9, 12, 15, 17, 19].contains(number))
        .collect();
    let mut signals: Vec<(i32, i32)> = names.iter().map(|(number, _)| (*number, *number)).collect();
    signals.push((12, 12));
    let lines = lines(case, "-v", "block say=ready hear=12 exit=3", &signals, 3)?;
    for (number, name) in &names {
        let named = lines.iter().any(|line| {
            line.split(|c: char| !c.is_alphanumeric() && c != '+')
                .any(|word| word == name || word.strip_prefix("SIG") == Some(name))
        });
        ensure!(named, "no {name} ({number}) in {lines:#?}");
    }
    Ok(())
}

/// COMMAND's own child is none of its business.
fn reaped(case: Case) -> Result<()> {
    let scene = Scene::new()?;
    let errors = scene.path("errors");
    let start = pid1(case).stderr(File::create(&errors)?);
    let steps = "orphans=1 [ name=left report exit=5 ] orphans=1 [ name=killed report die=9 ] \
                 fork [ name=own report ] say=ready block hear=10 exit=3";
    let running = scene.start(start, "-v", steps)?;
    let said = || -> Vec<String> {
        fs::read_to_string(&errors).unwrap_or_default().lines().map(str::to_owned).collect()
    };
    for (name, signal) in [("left", None), ("killed", Some("SIGKILL"))] {
        let pid = pid_of(&scene, name)?;
        let words: Vec<&str> = [pid.as_str()].into_iter().chain(signal).collect();
        mote_tests::until("a line", || Ok(has(&said(), &words).is_ok().then_some(())))
            .with_context(|| format!("{words:?}: {:?}", said()))?;
    }
    send(command_of(&running)?, 10)?;
    same(running.wait()?.end, End::Exited(3))
}

/// The number that the actor of this name has reported.
fn pid_of(scene: &Scene, name: &str) -> Result<String> {
    let prefix = format!("{name}: pid ");
    mote_tests::until("a report", || {
        Ok(scene.lines().iter().find_map(|line| line.strip_prefix(&prefix)).map(str::to_owned))
    })
}

fn why(case: Case) -> Result<()> {
    for (signal, name) in [(15, "SIGTERM"), (9, "SIGKILL"), (10, "SIGUSR1"), (11, "SIGSEGV"), (6, "SIGABRT")]
    {
        let lines = lines(case, "-v", &format!("say=ready die={signal}"), &[], 128 + signal)?;
        has(&lines[lines.len() - 1..], &[name])?;
    }
    let lines = lines(case, "-v -x 143:0", "say=ready die=15", &[], 0)?;
    has(&lines[lines.len() - 1..], &["SIGTERM"])
}

fn unread(case: Case) -> Result<()> {
    let (reader, writer) = std::io::pipe()?;
    drop(reader);
    let start = words(pid1(case).stderr(writer), "-v");
    same(with(start, ["sh", "-c", "exit 7"]).run()?.end, End::Exited(7))?;
    let full = File::options().write(true).open("/dev/full").context("/dev/full")?;
    same(with(words(pid1(case).stderr(full), "-v"), ["sh", "-c", "exit 7"]).run()?.end, End::Exited(7))?;
    same(with(words(pid1(case).close(2), "-v"), ["sh", "-c", "exit 7"]).run()?.end, End::Exited(7))
}

/// For each line that does not fit the kernel signals whoever wrote it, and sooner than with what came before. COMMAND was
/// sent nothing.
fn full(case: Case) -> Result<()> {
    let scene = Scene::new()?;
    let size = 1 << 16;
    let file = scene.file("errors", vec![b'\n'; size], 0o666)?;
    let start = pid1(case).stderr(File::options().append(true).open(file)?).file_limit(size as u64);
    let running = scene.start(start, "-v", "block say=ready hear=12 exit=3")?;
    for signal in [10, 12] {
        send(running.pid(), signal)?;
        scene.until_signals("", if signal == 10 { &[10] } else { &[10, 12] })?;
    }
    same(running.wait()?.end, End::Exited(3))?;
    same(scene.signals("", 1)?, vec![10, 12])
}

fn silent(case: Case) -> Result<()> {
    let scene = Scene::new()?;
    let steps = "daemon [ exit=5 ] block say=ready hear=10 exit=3";
    let running = scene.start(pid1(case), "", steps)?;
    send(running.pid(), 10)?;
    crate::scene::exits(&running.wait()?, 3)
}
