//! Programs of the machine that the tests run.

use std::env;

use anyhow::{Result, ensure};

use crate::{
    apt::{self, Apt},
    process,
};

/// Programs that the tests run (names, or paths of those that are not on PATH), the distribution's package that has
/// them, and the subject that goes untested without them.
type Prerequisite = (&'static [&'static str], &'static str, &'static str);

#[rustfmt::skip]
const PREREQUISITES: &[Prerequisite] = &[
    (&["qemu-i386", "qemu-aarch64", "qemu-arm", "qemu-riscv64"], "qemu-user", "running the files of foreign platforms"),
    (&["readelf"], "binutils", "a second opinion on the ELF files"),
    (&["strace"], "strace", "counting system calls"),
    (&["unshare", "nsenter", "setpriv"], "util-linux", "starting programs as PID 1"),
    (&["dpkg", "dpkg-deb"], "dpkg", "installing the packages of a release"),
    (&["lintian"], "lintian", "checking the packages of a release"),
    (&["docker", "dockerd"], "docker.io", "running the programs in containers"),
    (&["skopeo"], "skopeo", "reading and copying the images"),
    (&["buildah"], "buildah", "reading the images"),
    (&["debootstrap"], "debootstrap", "running pid1 in a Debian"),
    (&["musl-gcc"], "musl-tools", "measuring beside programs in C"),
    (&["tini"], "tini", "comparing our tini with it"),
    (&["dumb-init"], "dumb-init", "comparing our dumb-init with it"),
    (&["catatonit"], "catatonit", "comparing our catatonit with it"),
    (&["busybox"], "busybox-static", "running pid1 in small images"),
    (&["podman"], "podman", "running the images in Podman, and building an image of the examples"),
    (&["containerd", "ctr"], "containerd", "holding pods as Kubernetes has them"),
    (&["runc"], "runc", "running bundles"),
    (&["/usr/lib/cni/ptp", "/usr/lib/cni/loopback"], "containernetworking-plugins", "holding pods with a network"),
    (&["bird"], "bird2", "announcing an address from a held namespace"),
    (&["docker-compose"], "docker-compose", "the compose file of the examples"),
    (&["mandoc"], "mandoc", "reading the manual pages"),
    (&["jq"], "jq", "joining seccomp profiles as documented"),
    (&["ip"], "iproute2", "namespaces with a network"),
    (&["qemu-aarch64-static", "qemu-arm-static", "qemu-i386-static", "qemu-riscv64-static"], "qemu-user-static", "running foreign files in containers"),
];

/// Returns whether this is an automated build, where a skipped test is a failure.
#[must_use]
pub fn in_ci() -> bool {
    env::var("CI").is_ok_and(|value| value == "true")
}

/// Installs the packages that the tests need if this process may, and names those that are missing then.
///
/// # Errors
/// A package is missing in an automated build.
pub fn provide() -> Result<()> {
    let packages =
        |missing: &[&Prerequisite]| missing.iter().map(|(_, name, _)| (*name).to_owned()).collect::<Vec<_>>();
    let lacking = missing();
    if let Some(apt) = Apt::here().filter(|apt| apt.root && !lacking.is_empty())
        && let Err(error) = apt.install(&packages(&lacking))
    {
        eprintln!("warning: {error:#}");
    }
    let lacking = missing();
    if lacking.is_empty() {
        return Ok(());
    }
    for (_, package, subject) in &lacking {
        eprintln!("warning: without the package {package}, tests are skipped: {subject}");
    }
    let remedy =
        format!("tests are skipped; to install what is missing, run: {}", apt::by_hand(&packages(&lacking)));
    ensure!(!in_ci(), "{remedy}");
    eprintln!("{remedy}");
    Ok(())
}

fn missing() -> Vec<&'static Prerequisite> {
    let is_missing = |programs: &[&str]| programs.iter().any(|program| process::find(program).is_none());
    PREREQUISITES.iter().filter(|(programs, ..)| is_missing(programs)).collect()
}
