//! What the tests need of the machine beside a toolchain.

use std::env;

use anyhow::{Result, bail};

use crate::{
    apt::{self, Apt},
    process,
};

/// A package and what of it the tests use.
#[derive(Debug)]
pub struct Prerequisite {
    /// The programs that are called: names, or whole paths of those that are not on PATH.
    pub programs: &'static [&'static str],
    /// The distribution's package that has them.
    pub package: &'static str,
    /// What would go untested without them.
    pub why: &'static str,
}

/// Everything that the tests need.
pub const PREREQUISITES: &[Prerequisite] = &[
    Prerequisite {
        programs: &["qemu-i386", "qemu-aarch64", "qemu-arm", "qemu-riscv64"],
        package: "qemu-user",
        why: "running the files of foreign platforms",
    },
    Prerequisite { programs: &["readelf"], package: "binutils", why: "a second opinion on the ELF files" },
    Prerequisite { programs: &["strace"], package: "strace", why: "counting system calls" },
    Prerequisite { programs: &["unshare", "nsenter", "setpriv"], package: "util-linux", why: "being PID 1" },
    Prerequisite {
        programs: &["dpkg", "dpkg-deb"],
        package: "dpkg",
        why: "installing the packages of a release",
    },
    Prerequisite { programs: &["lintian"], package: "lintian", why: "checking the packages of a release" },
    Prerequisite {
        programs: &["docker", "dockerd"],
        package: "docker.io",
        why: "running the programs in containers",
    },
    Prerequisite { programs: &["skopeo"], package: "skopeo", why: "reading and copying the images" },
    Prerequisite { programs: &["buildah"], package: "buildah", why: "reading the images" },
    Prerequisite { programs: &["debootstrap"], package: "debootstrap", why: "running pid1 in a Debian" },
    Prerequisite { programs: &["musl-gcc"], package: "musl-tools", why: "measuring beside programs in C" },
    Prerequisite { programs: &["tini"], package: "tini", why: "comparing our tini with it" },
    Prerequisite { programs: &["dumb-init"], package: "dumb-init", why: "comparing our dumb-init with it" },
    Prerequisite { programs: &["catatonit"], package: "catatonit", why: "comparing our catatonit with it" },
    Prerequisite { programs: &["busybox"], package: "busybox-static", why: "running pid1 in small images" },
    Prerequisite {
        programs: &["podman"],
        package: "podman",
        why: "running the images in Podman, and building an image of the examples",
    },
    Prerequisite {
        programs: &["containerd", "ctr"],
        package: "containerd",
        why: "holding pods as Kubernetes has them",
    },
    Prerequisite { programs: &["runc"], package: "runc", why: "running bundles" },
    Prerequisite {
        programs: &["/usr/lib/cni/ptp", "/usr/lib/cni/loopback"],
        package: "containernetworking-plugins",
        why: "holding pods with a network",
    },
    Prerequisite {
        programs: &["bird"],
        package: "bird2",
        why: "announcing an address from a held namespace",
    },
    Prerequisite {
        programs: &["docker-compose"],
        package: "docker-compose",
        why: "the compose file of the examples",
    },
    Prerequisite { programs: &["mandoc"], package: "mandoc", why: "reading the manual pages" },
    Prerequisite { programs: &["jq"], package: "jq", why: "joining seccomp profiles as documented" },
    Prerequisite { programs: &["ip"], package: "iproute2", why: "namespaces with a network" },
    Prerequisite {
        programs: &["qemu-aarch64-static", "qemu-arm-static", "qemu-i386-static", "qemu-riscv64-static"],
        package: "qemu-user-static",
        why: "running foreign files in containers",
    },
];

impl Prerequisite {
    /// The programs of it that are not here.
    #[must_use]
    pub fn missing(&self) -> Vec<&'static str> {
        let programs = self.programs.iter().copied();
        programs.filter(|program| process::find(program).is_none()).collect()
    }
}

/// Whether this is an automated build, where a test that can't run is a failure.
#[must_use]
pub fn in_ci() -> bool {
    env::var("CI").is_ok_and(|value| value == "true")
}

/// Installs what the tests need, where that is possible, and says what is missing where it is not.
///
/// # Errors
/// Something is missing in an automated build.
pub fn provide() -> Result<()> {
    let packages = |lacking: &[&Prerequisite]| -> Vec<String> {
        lacking.iter().map(|prerequisite| prerequisite.package.to_owned()).collect()
    };
    if let Some(apt) = Apt::here().filter(|apt| apt.root)
        && let lacking = lacking()
        && !lacking.is_empty()
        && let Err(error) = apt.install(&packages(&lacking))
    {
        eprintln!("warning: {error:#}");
    }
    let lacking = lacking();
    for Prerequisite { package, why, .. } in &lacking {
        eprintln!("warning: without the package {package}, tests are skipped: {why}");
    }
    if lacking.is_empty() {
        return Ok(());
    }
    let by_hand = apt::by_hand(&packages(&lacking));
    if in_ci() {
        bail!("tests would be skipped; to install what is missing, run: {by_hand}");
    }
    eprintln!("to install what is missing, run: {by_hand}");
    Ok(())
}

fn lacking() -> Vec<&'static Prerequisite> {
    PREREQUISITES.iter().filter(|prerequisite| !prerequisite.missing().is_empty()).collect()
}
