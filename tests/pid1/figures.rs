//! What `pid1 -- true` costs. These figures repeat exactly.

use std::fs;
use std::os::unix::process::CommandExt;
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail, ensure};
use mote_tests::{Case, Suite};
use nix::sys::ptrace;
use nix::sys::signal::Signal;
use nix::sys::wait::{WaitStatus, waitpid};
use nix::unistd::{Pid, Uid};

use crate::scene::{Scene, below_1, exits, itself, with};

/// tini-static: 35,373.
const INSTRUCTIONS: usize = 2_000;

/// tini-static: 24.
const CALLS: usize = 16;

pub(crate) fn add(suite: Suite) -> Suite {
    let host: Vec<Case> = Case::host().into_iter().collect();
    suite.each("pid1::takes_at_most_2000_instructions", &host, instructions).each(
        "pid1::makes_at_most_16_system_calls",
        &Case::native(),
        calls,
    )
}

/// Counts by single steps, each of which ends in a stop. The child of the program is not followed.
fn instructions(case: Case) -> Result<()> {
    let [file] = itself(case)?.try_into().map_err(|_| anyhow::anyhow!("an emulator"))?;
    let mut command = Command::new(file);
    command.args(["--", "true"]).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    command.env_clear().env("PATH", "/usr/bin:/bin");
    if Uid::effective().is_root() {
        // It runs in no namespace of its own here, and is to have no rights over the machine's processes.
        command.uid(65535).gid(65535);
    }
    // SAFETY: asking to be traced is one system call, which is safe between fork and exec.
    unsafe { command.pre_exec(|| ptrace::traceme().map_err(Into::into)) };
    // The thread that starts it is the one that traces it.
    let child = Pid::from_raw(i32::try_from(command.spawn()?.id())?);
    let mut count = 0;
    let mut signal = None;
    ensure!(matches!(waitpid(child, None)?, WaitStatus::Stopped(_, Signal::SIGTRAP)), "no stop after exec");
    loop {
        ptrace::step(child, signal).context("step")?;
        match waitpid(child, None)? {
            WaitStatus::Stopped(_, Signal::SIGTRAP) => {
                count += 1;
                signal = None;
            }
            WaitStatus::Stopped(_, other) => signal = Some(other),
            WaitStatus::Exited(_, 0) => break,
            other => bail!("{other:?} after {count} instructions"),
        }
    }
    println!("{count} instructions");
    ensure!(count <= INSTRUCTIONS, "{count} instructions");
    Ok(())
}

fn calls(case: Case) -> Result<()> {
    let scene = Scene::new()?;
    let log = scene.path("calls");
    exits(&with(below_1(case).as_pid_2().trace(&log), ["--", "true"]).run()?, 0)?;
    let log = fs::read_to_string(log)?;
    // The first is the `execve` that made it what it is. Lines without a name are signals.
    let calls: Vec<&str> = log
        .lines()
        .filter(|line| line.starts_with(|c: char| c.is_ascii_lowercase()))
        .filter(|line| !line.starts_with("execve("))
        .collect();
    println!("{} system calls", calls.len());
    ensure!(!calls.is_empty() && calls.len() <= CALLS, "{} system calls:\n{}", calls.len(), calls.join("\n"));
    Ok(())
}
