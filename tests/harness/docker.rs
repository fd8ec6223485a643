//! Docker: the engine that runs, or Debian's, started for the tests alone.

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use anyhow::{Context, Result};
use serde_json::json;

use crate::daemon::Daemon;
use crate::{command, dist, require};

/// An engine that answers.
pub struct Engine {
    client: PathBuf,
    private: Option<Daemon>,
}

/// What `docker run --init` takes.
#[derive(Clone, Copy, Debug)]
pub enum Init<'a> {
    /// What is installed on this machine, if anything.
    Machine,
    /// The file that the configuration names.
    Configured(&'a Path),
    /// The file that is installed as `docker-init`.
    Installed(&'a Path),
}

impl Engine {
    /// The engine that runs, or a new one.
    ///
    /// # Errors
    /// [`require::Missing`] if none runs and none can be started.
    pub fn get() -> Result<Self> {
        let running = Self { client: program()?, private: None };
        if answers(&mut running.client()) { Ok(running) } else { Self::private(Init::Machine) }
    }

    /// A new engine, which has no image, and ends when this is dropped.
    ///
    /// # Errors
    /// [`require::Missing`] if none can be started.
    pub fn private(init: Init<'_>) -> Result<Self> {
        let mut daemon = Daemon::start("dockerd", "docker.io", |directory| {
            let path = |name: &str| directory.join(name).into_os_string();
            // Without a bridge of its own, and without a rule for packets.
            let mut settings = json!({ "bridge": "none", "iptables": false, "ip6tables": false });
            match init {
                Init::Machine => {}
                Init::Configured(file) => settings["init-path"] = json!(file),
                Init::Installed(file) => {
                    fs::create_dir(path("bin"))?;
                    fs::copy(file, directory.join("bin/docker-init"))?;
                }
            }
            fs::write(path("daemon.json"), settings.to_string())?;
            Ok([
                ["--config-file".into(), path("daemon.json")],
                ["--data-root".into(), path("data")],
                ["--exec-root".into(), path("exec")],
                ["--pidfile".into(), path("pid")],
                ["--host".into(), host(&directory.join("socket")).into()],
            ]
            .concat())
        })?;
        let program = program()?;
        daemon.until_it(|daemon| answers(&mut client(&program, Some(daemon))))?;
        Ok(Self { client: program, private: Some(daemon) })
    }

    /// The client, told which engine to talk to.
    pub fn client(&self) -> Command {
        client(&self.client, self.private.as_ref())
    }

    /// Loads the image of a program for an architecture, and returns its name.
    ///
    /// # Errors
    /// [`require::Missing`] if it wasn't built.
    pub fn load(&self, program: &str, arch: &str) -> Result<String> {
        let archive = dist::archive(&format!("{program}-{arch}.docker.tar"))?;
        self.docker(&["load".as_ref(), "--quiet".as_ref(), "--input".as_ref(), archive.as_os_str()])?;
        Ok(format!("{program}:{}", env!("CARGO_PKG_VERSION")))
    }

    /// Runs `docker` with these arguments.
    ///
    /// # Errors
    /// If the client can't be run. A command that fails is no error here.
    pub fn try_docker(&self, arguments: &[impl AsRef<OsStr>]) -> Result<Output> {
        self.client().args(arguments).stdin(Stdio::null()).output().context("docker")
    }

    /// Runs `docker` with these arguments and returns what it prints, without the newline.
    ///
    /// # Errors
    /// If it fails.
    pub fn docker(&self, arguments: &[impl AsRef<OsStr>]) -> Result<String> {
        command::stdout(self.client().args(arguments))
    }
}

/// The client that was packaged with the daemon, which need not be the first one on PATH.
fn program() -> Result<PathBuf> {
    let packaged = Path::new("/usr/bin/docker");
    if packaged.is_file() { Ok(packaged.to_owned()) } else { require::tool("docker", "docker.io") }
}

fn client(program: &Path, daemon: Option<&Daemon>) -> Command {
    let mut command = Command::new(program);
    if let Some(daemon) = daemon {
        command.env("DOCKER_HOST", host(&daemon.path("socket"))).env_remove("DOCKER_CONTEXT");
        command.env("DOCKER_CONFIG", daemon.path("client"));
    }
    command
}

fn host(socket: &Path) -> String {
    format!("unix://{}", socket.display())
}

fn answers(client: &mut Command) -> bool {
    client
        .args(["version", "--format", "{{.Server.Version}}"])
        .stdin(Stdio::null())
        .output()
        .is_ok_and(|output| output.status.success())
}
