//! Counting what a program executes itself: its children are not followed.

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

/// How far a program is followed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Until {
    /// To its end, with status 0.
    End,
    /// Until it sleeps; it is killed then.
    Asleep,
}

/// The instructions that a program executes in user mode. Each ends in a stop.
///
/// # Errors
/// The program can't be started or traced, or it ends otherwise than expected.
pub fn instructions(command: &mut Command, until: Until) -> Result<u64> {
    let mut count = 0;
    follow(command, until, ptrace::step, |_, status| {
        let is_step = matches!(status, WaitStatus::Stopped(_, Signal::SIGTRAP));
        count += u64::from(is_step);
        Ok(is_step)
    })?;
    Ok(count)
}

/// The numbers of the system calls that a program makes after the `execve` that made it what it is.
///
/// # Errors
/// As of [`instructions`].
pub fn calls(command: &mut Command, until: Until) -> Result<Vec<u64>> {
    let mut calls = Vec::new();
    follow(command, until, ptrace::syscall, |child, status| {
        if !matches!(status, WaitStatus::PtraceSyscall(_)) {
            return Ok(false);
        }
        let info = ptrace::syscall_info(child)?;
        if info.op == libc::PTRACE_SYSCALL_INFO_ENTRY {
            // SAFETY: the kernel filled in the part for an entry, as `op` says.
            calls.push(unsafe { info.u.entry.nr });
        }
        Ok(true)
    })?;
    Ok(calls)
}

/// Runs a program from stop to stop. `stop` looks at each and tells whether it is the tracer's own; any other is
/// that of a signal, which goes on to the program.
fn follow(
    command: &mut Command,
    until: Until,
    resume: fn(Pid, Option<Signal>) -> nix::Result<()>,
    mut stop: impl FnMut(Pid, WaitStatus) -> Result<bool>,
) -> Result<()> {
    // SAFETY: asking to be traced is one system call, which is safe between fork and exec.
    unsafe { command.pre_exec(|| ptrace::traceme().map_err(Into::into)) };
    // The thread that starts it is the one that traces it.
    let child = Pid::from_raw(i32::try_from(command.spawn()?.id())?);
    ensure!(matches!(waitpid(child, None)?, WaitStatus::Stopped(_, Signal::SIGTRAP)), "no stop after exec");
    ptrace::setoptions(child, Options::PTRACE_O_TRACESYSGOOD | Options::PTRACE_O_EXITKILL)?;
    match (until, run(child, until, resume, &mut stop)?) {
        (Until::End, WaitStatus::Exited(_, 0))
        | (Until::Asleep, WaitStatus::Signaled(_, Signal::SIGKILL, _)) => Ok(()),
        (_, end) => bail!("{end:?}"),
    }
}

fn run(
    child: Pid,
    until: Until,
    resume: fn(Pid, Option<Signal>) -> nix::Result<()>,
    stop: &mut impl FnMut(Pid, WaitStatus) -> Result<bool>,
) -> Result<WaitStatus> {
    let mut signal = None;
    loop {
        resume(child, signal).context("ptrace")?;
        let status = match until {
            Until::End => waitpid(child, None)?,
            Until::Asleep => stop_or_kill(child)?,
        };
        signal = match status {
            WaitStatus::Exited(..) | WaitStatus::Signaled(..) => return Ok(status),
            _ if stop(child, status)? => None,
            WaitStatus::Stopped(_, signal) => Some(signal),
            _ => None,
        };
    }
}

/// Far longer than a program takes from one stop to the next, unless it sleeps.
const STEP: Duration = Duration::from_millis(50);

/// The next stop of a program, or its end, since it is killed if it sleeps instead.
fn stop_or_kill(child: Pid) -> Result<WaitStatus> {
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
    fn a_child_does_not_count() -> Result<()> {
        // The children differ and the parents don't.
        let few = calls(&mut shell("(:) ; exit"), Until::End)?;
        let many = calls(&mut shell("(: < /etc/passwd) ; exit"), Until::End)?;
        // When the shell hears of its child's end is up to the kernel: what it opens itself is not.
        let opened = |calls: &[u64]| calls.iter().filter(|call| **call == libc::SYS_openat as u64).count();
        assert_eq!(opened(&few), opened(&many));
        assert!(!few.contains(&(libc::SYS_execve as u64)));
        Ok(())
    }

    #[test]
    fn a_sleeper_is_followed_until_it_sleeps() -> Result<()> {
        let calls = calls(Command::new("/bin/sleep").arg("1000"), Until::Asleep)?;
        assert_eq!(calls.last(), Some(&(libc::SYS_clock_nanosleep as u64)));
        Ok(())
    }

    #[test]
    fn another_end_is_an_error() {
        assert!(calls(&mut shell("exit 3"), Until::End).is_err());
        assert!(calls(&mut shell(":"), Until::Asleep).is_err());
    }
}
