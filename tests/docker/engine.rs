//! A container engine: the one that runs, or Debian's, started for these tests alone.

use std::ffi::OsStr;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};

use anyhow::{Context, Result, bail, ensure};
use mote_tests::{require, until};
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use tempfile::TempDir;

/// An engine that answers.
pub(crate) struct Engine {
    client: PathBuf,
    private: Option<Private>,
}

/// A daemon of our own, and the folder that it may write to.
struct Private {
    daemon: Child,
    folder: TempDir,
}

impl Engine {
    /// The engine that runs, or a new one.
    ///
    /// # Errors
    /// [`require::Missing`] if none runs and none can be started.
    pub(crate) fn get() -> Result<Self> {
        let running = Self { client: client()?, private: None };
        if running.answers() {
            return Ok(running);
        }
        let mut started = Self { client: running.client, private: Some(Private::start()?) };
        until("the Docker daemon", || {
            if let Some(private) = &mut started.private {
                private.check()?;
            }
            Ok(started.answers().then_some(()))
        })?;
        Ok(started)
    }

    /// The client, told which engine to talk to.
    pub(crate) fn client(&self) -> Command {
        let mut command = Command::new(&self.client);
        if let Some(private) = &self.private {
            command.env("DOCKER_HOST", private.host()).env_remove("DOCKER_CONTEXT");
            command.env("DOCKER_CONFIG", private.folder.path().join("client"));
        }
        command
    }

    /// Runs `docker` with these arguments.
    ///
    /// # Errors
    /// If the client can't be run. A command that fails is no error here.
    pub(crate) fn try_docker(&self, arguments: &[impl AsRef<OsStr>]) -> Result<Output> {
        self.client().args(arguments).stdin(Stdio::null()).output().context("docker")
    }

    /// Runs `docker` with these arguments and returns what it prints, without the newline.
    ///
    /// # Errors
    /// If it fails.
    pub(crate) fn docker(&self, arguments: &[impl AsRef<OsStr> + std::fmt::Debug]) -> Result<String> {
        let output = self.try_docker(arguments)?;
        let message = String::from_utf8_lossy(&output.stderr);
        ensure!(output.status.success(), "docker {arguments:?}: {}\n{message}", output.status);
        Ok(String::from_utf8_lossy(&output.stdout).trim_end().to_owned())
    }

    fn answers(&self) -> bool {
        self.try_docker(&["version", "--format", "{{.Server.Version}}"])
            .is_ok_and(|output| output.status.success())
    }
}

/// The client that was packaged with the daemon, which need not be the first one on PATH.
fn client() -> Result<PathBuf> {
    let packaged = Path::new("/usr/bin/docker");
    if packaged.is_file() { Ok(packaged.to_owned()) } else { require::tool("docker", "docker.io") }
}

impl Private {
    /// Everything that it writes goes to a folder of its own. Its network and its mounts are in namespaces of
    /// their own: it can't take another daemon's bridge away, and leaves no mount behind.
    fn start() -> Result<Self> {
        require::root()?;
        let unshare = require::tool("unshare", "util-linux")?;
        let dockerd = require::tool("dockerd", "docker.io")?;
        let folder = tempfile::tempdir()?;
        let path = |name: &str| folder.path().join(name);
        fs::write(
            path("daemon.json"),
            "{\"bridge\": \"none\", \"iptables\": false, \"ip6tables\": false}\n",
        )?;
        let log = File::create(path("log"))?;
        let daemon = Command::new(unshare)
            .args(["--net", "--mount", "--"])
            .arg(dockerd)
            .arg("--config-file")
            .arg(path("daemon.json"))
            .arg("--data-root")
            .arg(path("data"))
            .arg("--exec-root")
            .arg(path("exec"))
            .arg("--pidfile")
            .arg(path("pid"))
            .arg("--host")
            .arg(format!("unix://{}", path("socket").display()))
            .stdin(Stdio::null())
            .stdout(log.try_clone()?)
            .stderr(log)
            .spawn()
            .context("dockerd")?;
        Ok(Self { daemon, folder })
    }

    fn host(&self) -> String {
        format!("unix://{}", self.folder.path().join("socket").display())
    }

    /// # Errors
    /// If it has ended; with the end of its log.
    fn check(&mut self) -> Result<()> {
        if let Some(status) = self.daemon.try_wait()? {
            let log = fs::read_to_string(self.folder.path().join("log"))?;
            let last: Vec<&str> = log.lines().rev().take(10).collect();
            bail!("dockerd: {status}; its log, last line first:\n{}", last.join("\n"));
        }
        Ok(())
    }
}

impl Drop for Private {
    fn drop(&mut self) {
        let Ok(pid) = i32::try_from(self.daemon.id()) else { return };
        // Asked so, it ends its containers and its own helpers as well.
        let _ = kill(Pid::from_raw(pid), Signal::SIGTERM);
        if until("dockerd to end", || Ok(self.daemon.try_wait()?)).is_err() {
            let _ = self.daemon.kill();
            let _ = self.daemon.wait();
        }
    }
}
