//! `hello`: writes `Hello, World!` and a newline to standard output and exits 0; non-zero if it could not.

use std::fs::{self, File};
use std::process::ExitCode;

use anyhow::{Context, Result, ensure};
use mote_tests::outcome::{self, End, Outcome};
use mote_tests::{Cpu, Launcher, Suite, Target};
use nix::sys::signal::Signal;

const GREETING: &str = "Hello, World!\n";

fn main() -> ExitCode {
    let (all, native) = (Target::all(), Target::native());
    Suite::new()
        .test(&all, writes_the_greeting_and_exits_0)
        .test(&all, ignores_arguments)
        .test(&native, runs_without_arguments)
        .test(&all, runs_as_any_user)
        .test(&all, fails_on_a_full_disk)
        .test(&all, fails_without_standard_output)
        .test(&all, fails_if_its_output_has_no_reader)
        .test(&all, fails_if_only_part_was_written)
        .test(&all, makes_two_system_calls)
        .test(&native, ends_by_a_fault_if_exit_is_refused)
        .run()
}

fn hello(target: Target) -> Launcher {
    Launcher::of(target, "hello")
}

/// Checks that it exited with a status other than 0 and wrote no message.
fn failed(outcome: &Outcome) -> Result<()> {
    ensure!(matches!(outcome.end, End::Exited(1..)), "expected a failure: {outcome:?}");
    ensure!(outcome.stderr.is_empty(), "expected no message: {outcome:?}");
    Ok(())
}

fn writes_the_greeting_and_exits_0(target: Target) -> Result<()> {
    hello(target).run()?.is(&Outcome::exited(GREETING, 0))
}

fn ignores_arguments(target: Target) -> Result<()> {
    hello(target).argument("--help").argument("").run()?.is(&Outcome::exited(GREETING, 0))
}

/// Native only: an emulator needs an argument, the file.
fn runs_without_arguments(target: Target) -> Result<()> {
    hello(target).without_arguments().run()?.is(&Outcome::exited(GREETING, 0))
}

fn runs_as_any_user(target: Target) -> Result<()> {
    mote_tests::require::root()?;
    hello(target).uid(65535).run()?.is(&Outcome::exited(GREETING, 0))
}

fn fails_on_a_full_disk(target: Target) -> Result<()> {
    let full = File::options().write(true).open("/dev/full").context("/dev/full")?;
    failed(&hello(target).stdout(full).run()?)
}

fn fails_without_standard_output(target: Target) -> Result<()> {
    failed(&hello(target).close(1).run()?)
}

fn fails_if_its_output_has_no_reader(target: Target) -> Result<()> {
    let (reader, writer) = std::io::pipe()?;
    drop(reader);
    failed(&hello(target).ignore(Signal::SIGPIPE).stdout(writer).run()?)
}

fn fails_if_only_part_was_written(target: Target) -> Result<()> {
    for room in 1..GREETING.len() {
        let file = tempfile::NamedTempFile::new()?;
        let launcher = hello(target).file_limit(room as u64).ignore(Signal::SIGXFSZ).stdout(file.reopen()?);
        failed(&launcher.run()?)?;
        outcome::same(fs::read(file.path())?.as_slice(), &GREETING.as_bytes()[..room])?;
    }
    Ok(())
}

fn makes_two_system_calls(target: Target) -> Result<()> {
    let log = tempfile::NamedTempFile::new()?;
    hello(target).trace(log.path()).run()?.is(&Outcome::exited(GREETING, 0))?;
    let log = fs::read_to_string(log.path())?;
    // strace writes `write(1, …`, the emulator `PID write(1,…`. The emulator does not log the `execve` before it.
    let calls: Vec<&str> = log
        .lines()
        .filter_map(|line| line.trim_start_matches(|c: char| c.is_ascii_digit() || c == ' ').split_once('('))
        .map(|(call, _)| call)
        .collect();
    match target.cpu {
        Cpu::Native => outcome::same(calls, vec!["execve", "write", "exit"]),
        Cpu::Emulated(_) => outcome::same(calls, vec!["write", "exit"]),
    }
}

/// Native only: the emulator's own `exit` would be refused as well.
fn ends_by_a_fault_if_exit_is_refused(target: Target) -> Result<()> {
    for errno in ["EPERM", "ENOSYS"] {
        let outcome = hello(target).refuse("exit", errno).refuse("exit_group", errno).run()?;
        ensure!(outcome.end.is_fault(), "expected a fault: {outcome:?}");
        outcome::same(outcome::text(&outcome.stdout)?, GREETING)?;
    }
    Ok(())
}
