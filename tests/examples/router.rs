//! A router's network namespace, as seen from this machine.

use std::fs::{self, File};
use std::process::{Child, Command, Stdio};

use anyhow::{Context, Result};
use mote_tests::{command, require, until};
use tempfile::TempDir;

/// Addresses that nothing announces.
const FIRST: &str = "203.0.113.1";
const LAST: &str = "203.0.113.2";

/// A router.
pub(crate) struct Router(i32);

impl Router {
    /// Returns the host in the network namespace of process `pid`.
    pub(crate) fn of(pid: i32) -> Self {
        Self(pid)
    }

    fn inside(&self, words: &[&str]) -> Result<Command> {
        let mut command = Command::new(require::tool("nsenter", "util-linux")?);
        command.arg(format!("--target={}", self.0)).args(["--net", "--"]).args(words);
        Ok(command)
    }

    fn run(&self, words: &[&str]) -> Result<String> {
        command::stdout(&mut self.inside(words)?)
    }

    /// What the kernel's table says of the anycast address.
    pub(crate) fn route(&self) -> Result<String> {
        let route = self.run(&["ip", "route", "show", "198.51.100.1"])?;
        Ok(route.split_whitespace().collect::<Vec<_>>().join(" "))
    }

    /// Waits until the kernel's table has `route`, and nothing if that is empty.
    pub(crate) fn until_route(&self, route: &str) -> Result<()> {
        until(&format!("the route {route:?}"), || Ok((self.route()? == route).then_some(())))
            .with_context(|| self.route().unwrap_or_default())
    }

    /// The page that is served at the anycast address.
    pub(crate) fn page(&self) -> Result<String> {
        until("a page", || Ok(self.run(&["busybox", "wget", "-q", "-O", "-", "http://198.51.100.1/"]).ok()))
    }

    /// Writes down every change of the table from now on.
    pub(crate) fn watch(&self) -> Result<Watch<'_>> {
        let directory = tempfile::tempdir()?;
        let log = File::create(directory.path().join("log"))?;
        let monitor = self.inside(&["ip", "monitor", "route"])?.stdin(Stdio::null()).stdout(log).spawn()?;
        let watch = Watch { router: self, monitor, directory };
        // A route that is put in place of the same route is no change.
        until("the first change", || {
            self.run(&["ip", "route", "add", "blackhole", FIRST])?;
            self.run(&["ip", "route", "delete", "blackhole", FIRST])?;
            Ok((!watch.log()?.is_empty()).then_some(()))
        })?;
        Ok(watch)
    }
}

/// A record of changes.
pub(crate) struct Watch<'a> {
    router: &'a Router,
    monitor: Child,
    directory: TempDir,
}

impl Watch<'_> {
    fn log(&self) -> Result<String> {
        Ok(fs::read_to_string(self.directory.path().join("log"))?)
    }

    /// Returns the changes until now, without those of the check that the monitor runs.
    pub(crate) fn changes(self) -> Result<Vec<String>> {
        self.router.run(&["ip", "route", "add", "blackhole", LAST])?;
        let log = until("the last change", || {
            let log = self.log()?;
            Ok(log.contains(LAST).then_some(log))
        })?;
        let own = |line: &&str| [FIRST, LAST].iter().any(|address| line.contains(address));
        Ok(log.lines().filter(|line| !own(line)).map(|line| line.trim().to_owned()).collect())
    }
}

impl Drop for Watch<'_> {
    fn drop(&mut self) {
        let _ = self.monitor.kill();
        let _ = self.monitor.wait();
        let _ = self.router.run(&["ip", "route", "delete", "blackhole", LAST]);
    }
}
