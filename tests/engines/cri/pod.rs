//! The examples' pods, run as far as CRI goes: what Kubernetes' node agent would make of them.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail, ensure};
use k8s_openapi::api::core::v1::{Container as Described, Pod, PodSpec};
use mote_tests::outcome::same;
use xtask::workspace;

use super::containerd::Containerd;
use super::messages::{ContainerConfig, ContainerName, ImageName, Mode, Mount, Variable};
use super::namespaces;
use super::sandbox::{Container, Sandbox};
use crate::podman::{self, BUSYBOX, Podman};

/// The examples.
fn directory() -> std::path::PathBuf {
    workspace::root().join("examples/kubernetes")
}

/// The image that holds nothing but pid1, as the examples call it, and the one that copies it.
const PID1: &str = "registry.example/mote/pid1:0.1.0";
const COPY: &str = "registry.example/mote/pid1-copy:0.1.0";

/// Writes an archive of the images that the examples' containers are made of.
pub(super) fn images(podman: &Podman, archive: &Path) -> Result<()> {
    podman.load("pid1")?;
    podman.run(["tag", &podman::name("pid1"), PID1])?;
    let dockerfile = directory().join("Dockerfile.copy");
    let mut build = podman.command(["build", "--quiet", "--pull=never", "--tag", COPY, "--file"]);
    mote_tests::command::stdout(build.arg(dockerfile).arg(directory()))?;
    let mut save = podman.command(["save", "--quiet", "--multi-image-archive", "--output"]);
    mote_tests::command::stdout(save.arg(archive).args([BUSYBOX, COPY])).map(drop)
}

/// Runs the pod that a manifest describes: its sandbox, its init containers one after the other, and its
/// containers.
pub(super) fn run<'a>(
    containerd: &'a Containerd,
    manifest: &str,
) -> Result<(Sandbox<'a>, Vec<Container<'a>>)> {
    let pod: Pod = serde_saphyr::from_str(&fs::read_to_string(directory().join(manifest))?)?;
    let spec = pod.spec.context("no spec")?;
    let name = pod.metadata.name.context("no name")?;
    let pid = if spec.share_process_namespace == Some(true) { Mode::Pod } else { Mode::Container };
    let sandbox = Sandbox::run(containerd, &name, namespaces(Mode::Pod, pid))?;
    let volumes = sandbox.volumes();
    for container in spec.init_containers.iter().flatten() {
        let config = config(container, &spec, volumes, &sandbox)?;
        same(sandbox.start(config)?.wait()?, 0)
            .with_context(|| sandbox.log(&container.name).unwrap_or_default())?;
    }
    let start = |container| sandbox.start(config(container, &spec, volumes, &sandbox)?);
    let containers = spec.containers.iter().map(start).collect::<Result<_>>()?;
    Ok((sandbox, containers))
}

fn config(
    container: &Described,
    spec: &PodSpec,
    volumes: &Path,
    sandbox: &Sandbox<'_>,
) -> Result<ContainerConfig> {
    let mut mounts = Vec::new();
    for mount in container.volume_mounts.iter().flatten() {
        let volume = spec.volumes.iter().flatten().find(|volume| volume.name == mount.name);
        ensure!(volume.context("no such volume")?.empty_dir.is_some(), "{} is no emptyDir", mount.name);
        let path = volumes.join(&mount.name);
        fs::create_dir_all(&path)?;
        mounts.push(Mount {
            container_path: mount.mount_path.clone(),
            host_path: path.to_string_lossy().into_owned(),
            readonly: mount.read_only == Some(true),
        });
    }
    let mut envs = Vec::new();
    for variable in container.env.iter().flatten() {
        let Some(value) = variable.value.clone() else { bail!("{} has no value", variable.name) };
        envs.push(Variable { key: variable.name.clone(), value });
    }
    Ok(ContainerConfig {
        metadata: Some(ContainerName { name: container.name.clone() }),
        image: Some(ImageName { image: container.image.clone().context("no image")? }),
        command: container.command.clone().unwrap_or_default(),
        args: container.args.clone().unwrap_or_default(),
        envs,
        mounts,
        log_path: String::new(),
        linux: Some(sandbox.linux()),
    })
}
