//! containerd, as Kubernetes uses it.

mod client;
mod containerd;
mod messages;
mod pod;
mod sandbox;

use anyhow::{Context, Result, ensure};
use mote_tests::outcome::same;
use mote_tests::{dist, process, until};
use nix::errno::Errno;
use nix::sys::signal::kill;
use nix::unistd::Pid;

use crate::check;
use crate::podman::{self, Podman};
use containerd::Containerd;
use messages::{ContainerConfig, ContainerName, ImageName, Mode, Namespaces, SandboxState};
use sandbox::Sandbox;

/// A containerd that has the images that the examples name.
pub(crate) struct World {
    containerd: Containerd,
}

impl World {
    /// # Errors
    /// [`require::Missing`](mote_tests::require::Missing) if there are no engines here.
    pub(crate) fn get() -> Result<Self> {
        let containerd = Containerd::start()?;
        containerd.load(
            &dist::archive("pause.oci.tar")?,
            &podman::name("pause"),
            &containerd::sandbox_image()?,
        )?;
        let directory = tempfile::tempdir()?;
        let archive = directory.path().join("images.tar");
        pod::images(&Podman::get()?, &archive)?;
        containerd.load(&archive, podman::BUSYBOX, podman::BUSYBOX)?;
        Ok(Self { containerd })
    }
}

fn namespaces(network: Mode, pid: Mode) -> Namespaces {
    Namespaces { network: network.into(), pid: pid.into(), ipc: Mode::Pod.into() }
}

/// Down and away, with nothing left of it.
fn ends(sandbox: &Sandbox<'_>) -> Result<()> {
    let pause = sandbox.pid()?;
    sandbox.stop()?;
    same(sandbox.status()?.state(), SandboxState::NotReady)?;
    same(kill(Pid::from_raw(pause), None), Err(Errno::ESRCH))?;
    sandbox.remove()?;
    ensure!(sandbox.status().is_err(), "the sandbox was removed and is there");
    Ok(())
}

pub(crate) fn host_network(world: &World) -> Result<()> {
    let sandbox = Sandbox::run(&world.containerd, "host", namespaces(Mode::Node, Mode::Container))?;
    let pause = sandbox.pid()?;
    check::runs(pause, "pause")?;
    let daemon = i32::try_from(world.containerd.daemon.pid())?;
    same(process::namespace(pause, "net")?, process::namespace(daemon, "net")?)?;
    ensure!(
        process::namespace(pause, "ipc")? != process::namespace(daemon, "ipc")?,
        "the pod has no IPC namespace"
    );
    ends(&sandbox)
}

pub(crate) fn pod_network(world: &World) -> Result<()> {
    let sandbox = Sandbox::run(&world.containerd, "pod", namespaces(Mode::Pod, Mode::Container))?;
    let pause = sandbox.pid()?;
    check::runs(pause, "pause")?;
    let ip = sandbox.status()?.network.context("no network")?.ip;
    ensure!(ip.starts_with("192.0.2."), "the pod's address is {ip:?}");
    let app = sandbox.start(busybox("app", "sleep 1000", &sandbox))?;
    let address = app.shell("ip -4 -o address show eth0 | awk '{ print $4 }'")?;
    ensure!(address.starts_with(&format!("{ip}/")), "the container's address is {address}");
    ends(&sandbox)
}

/// A container of the small system that runs a script.
fn busybox(name: &str, script: &str, sandbox: &Sandbox<'_>) -> ContainerConfig {
    ContainerConfig {
        metadata: Some(ContainerName { name: name.to_owned() }),
        image: Some(ImageName { image: podman::BUSYBOX.to_owned() }),
        command: ["sh", "-c", script].map(str::to_owned).to_vec(),
        linux: Some(sandbox.linux()),
        ..ContainerConfig::default()
    }
}

pub(crate) fn orphan_is_reaped(world: &World) -> Result<()> {
    let sandbox = Sandbox::run(&world.containerd, "shared", namespaces(Mode::Pod, Mode::Pod))?;
    let app = sandbox.start(busybox("app", "sleep 1000", &sandbox))?;
    same(app.shell("cat /proc/1/comm")?.as_str(), "pause")?;
    check::orphan_is_reaped(sandbox.pid()?, |script| app.shell(script).map(drop))?;
    ends(&sandbox)
}

/// `examples/kubernetes/shared-processes.yaml`.
pub(crate) fn example_of_shared_processes(world: &World) -> Result<()> {
    let (sandbox, containers) = pod::run(&world.containerd, "shared-processes.yaml")?;
    let pause = sandbox.pid()?;
    check::runs(pause, "pause")?;
    // It leaves an orphan again and again.
    let mut first = None;
    until("two orphans that come and go", || {
        let now = process::children(pause)?;
        match first {
            None => first = now.first().map(|(pid, _)| *pid),
            Some(pid) => {
                return Ok((!now.is_empty() && now.iter().all(|(other, _)| *other != pid)).then_some(()));
            }
        }
        Ok(None)
    })?;
    let app = containers.first().context("no container")?;
    same(app.exit_code()?, None)?;
    ends(&sandbox)
}

/// `examples/kubernetes/pid1-from-a-volume.yaml`.
pub(crate) fn example_of_pid1_in_a_volume(world: &World) -> Result<()> {
    let (sandbox, containers) = pod::run(&world.containerd, "pid1-from-a-volume.yaml")?;
    let app = containers.first().context("no container")?;
    same(app.shell("cat /proc/1/comm")?.as_str(), "pid1")?;
    until("the application", || Ok((sandbox.log("app")? == "ready").then_some(())))?;
    same(app.stop()?, 0)?;
    same(sandbox.log("app")?.as_str(), "ready\nstopped")?;
    ends(&sandbox)
}
