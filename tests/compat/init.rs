//! The init of a run, seen from outside.

use std::path::{Path, PathBuf};
use std::thread;
use std::time::Duration;

use anyhow::{Context, Result};
use mote_tests::test_dir::child_of;
use mote_tests::{Running, Target, process, until};
use procfs::process::Process;

use crate::scenario::Place;

/// The descriptor that scenarios give to the init.
const GIVEN: i32 = 700;

/// How long sleep is watched: long enough to tell one wake-up a second from none.
const WATCH: Duration = Duration::from_secs(3);

/// CPU time that no start takes. An init that has used so much runs in a loop.
const BUSY: Duration = Duration::from_millis(500);

/// Calls that the inits sleep in for good.
const SLEEPING: [&str; 6] = ["rt_sigtimedwait", "waitid", "read", "pause", "ppoll", "rt_sigsuspend"];

/// The init and its parent, by their numbers out here, and the file that it is.
pub(crate) struct Init {
    program: PathBuf,
    pub(crate) pid: i32,
    pub(crate) parent: i32,
}

impl Init {
    pub(crate) fn of(running: &Running, place: Place, program: &Path) -> Result<Self> {
        let mut pid = running.pid();
        if matches!(place, Place::Shell | Place::Background | Place::Foreground) {
            pid = child_of(running)?;
        }
        if place == Place::Orphaned {
            for generation in ["the child's child", "the init"] {
                pid = until(generation, || Ok(process::children(pid)?.first().map(|(child, _)| *child)))?;
            }
        }
        // An init that has ended shows that soon enough.
        let parent = Process::new(pid).and_then(|process| process.stat()).map_or(0, |stat| stat.ppid);
        Ok(Self { program: program.canonicalize()?, pid, parent })
    }

    /// COMMAND's number out here: that of the child that was started first.
    pub(crate) fn command(&self) -> Result<i32> {
        until("COMMAND", || Ok(process::children(self.pid)?.into_iter().map(|(pid, _)| pid).min()))
    }

    /// The number in the namespace of the parent that it has now.
    pub(crate) fn new_parent(&self) -> Result<i32> {
        process::inner_pid(Process::new(self.pid)?.stat()?.ppid)
    }

    pub(crate) fn is_gone(&self) -> bool {
        !matches!(process::state(self.pid), Ok(state) if state != 'Z')
    }

    /// Waits until it has taken every signal, or is gone.
    pub(crate) fn until_nothing_pends(&self) -> Result<()> {
        // It may go while it is looked at.
        let is_done = || self.is_gone() || pending(self.pid).is_ok_and(|signals| signals == 0);
        until("no pending signal", || Ok(is_done().then_some(())))
    }

    /// What it does forever, if it does: it spins, or sleeps without a child, which nothing ends.
    pub(crate) fn hangs(&self) -> Result<Option<String>> {
        if process::cpu_time(self.pid)? >= BUSY {
            return Ok(Some("end: none, it spins".to_owned()));
        }
        let children = process::children(self.pid)?;
        let dead = children.iter().all(|(_, state)| *state == 'Z');
        let hangs = dead && self.sleeps()? && pending(self.pid)? == 0;
        let how = if children.is_empty() {
            "it sleeps without a child"
        } else {
            "it sleeps, and its children are zombies"
        };
        Ok(hangs.then(|| format!("end: none, {how}")))
    }

    /// Whether it sleeps in a call that only a signal ends, or a little time. What it was started by may, too.
    pub(crate) fn sleeps(&self) -> Result<bool> {
        if Process::new(self.pid)?.exe()? != self.program {
            return Ok(false);
        }
        let target = Target::host().context("no native platform")?;
        Ok(process::asleep_in(self.pid, target)?.is_some_and(|call| SLEEPING.contains(&call)))
    }

    pub(crate) fn looks_like(&self) -> Result<Vec<String>> {
        let cwd = process::cwd(self.pid)?;
        let mut lines = vec![format!("init: in {}", cwd.display())];
        if Path::new(&format!("/proc/{}/fd/{GIVEN}", self.pid)).exists() {
            lines.push(format!("init: has descriptor {GIVEN}"));
        }
        Ok(lines)
    }

    pub(crate) fn watch_sleep(&self) -> Result<String> {
        until("sleep", || Ok(self.sleeps()?.then_some(())))?;
        let before = process::switches(self.pid)?.voluntary;
        thread::sleep(WATCH);
        let woke = process::switches(self.pid)?.voluntary != before;
        Ok(format!("init: {}", if woke { "wakes up while nothing happens" } else { "sleeps" }))
    }
}

/// The signals that wait for a process.
fn pending(pid: i32) -> Result<u64> {
    let status = Process::new(pid)?.status()?;
    Ok(status.sigpnd | status.shdpnd)
}

/// Those that it does not block: they are about to do something to it.
pub(crate) fn about_to_arrive(pid: i32) -> Result<u64> {
    Ok(pending(pid)? & !Process::new(pid)?.status()?.sigblk)
}
