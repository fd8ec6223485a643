//! Counts of what a program itself executes: its children are not traced.

use std::{
    os::unix::process::CommandExt,
    process::Command,
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, bail, ensure};
use nix::{
    libc,
    sys::{
        ptrace::{self, Options},
        signal::{Signal, kill},
        wait::{WaitPidFlag, WaitStatus, waitpid},
    },
    unistd::Pid,
};
use procfs::process::Process;

/// The end of a trace.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Until {
    /// The program exits with status 0.
    Exit,
    /// The program sleeps. It is killed then.
    Asleep,
}

/// Returns the number of instructions that a program executes in user mode.
///
/// # Errors
/// The program can't be started or traced, or ends otherwise than `until` says.
pub fn instructions(command: Command, until: Until) -> Result<u64> {
    let mut count = 0;
    trace(command, until, ptrace::step, |_, status| {
        let is_step = matches!(status, WaitStatus::Stopped(_, Signal::SIGTRAP));
        count += u64::from(is_step);
        Ok(is_step)
    })?;
    Ok(count)
}

/// Returns the numbers of the system calls that a program makes after its `execve`.
///
/// # Errors
/// As of [`instructions`].
pub fn system_calls(command: Command, until: Until) -> Result<Vec<u64>> {
    let mut calls = Vec::new();
    trace(command, until, ptrace::syscall, |child, status| {
        if !matches!(status, WaitStatus::PtraceSyscall(_)) {
            return Ok(false);
        }
        let info = ptrace::syscall_info(child)?;
        if info.op == libc::PTRACE_SYSCALL_INFO_ENTRY {
            // SAFETY: `op` says that the kernel has written this variant.
            calls.push(unsafe { info.u.entry.nr });
        }
        Ok(true)
    })?;
    Ok(calls)
}

/// Runs a program from stop to stop. `visit` returns whether a stop belongs to the tracing; a signal of any other stop is
/// delivered.
fn trace(
    mut command: Command,
    until: Until,
    resume: fn(Pid, Option<Signal>) -> nix::Result<()>,
    mut visit: impl FnMut(Pid, WaitStatus) -> Result<bool>,
) -> Result<()> {
    // SAFETY: `traceme` is one system call, which is async-signal-safe.
    unsafe { command.pre_exec(|| ptrace::traceme().map_err(Into::into)) };
    // Only the thread that starts the program can trace it.
    let child = Pid::from_raw(command.spawn()?.id().cast_signed());
    ensure!(matches!(waitpid(child, None)?, WaitStatus::Stopped(_, Signal::SIGTRAP)), "no stop after execve");
    ptrace::setoptions(child, Options::PTRACE_O_TRACESYSGOOD | Options::PTRACE_O_EXITKILL)?;
    let mut signal = None;
    loop {
        resume(child, signal).context("ptrace")?;
        let status = match until {
            Until::Exit => waitpid(child, None)?,
            Until::Asleep => wait_or_kill(child)?,
        };
        signal = match (until, status) {
            (Until::Exit, WaitStatus::Exited(_, 0))
            | (Until::Asleep, WaitStatus::Signaled(_, Signal::SIGKILL, _)) => return Ok(()),
            (_, WaitStatus::Exited(..) | WaitStatus::Signaled(..)) => bail!("{status:?}"),
            _ if visit(child, status)? => None,
            (_, WaitStatus::Stopped(_, signal)) => Some(signal),
            _ => None,
        };
    }
}

/// Longer than a program takes from one stop to the next, unless it sleeps.
const STEP: Duration = Duration::from_millis(50);

/// Waits for the next stop of a program, or kills it if it sleeps.
fn wait_or_kill(child: Pid) -> Result<WaitStatus> {
    let start = Instant::now();
    loop {
        match waitpid(child, Some(WaitPidFlag::WNOHANG))? {
            WaitStatus::StillAlive => thread::yield_now(),
            status => return Ok(status),
        }
        if start.elapsed() > STEP && Process::new(child.as_raw())?.stat()?.state == 'S' {
            kill(child, Signal::SIGKILL)?;
            return Ok(waitpid(child, None)?);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shell(script: &str) -> Command {
        let mut command = Command::new("/bin/sh");
        command.args(["-c", script]).env_clear();
        command
    }

    #[test]
    fn system_calls_of_children_do_not_count() -> Result<()> {
        let calls = system_calls(shell("(: < /etc/passwd; exec true); exit"), Until::Exit)?;
        let without = system_calls(shell("(:); exit"), Until::Exit)?;
        let opens = |calls: &[u64]| calls.iter().filter(|call| **call == libc::SYS_openat as u64).count();
        assert_eq!(opens(&calls), opens(&without));
        assert!(!calls.contains(&(libc::SYS_execve as u64)));
        Ok(())
    }

    #[test]
    fn a_program_is_traced_until_it_sleeps() -> Result<()> {
        let mut sleep = Command::new("/bin/sleep");
        sleep.arg("1000");
        let calls = system_calls(sleep, Until::Asleep)?;
        assert_eq!(calls.last(), Some(&(libc::SYS_clock_nanosleep as u64)));
        Ok(())
    }

    #[test]
    fn another_end_is_an_error() {
        assert!(system_calls(shell("exit 3"), Until::Exit).is_err());
        assert!(system_calls(shell(":"), Until::Asleep).is_err());
    }
}
