//! Daemons that are started for the tests alone.

use std::env;
use std::ffi::OsStr;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use anyhow::{Context, Result, bail};
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use tempfile::TempDir;

use crate::{require, until};

/// A new network namespace has a loopback that is down.
const BECOME: &str = "ip link set lo up && exec \"$0\" \"$@\"";

/// A daemon and the directory that it may write to. Both are gone when this is dropped.
pub struct Daemon {
    name: &'static str,
    child: Child,
    directory: TempDir,
}

impl Daemon {
    /// Starts `name`, of `package`, with the words that `configure` makes of its new directory. Programs that it finds on
    /// PATH may be put into `bin` in that directory.
    ///
    /// Network and mounts are in namespaces of the daemon's own: it can't take another one's bridge away, and
    /// leaves no mount behind.
    ///
    /// # Errors
    /// [`require::Missing`] without root's rights or the program; those of `configure`.
    pub fn start<Words>(
        name: &'static str,
        package: &str,
        configure: impl FnOnce(&Path) -> Result<Words>,
    ) -> Result<Self>
    where
        Words: IntoIterator<Item: AsRef<OsStr>>,
    {
        require::root()?;
        let unshare = require::tool("unshare", "util-linux")?;
        require::tool("ip", "iproute2")?;
        let program = require::tool(name, package)?;
        let directory = tempfile::tempdir()?;
        let words = configure(directory.path())?;
        let log = File::create(directory.path().join("log"))?;
        let path = env::var_os("PATH").unwrap_or_default();
        let path =
            env::join_paths([directory.path().join("bin")].into_iter().chain(env::split_paths(&path)))?;
        let child = Command::new(unshare)
            .env("PATH", path)
            .args(["--net", "--mount", "--", "sh", "-c", BECOME])
            .arg(program)
            .args(words)
            .stdin(Stdio::null())
            .stdout(log.try_clone()?)
            .stderr(log)
            .spawn()
            .context(name)?;
        Ok(Self { name, child, directory })
    }

    /// Waits until it answers.
    ///
    /// # Errors
    /// If it ends before, with the end of its log; if it never does.
    pub fn until_it(&mut self, answers: impl Fn(&Self) -> bool) -> Result<()> {
        until(self.name, || {
            self.check()?;
            Ok(answers(self).then_some(()))
        })
    }

    /// A path in its directory.
    pub fn path(&self, name: &str) -> PathBuf {
        self.directory.path().join(name)
    }

    /// Its number, which names its namespaces: what starts it becomes it.
    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// # Errors
    /// If it has ended; with the end of its log.
    fn check(&mut self) -> Result<()> {
        if let Some(status) = self.child.try_wait()? {
            let log = fs::read_to_string(self.path("log"))?;
            let last: Vec<&str> = log.lines().rev().take(10).collect();
            bail!("{}: {status}; its log, last line first:\n{}", self.name, last.join("\n"));
        }
        Ok(())
    }
}

impl Drop for Daemon {
    fn drop(&mut self) {
        let Ok(pid) = i32::try_from(self.child.id()) else { return };
        // Asked so, it ends its own helpers as well.
        let _ = kill(Pid::from_raw(pid), Signal::SIGTERM);
        if until(self.name, || Ok(self.child.try_wait()?)).is_err() {
            let _ = self.child.kill();
            let _ = self.child.wait();
        }
    }
}
