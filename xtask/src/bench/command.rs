//! What an init runs while it is measured: this tool itself, called by a subcommand that help does not show.
//!
//! It says `ready`, goes on when a line comes, says what it measured in nanoseconds, and ends with its input.

use std::{
    io::{self, Read, Write},
    num::NonZeroUsize,
    sync::atomic::{AtomicI32, AtomicI64, Ordering},
    thread,
    time::Duration,
};

use anyhow::{Context, Result};
use clap::Subcommand;
use nix::{
    errno::Errno,
    libc,
    sys::{
        mman::{MapFlags, ProtFlags, mmap_anonymous},
        signal::{SigSet, Signal, kill},
        wait::{Id, WaitPidFlag, waitid, waitpid},
    },
    time::{ClockId, clock_gettime},
    unistd::{ForkResult, Pid, fork},
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

/// What a process and its descendants all see, in one piece of memory.
struct Shared {
    /// When the orphans came, by [`now`].
    start: AtomicI64,
    /// The number of the orphan that came last.
    last: AtomicI32,
}

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
        Role::Single { count } => measured(|shared| {
            let start = now()?;
            (0..count).try_for_each(|_| orphan(shared))?;
            Ok(now()? - start)
        }),
        Role::Burst { count } => measured(|shared| {
            burst(shared, count)?;
            Ok(now()? - shared.start.load(Ordering::Relaxed))
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

fn measured(work: impl FnOnce(&Shared) -> Result<i64>) -> Result<()> {
    let shared = shared()?;
    io::stdin().read_exact(&mut [0])?;
    say(&work(shared)?.to_string())?;
    io::stdin().read_to_end(&mut Vec::new())?;
    Ok(())
}

fn shared() -> Result<&'static Shared> {
    let length = NonZeroUsize::new(size_of::<Shared>()).context("nothing to share")?;
    let access = ProtFlags::PROT_READ | ProtFlags::PROT_WRITE;
    // SAFETY: the kernel chooses where; nothing else is there.
    let memory = unsafe { mmap_anonymous(None, length, access, MapFlags::MAP_SHARED)? };
    // SAFETY: the mapping is as long as the structure, aligned to a page, zeroed, and never unmapped; zero is valid
    // in both fields, and they may change at any time.
    Ok(unsafe { memory.cast().as_ref() })
}

/// Does `work` in a child, and returns in the parent with the child's number.
fn child(work: impl FnOnce()) -> Result<Pid> {
    // SAFETY: this process has one thread.
    match unsafe { fork() }.context("fork")? {
        ForkResult::Parent { child } => Ok(child),
        ForkResult::Child => {
            work();
            // SAFETY: ends the process, without what the parent has registered for its own end.
            unsafe { libc::_exit(0) }
        }
    }
}

/// A process whose parent is gone, and which is gone as well when this returns.
fn orphan(shared: &Shared) -> Result<()> {
    let parent = child(|| {
        if let Ok(orphan) = child(|| ()) {
            shared.last.store(orphan.as_raw(), Ordering::Relaxed);
        }
    })?;
    waitpid(parent, None)?;
    until_gone(Pid::from_raw(shared.last.load(Ordering::Relaxed)), thread::yield_now);
    Ok(())
}

/// Has a child with dead children of its own end, all of which its own parent-to-be then has to reap.
fn burst(shared: &Shared, count: usize) -> Result<()> {
    let parent = child(|| {
        let children: Vec<Pid> = (0..count).map_while(|_| child(|| ()).ok()).collect();
        // Dead as they are, they stay until somebody waits for them.
        for child in children.iter().filter(|_| children.len() == count) {
            let _ = waitid(Id::Pid(*child), WaitPidFlag::WEXITED | WaitPidFlag::WNOWAIT);
            shared.last.store(child.as_raw(), Ordering::Relaxed);
        }
        if let Ok(now) = now() {
            shared.start.store(now, Ordering::Relaxed);
        }
    })?;
    waitpid(parent, None)?;
    // The kernel hands them over in the order in which they were made, and finds them in this order.
    let last = shared.last.load(Ordering::Relaxed);
    until_gone(Pid::from_raw(last), || thread::sleep(Duration::from_micros(50)));
    Ok(())
}

/// Waits until the process is dead and waited for.
fn until_gone(pid: Pid, pass_time: impl Fn()) {
    while kill(pid, None) != Err(Errno::ESRCH) {
        pass_time();
    }
}
