//! `-v`: a line on standard error for each start, forward, reap and exit.

use std::fs::{self, File};

use anyhow::{Context, Result, ensure};
use mote_tests::outcome::{End, same};
use mote_tests::{Suite, Target};
use nix::libc::{
    SIGABRT, SIGCHLD, SIGCONT, SIGHUP, SIGINT, SIGKILL, SIGQUIT, SIGSEGV, SIGSTOP, SIGTERM, SIGUSR1, SIGUSR2,
    SIGWINCH,
};

use crate::fixture::{TestDir, command_of, errors, fact, killed_by, pid1, send, with, with_errors, words};

pub(crate) fn add(suite: Suite) -> Suite {
    let (all, native) = (Target::all(), Target::native());
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

/// Runs COMMAND with these steps, sends signals, each of which becomes others, and returns COMMAND's number and all lines.
fn lines(
    target: Target,
    options: &str,
    steps: &str,
    signals: &[(i32, &[i32])],
    status: i32,
) -> Result<(i32, Vec<String>)> {
    let dir = TestDir::new()?;
    let steps = format!("report {steps}");
    let running = dir.start(with_errors(pid1(target), &dir)?, options, &dir.resolve(&steps))?;
    let mut expected = Vec::new();
    for (sent, received) in signals {
        send(running.pid(), *sent)?;
        expected.extend_from_slice(received);
        dir.until_signals("", &expected)?;
    }
    same(running.wait()?.end, End::Exited(status))?;
    let text = fs::read_to_string(dir.join("errors"))?;
    ensure!(text.ends_with('\n') && text.lines().all(|line| line.starts_with("pid1: ")), "{text}");
    Ok((fact(&dir.lines(), "pid")?.parse()?, errors(&dir)))
}

fn started_and_ended(target: Target) -> Result<()> {
    for option in ["-v", "--verbose"] {
        let (command, lines) = lines(target, option, "say=ready exit=7", &[], 7)?;
        let expected =
            [format!("started {command}"), format!("reaped {command}"), "exiting with 7".to_owned()];
        same(&lines[..], &expected)?;
    }
    Ok(())
}

/// SIGCONT behind a signal is no line of its own, and a signal that is dropped is none.
fn forwarded(target: Target) -> Result<()> {
    let steps = format!("block say=ready hear={SIGUSR2} exit=0");
    let signals: [(i32, &[i32]); 4] =
        [(SIGUSR1, &[SIGUSR1]), (SIGTERM, &[SIGTERM, SIGCONT]), (SIGWINCH, &[]), (SIGHUP, &[SIGUSR2])];
    let (command, lines) = lines(target, "-v -r HUP:USR2 -r WINCH:0", &steps, &signals, 0)?;
    let forwarded = |signal: &str| format!("forwarded to {command}: {signal}");
    let expected = [
        format!("started {command}"),
        forwarded("SIGUSR1"),
        forwarded("SIGTERM"),
        forwarded("SIGUSR2"),
        format!("reaped {command}"),
        "exiting with 0".to_owned(),
    ];
    same(&lines[..], &expected)
}

fn names(target: Target) -> Result<()> {
    let names = "HUP INT QUIT ILL TRAP ABRT BUS FPE KILL USR1 SEGV USR2 PIPE ALRM TERM STKFLT CHLD CONT STOP TSTP \
                 TTIN TTOU URG XCPU XFSZ VTALRM PROF WINCH IO PWR SYS 32 33";
    let names = (1..).zip(names.split_whitespace().map(|name| format!("SIG{name}")));
    let real_time = (34..=64).map(|number| (number, format!("SIGRTMIN+{}", number - 34)));
    let names: Vec<(i32, String)> = names
        .chain(real_time)
        // The last one ends COMMAND.
        .filter(|(number, _)| ![SIGKILL, SIGUSR2, SIGCHLD, SIGSTOP].contains(number))
        .chain([(SIGUSR2, "SIGUSR2".to_owned())])
        .collect();
    let received: Vec<Vec<i32>> = names
        .iter()
        .map(|(number, _)| {
            let continues = [SIGHUP, SIGINT, SIGQUIT, SIGTERM].contains(number);
            [*number].into_iter().chain(continues.then_some(SIGCONT)).collect()
        })
        .collect();
    let signals: Vec<(i32, &[i32])> =
        names.iter().zip(&received).map(|((number, _), received)| (*number, received.as_slice())).collect();
    let steps = format!("block say=ready hear={SIGUSR2} exit=3");
    let (command, lines) = lines(target, "-v", &steps, &signals, 3)?;
    let expected: Vec<String> =
        names.iter().map(|(_, name)| format!("forwarded to {command}: {name}")).collect();
    let forwarded: Vec<String> = lines.into_iter().filter(|line| line.starts_with("forwarded")).collect();
    same(forwarded, expected)
}

/// COMMAND's own child is not its business as long as COMMAND runs.
fn reaped(target: Target) -> Result<()> {
    let dir = TestDir::new()?;
    let steps = "orphans=1 [ name=left report exit=5 ] orphans=1 [ name=killed report die=9 ] \
                 fork [ name=own report ] say=ready block hear=10 exit=3";
    let running = dir.start(with_errors(pid1(target), &dir)?, "-v", steps)?;
    for (name, signal) in [("left", ""), ("killed", ": SIGKILL")] {
        let line = format!("reaped {}{signal}", pid_of(&dir, name)?);
        mote_tests::until("a line", || Ok(errors(&dir).contains(&line).then_some(())))
            .with_context(|| format!("{line}: {:?}", errors(&dir)))?;
    }
    let own = format!("reaped {}", pid_of(&dir, "own")?);
    ensure!(!errors(&dir).contains(&own), "{:?}", errors(&dir));
    send(command_of(&running)?, 10)?;
    same(running.wait()?.end, End::Exited(3))
}

/// The number that the test child of this name has reported.
fn pid_of(dir: &TestDir, name: &str) -> Result<String> {
    let prefix = format!("{name}: pid ");
    mote_tests::until("a report", || {
        Ok(dir.lines().iter().find_map(|line| line.strip_prefix(&prefix)).map(str::to_owned))
    })
}

fn why(target: Target) -> Result<()> {
    let numbers = [SIGTERM, SIGKILL, SIGUSR1, SIGSEGV, SIGABRT];
    let names = ["SIGTERM", "SIGKILL", "SIGUSR1", "SIGSEGV", "SIGABRT"];
    for (signal, name) in numbers.into_iter().zip(names) {
        ends(target, "-v", signal, name, 128 + signal)?;
    }
    ends(target, "-v -x 143:0", SIGTERM, "SIGTERM", 0)
}

/// COMMAND dies of a signal of its own, which is said in any target.
fn ends(target: Target, options: &str, signal: i32, name: &str, status: i32) -> Result<()> {
    let (command, lines) = lines(target, options, &format!("say=ready die={signal}"), &[], status)?;
    let expected = [
        format!("started {command}"),
        format!("reaped {command}: {name}"),
        killed_by(name)?,
        format!("exiting with {status}: {name}"),
    ];
    same(&lines[..], &expected)
}

fn unread(target: Target) -> Result<()> {
    let (reader, writer) = std::io::pipe()?;
    drop(reader);
    let start = words(pid1(target).stderr(writer), "-v");
    same(with(start, ["sh", "-c", "exit 7"]).run()?.end, End::Exited(7))?;
    let full = File::options().write(true).open("/dev/full").context("/dev/full")?;
    same(with(words(pid1(target).stderr(full), "-v"), ["sh", "-c", "exit 7"]).run()?.end, End::Exited(7))?;
    same(with(words(pid1(target).close(2), "-v"), ["sh", "-c", "exit 7"]).run()?.end, End::Exited(7))
}

/// For each line that does not fit the kernel signals whoever wrote it, and sooner than with what came before. COMMAND was
/// sent nothing.
fn full(target: Target) -> Result<()> {
    let dir = TestDir::new()?;
    let size = 1 << 16;
    let file = dir.file("errors", vec![b'\n'; size], 0o666)?;
    let start = pid1(target).stderr(File::options().append(true).open(file)?).file_limit(size as u64);
    let running = dir.start(start, "-v", "block say=ready hear=12 exit=3")?;
    for signal in [10, 12] {
        send(running.pid(), signal)?;
        dir.until_signals("", if signal == 10 { &[10] } else { &[10, 12] })?;
    }
    same(running.wait()?.end, End::Exited(3))?;
    same(dir.signals("", 1)?, vec![10, 12])
}

fn silent(target: Target) -> Result<()> {
    let dir = TestDir::new()?;
    let steps = "daemon [ exit=5 ] block say=ready hear=10 exit=3";
    let running = dir.start(pid1(target), "", steps)?;
    send(running.pid(), 10)?;
    crate::fixture::exits(&running.wait()?, 3)
}
