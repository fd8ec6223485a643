//! What an init runs while it is measured: this tool itself, called by a subcommand that help does not show.
//!
//! It says `ready`, goes on when a line comes, says what it measured in nanoseconds, and ends with its input.

use std::{
    io::{self, Read, Write},
    thread,
    time::Duration,
};

use anyhow::{Context, Result};
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

/// What it does.
#[derive(Clone, Copy, Debug, Subcommand)]
pub enum Role {
    /// Says when it got a SIGUSR1, again and again
    Hear,
    /// Makes orphans, each when the one before is gone
    Single {
        /// How many
        count: usize,
    },
    /// Makes dead children of a process that ends then
    Burst {
        /// How many
        count: usize,
    },
}

/// What a process runs on that has its parent's memory.
type Stack = [u8; 16 << 10];

/// Does what `role` says.
///
/// # Errors
/// The kernel refuses something.
pub fn run(role: Role) -> Result<()> {
    let mut wanted = SigSet::empty();
    wanted.add(Signal::SIGUSR1);
    // One that comes early waits.
    wanted.thread_block()?;
    say("ready")?;
    match role {
        Role::Hear => loop {
            wanted.wait()?;
            say(&now()?.to_string())?;
        },
        Role::Single { count } => measured(|| {
            let start = now()?;
            for _ in 0..count {
                let (_, last) = orphans(1)?;
                until_gone(last, thread::yield_now);
            }
            Ok(now()? - start)
        }),
        Role::Burst { count } => measured(|| {
            let (start, last) = orphans(count)?;
            // The kernel hands them over in the order in which they were made, and finds them in this order.
            until_gone(last, || thread::sleep(Duration::from_micros(50)));
            Ok(now()? - start)
        }),
    }
}

/// Nanoseconds on a clock that is the same for all processes.
pub(super) fn now() -> Result<i64> {
    let time = clock_gettime(ClockId::CLOCK_MONOTONIC)?;
    Ok(time.tv_sec() * 1_000_000_000 + time.tv_nsec())
}

fn say(text: &str) -> Result<()> {
    Ok(io::stdout().write_all(format!("{text}\n").as_bytes())?)
}

fn measured(work: impl FnOnce() -> Result<i64>) -> Result<()> {
    io::stdin().read_exact(&mut [0])?;
    say(&work()?.to_string())?;
    io::stdin().read_to_end(&mut Vec::new())?;
    Ok(())
}

/// Makes processes that are dead or dying when their parent ends: when that was, and the last of them.
fn orphans(count: usize) -> Result<(i64, Pid)> {
    let (mut outer, mut inner): (Stack, Stack) = ([0; _], [0; _]);
    let mut made = Ok((0, Pid::from_raw(0)));
    let parent = child(&mut outer, || {
        made = (0..count).try_fold((0, Pid::from_raw(0)), |_, _| Ok((now()?, child(&mut inner, || ())?)));
        if let Ok((end, _)) = &mut made {
            *end = now().unwrap_or_default();
        }
    })?;
    waitpid(parent, None)?;
    made
}

/// Does `work` in a child that has this process's memory, and that has given it up when this returns. Nothing is copied
/// for it, so that what is measured is not drowned in `fork`.
fn child(stack: &mut Stack, mut work: impl FnMut()) -> Result<Pid> {
    let ends = Box::new(|| {
        work();
        0
    });
    let flags = CloneFlags::CLONE_VM | CloneFlags::CLONE_VFORK;
    // SAFETY: the kernel holds up this process, which has one thread, until the child has no use for the memory any more.
    // So the child is alone with it, and with the stack, which nobody else uses.
    unsafe { clone(ends, stack, flags, Some(libc::SIGCHLD)) }.context("clone")
}

/// Waits until the process is dead and waited for.
fn until_gone(pid: Pid, pass_time: impl Fn()) {
    while kill(pid, None) != Err(Errno::ESRCH) {
        pass_time();
    }
}
