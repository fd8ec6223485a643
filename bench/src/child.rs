//! The child that an init runs while it is measured: this executable, with a subcommand that the help does not show.
//!
//! The child writes `ready`, and then its measurements in nanoseconds.

use std::{
    io::{self, Read, Write},
    thread,
    time::Duration,
};

use anyhow::{Context, Result, anyhow};
use clap::Subcommand;
use nix::{
    errno::Errno,
    libc,
    sched::{CloneFlags, clone},
    sys::{
        signal::{SigSet, Signal, kill},
        wait::waitpid,
    },
    time::{ClockId, clock_gettime},
    unistd::Pid,
};

#[derive(Clone, Copy, Debug, Subcommand)]
pub(crate) enum Role {
    /// Write the time of each SIGUSR1
    #[command(hide = true)]
    SignalTimes,
    /// Create orphans, each when the one before has been reaped
    #[command(hide = true)]
    OneByOne { count: usize },
    /// Create zombies whose parent then exits
    #[command(hide = true)]
    AtOnce { count: usize },
}

/// Plays `role`.
pub(crate) fn run(role: Role) -> Result<()> {
    let mut awaited = SigSet::empty();
    awaited.add(Signal::SIGUSR1);
    // Blocked before `ready`, a signal stays pending until `sigwait`.
    awaited.thread_block()?;
    write_line("ready")?;
    match role {
        Role::SignalTimes => loop {
            awaited.wait()?;
            write_line(&now()?.to_string())?;
        },
        Role::OneByOne { count } => on_request(|| {
            let start = now()?;
            for _ in 0..count {
                wait_until_reaped(orphans(1)?.last, thread::yield_now);
            }
            Ok(now()? - start)
        }),
        Role::AtOnce { count } => on_request(|| {
            let Orphans { since, last } = orphans(count)?;
            // The kernel reparents them, and PID 1 finds them, in the order of their creation.
            wait_until_reaped(last, || thread::sleep(Duration::from_micros(50)));
            Ok(now()? - since)
        }),
    }
}

/// Returns nanoseconds of a clock that all processes share.
pub(crate) fn now() -> Result<i64> {
    let time = clock_gettime(ClockId::CLOCK_MONOTONIC)?;
    Ok(time.tv_sec() * 1_000_000_000 + time.tv_nsec())
}

fn write_line(line: &str) -> Result<()> {
    Ok(io::stdout().write_all(format!("{line}\n").as_bytes())?)
}

/// Waits for a byte of input, measures, writes the result, and waits for the end of the input.
fn on_request(measure: impl FnOnce() -> Result<i64>) -> Result<()> {
    io::stdin().read_exact(&mut [0])?;
    write_line(&measure()?.to_string())?;
    io::stdin().read_to_end(&mut Vec::new())?;
    Ok(())
}

struct Orphans {
    /// The time when their parent exited.
    since: i64,
    last: Pid,
}

/// Creates `count` zombies whose parent then exits.
fn orphans(count: usize) -> Result<Orphans> {
    let (mut outer, mut inner): (Stack, Stack) = ([0; _], [0; _]);
    let mut result = Err(anyhow!("no parent"));
    let parent = vfork(&mut outer, || {
        let zombies = (0..count).map(|_| vfork(&mut inner, || ()));
        let last = zombies.reduce(|before, next| before.and(next));
        result = last.context("no zombies").flatten().and_then(|last| Ok(Orphans { since: now()?, last }));
    })?;
    waitpid(parent, None)?;
    result
}

type Stack = [u8; 16 << 10];

/// Runs `work` in a child that shares the memory of this process. Copying it, as `fork` does, would take longer than all
/// that is measured.
fn vfork(stack: &mut Stack, mut work: impl FnMut()) -> Result<Pid> {
    let child = Box::new(|| {
        work();
        0
    });
    let flags = CloneFlags::CLONE_VM | CloneFlags::CLONE_VFORK;
    // SAFETY: the kernel suspends this process, which has one thread, until the child has exited, so that only the child
    // uses the memory meanwhile. Nothing else uses the stack.
    unsafe { clone(child, stack, flags, Some(libc::SIGCHLD)) }.context("clone")
}

fn wait_until_reaped(pid: Pid, pause: impl Fn()) {
    while kill(pid, None) != Err(Errno::ESRCH) {
        pause();
    }
}
