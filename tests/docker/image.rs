//! Images that are built here, and containers of them.

use std::fs;
use std::path::Path;
use std::process::Command;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use mote_tests::docker::Engine;
use mote_tests::outcome::{End, same};
use mote_tests::{Outcome, Target, dist, require, until};

/// An image, removed when this is dropped.
pub(crate) struct Image {
    engine: Arc<Engine>,
    id: String,
}

impl Image {
    /// An image with one of the programs and nothing else.
    pub(crate) fn build(engine: &Arc<Engine>, program: &str) -> Result<Self> {
        let context = tempfile::tempdir()?;
        add_program(context.path(), program)?;
        let text = format!("FROM scratch\nCOPY {program} /{program}\nENTRYPOINT [\"/{program}\"]\n");
        fs::write(context.path().join("Dockerfile"), text)?;
        let directory = context.path().to_str().context("not UTF-8")?;
        let id = engine.docker(&["build", "--quiet", directory])?;
        Ok(Self { engine: Arc::clone(engine), id })
    }

    /// Makes an image of a whole file system with `/pid1` as the entry point.
    pub(crate) fn with_pid1(engine: &Arc<Engine>, root: &Path) -> Result<Self> {
        add_program(root, "pid1")?;
        let directory = tempfile::tempdir()?;
        let archive = directory.path().join("root.tar");
        let mut tar = Command::new(require::tool("tar", "tar")?);
        tar.arg("--create").arg("--file").arg(&archive).args(["--numeric-owner", "--directory"]).arg(root);
        // What no test looks at is most of a distribution.
        let unused =
            ["./var/cache", "./var/lib/apt", "./usr/share/doc", "./usr/share/locale", "./usr/share/man"];
        tar.args(unused.map(|directory| format!("--exclude={directory}")));
        let status = tar.arg(".").status().context("tar")?;
        ensure!(status.success(), "tar: {status}");
        let archive = archive.to_str().context("not UTF-8")?;
        let id = engine.docker(&["import", "--change", "ENTRYPOINT [\"/pid1\"]", archive])?;
        Ok(Self { engine: Arc::clone(engine), id })
    }

    /// Starts a container in the background.
    pub(crate) fn start(&self, options: &[&str], arguments: &[&str]) -> Result<Container> {
        self.container(&["run", "--detach", "--network", "none"], options, arguments)
    }

    /// Makes a container that is not started yet.
    pub(crate) fn create(&self, options: &[&str], arguments: &[&str]) -> Result<Container> {
        self.container(&["create", "--network", "none"], options, arguments)
    }

    fn container(&self, command: &[&str], options: &[&str], arguments: &[&str]) -> Result<Container> {
        let words = [command, options, &[self.id.as_str()], arguments].concat();
        Ok(Container { engine: Arc::clone(&self.engine), id: self.engine.docker(&words)? })
    }

    /// Runs a container without a network to its end.
    pub(crate) fn run(&self, options: &[&str], arguments: &[&str]) -> Result<Outcome> {
        self.run_in(&[&["--network", "none"], options].concat(), arguments)
    }

    /// Runs a container to its end.
    pub(crate) fn run_in(&self, options: &[&str], arguments: &[&str]) -> Result<Outcome> {
        // The client would wait for ever.
        self.container(&["run", "--detach"], options, arguments)?.outcome()
    }
}

impl Drop for Image {
    fn drop(&mut self) {
        let _ = self.engine.try_docker(&["rmi", "--force", &self.id]);
    }
}

/// Copies a program of this machine's platform.
pub(crate) fn add_program(directory: &Path, program: &str) -> Result<()> {
    let host = Target::host().context("this machine is none of the platforms")?;
    fs::copy(dist::file(host.platform, program)?, directory.join(program))?;
    Ok(())
}

/// A container in the background, removed when this is dropped.
pub(crate) struct Container {
    engine: Arc<Engine>,
    pub(crate) id: String,
}

impl Container {
    fn state(&self, field: &str) -> Result<String> {
        self.engine.docker(&["inspect", "--format", &format!("{{{{.State.{field}}}}}"), &self.id])
    }

    /// Stops it as anyone would, and expects it to obey and to leave with this status.
    pub(crate) fn stops(self, status: i32) -> Result<()> {
        same(self.state("Status")?.as_str(), "running")?;
        let start = Instant::now();
        self.engine.docker(&["stop", &self.id])?;
        let took = start.elapsed();
        let expected = ("exited", status.to_string());
        same((self.state("Status")?.as_str(), self.state("ExitCode")?), expected)?;
        ensure!(took < Duration::from_secs(1), "the stop took {took:?}");
        Ok(())
    }

    /// Sends a signal.
    pub(crate) fn kill(&self, signal: &str) -> Result<()> {
        self.engine.docker(&["kill", "--signal", signal, &self.id]).map(drop)
    }

    /// Waits for its end.
    pub(crate) fn outcome(&self) -> Result<Outcome> {
        until("the container to end", || Ok((self.state("Status")? == "exited").then_some(())))?;
        let status = self.state("ExitCode")?.parse()?;
        let logs = self.engine.try_docker(&["logs", &self.id])?;
        Ok(Outcome { stdout: logs.stdout, stderr: logs.stderr, end: End::Exited(status) })
    }

    /// What it has written to standard output so far, without the last newline.
    fn log(&self) -> Result<String> {
        self.engine.docker(&["logs", &self.id])
    }

    /// Waits until that is all that it has written.
    pub(crate) fn until_says(&self, text: &str) -> Result<()> {
        until(&format!("{text:?} in the log"), || Ok((self.log()? == text).then_some(())))
            .with_context(|| self.log().unwrap_or_default())
    }

    /// The engine's client, with a command for this container.
    pub(crate) fn client(&self, words: &[&str]) -> Command {
        let mut command = self.engine.client();
        command.args(words).arg(&self.id);
        command
    }

    /// The processes in it. Those that look for them are none of PID 1's children.
    pub(crate) fn processes(&self) -> Result<Vec<Process>> {
        let look = "cat /proc/[0-9]*/stat 2>/dev/null; :";
        let text = self.engine.docker(&["exec", &self.id, "sh", "-c", look])?;
        text.lines().map(|line| Process::parse(line).with_context(|| line.to_owned())).collect()
    }
}

impl Drop for Container {
    fn drop(&mut self) {
        let _ = self.engine.try_docker(&["rm", "--force", &self.id]);
    }
}

/// A line of `/proc/*/stat`.
#[derive(Debug)]
pub(crate) struct Process {
    pub(crate) name: String,
    pub(crate) state: String,
    pub(crate) parent: i32,
    pub(crate) group: i32,
    /// The foreground group of its terminal; -1 if it has none.
    pub(crate) foreground: i32,
}

impl Process {
    fn parse(line: &str) -> Option<Self> {
        let (_, rest) = line.split_once(" (")?;
        let (name, rest) = rest.rsplit_once(") ")?;
        let mut fields = rest.split(' ');
        let state = fields.next()?.to_owned();
        let mut number = |skipped| fields.nth(skipped)?.parse().ok();
        let (parent, group, foreground) = (number(0)?, number(0)?, number(2)?);
        Some(Self { name: name.to_owned(), state, parent, group, foreground })
    }
}
