//! Pod sandboxes and the containers in them.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use mote_tests::outcome::same;
use mote_tests::until;
use serde_json::Value;
use tempfile::TempDir;

use super::containerd::Containerd;
use super::messages::{
    ContainerAnswer, ContainerConfig, ContainerLinux, ContainerSecurity, ContainerState, CreateContainer,
    Exec, Executed, Namespaces, Nothing, RunSandbox, SandboxAnswer, SandboxConfig, SandboxLinux, SandboxName,
    SandboxSecurity, SandboxState, SandboxStatus, StatusOf, StopContainer,
};

/// A pod sandbox, removed with all its containers when this is dropped.
pub(crate) struct Sandbox<'a> {
    containerd: &'a Containerd,
    namespaces: Namespaces,
    config: SandboxConfig,
    pub(crate) id: String,
    logs: TempDir,
    volumes: TempDir,
}

impl<'a> Sandbox<'a> {
    /// Runs one.
    pub(crate) fn run(containerd: &'a Containerd, name: &str, namespaces: Namespaces) -> Result<Self> {
        let logs = tempfile::tempdir()?;
        let security = SandboxSecurity { namespaces: Some(namespaces.clone()) };
        let metadata =
            SandboxName { name: name.into(), uid: format!("{name}-uid"), namespace: "default".into() };
        let config = SandboxConfig {
            metadata: Some(metadata),
            log_directory: logs.path().to_string_lossy().into_owned(),
            linux: Some(SandboxLinux { security: Some(security) }),
        };
        let id = containerd.make("RunPodSandbox", RunSandbox { config: Some(config.clone()) })?;
        let sandbox = Self { containerd, namespaces, config, id, logs, volumes: tempfile::tempdir()? };
        same(sandbox.status()?.state(), SandboxState::Ready)?;
        Ok(sandbox)
    }

    fn answer(&self) -> Result<SandboxAnswer> {
        let request = StatusOf { id: self.id.clone(), verbose: true };
        self.containerd.client.call("PodSandboxStatus", request)
    }

    pub(crate) fn status(&self) -> Result<SandboxStatus> {
        self.answer()?.status.context("no status")
    }

    /// Returns the PID of the process that holds its namespaces.
    pub(crate) fn pid(&self) -> Result<i32> {
        let answer = self.answer()?;
        let info: Value = serde_json::from_str(answer.info.get("info").context("no info")?)?;
        Ok(i32::try_from(info["pid"].as_i64().context("no pid")?)?)
    }

    /// How its containers share its namespaces.
    pub(crate) fn linux(&self) -> ContainerLinux {
        ContainerLinux { security: Some(ContainerSecurity { namespaces: Some(self.namespaces.clone()) }) }
    }

    /// Returns a directory for files that its containers share.
    pub(crate) fn volumes(&self) -> &Path {
        self.volumes.path()
    }

    /// Stops it, and its containers with it.
    pub(crate) fn stop(&self) -> Result<()> {
        self.containerd.tell("StopPodSandbox", &self.id)
    }

    /// Removes it.
    pub(crate) fn remove(&self) -> Result<()> {
        self.containerd.tell("RemovePodSandbox", &self.id)
    }

    /// Creates and starts a container.
    pub(crate) fn start(&self, mut config: ContainerConfig) -> Result<Container<'a>> {
        let log = config.metadata.as_ref().context("no name")?.name.clone();
        config.log_path.clone_from(&log);
        let request = CreateContainer {
            sandbox: self.id.clone(),
            config: Some(config),
            sandbox_config: Some(self.config.clone()),
        };
        let id = self.containerd.make("CreateContainer", request)?;
        self.containerd.tell("StartContainer", &id)?;
        Ok(Container { containerd: self.containerd, id })
    }

    /// What a container has written, without the times at the beginnings of the lines.
    pub(crate) fn log(&self, container: &str) -> Result<String> {
        let text = fs::read_to_string(self.logs.path().join(container))?;
        let lines = text.lines().map(|line| line.splitn(4, ' ').nth(3).unwrap_or_default());
        Ok(lines.collect::<Vec<_>>().join("\n"))
    }
}

impl Drop for Sandbox<'_> {
    fn drop(&mut self) {
        // Both may have been done, and may be done again.
        let _ = self.stop();
        let _ = self.remove();
    }
}

/// A container, which its sandbox removes.
pub(crate) struct Container<'a> {
    containerd: &'a Containerd,
    id: String,
}

impl Container<'_> {
    /// The status that it has left with, if it has.
    pub(crate) fn exit_code(&self) -> Result<Option<i32>> {
        let request = StatusOf { id: self.id.clone(), verbose: false };
        let answer: ContainerAnswer = self.containerd.client.call("ContainerStatus", request)?;
        let status = answer.status.context("no status")?;
        Ok((status.state() == ContainerState::Exited).then_some(status.exit_code))
    }

    /// Waits for its end.
    pub(crate) fn wait(&self) -> Result<i32> {
        until("the container to end", || self.exit_code())
    }

    /// Stops it as a runtime does, and returns its exit status.
    pub(crate) fn stop(&self) -> Result<i32> {
        let request = StopContainer { id: self.id.clone(), timeout: 30 };
        self.containerd.client.call::<_, Nothing>("StopContainer", request)?;
        self.wait()
    }

    /// Runs a shell script in it and returns the output.
    pub(crate) fn shell(&self, script: &str) -> Result<String> {
        let cmd = ["sh", "-c", script].map(str::to_owned).to_vec();
        let executed: Executed =
            self.containerd.client.call("ExecSync", Exec { id: self.id.clone(), cmd, timeout: 60 })?;
        same(executed.exit_code, 0)
            .with_context(|| String::from_utf8_lossy(&executed.stderr).into_owned())?;
        Ok(String::from_utf8(executed.stdout)?.trim_end().to_owned())
    }
}
