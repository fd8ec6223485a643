//! The platforms that every program is built for.

use anyhow::Result;

use crate::exit::unknown;

/// A platform under the names that it has elsewhere.
#[derive(Debug, PartialEq, Eq)]
pub struct Platform {
    /// Docker's name, and the directory of its files in `dist/`: Docker sets `TARGETPLATFORM` to it.
    pub docker: &'static str,
    /// Name of the architecture without a slash.
    pub arch: &'static str,
    /// Rust's target triple.
    pub target: &'static str,
    /// qemu-user's program that runs its files on x86_64; `None` if they need none.
    pub emulator: Option<&'static str>,
}

/// Every platform, in the order of the tables that are printed.
pub const PLATFORMS: [Platform; 5] = [
    Platform { docker: "linux/amd64", arch: "amd64", target: "x86_64-unknown-linux-musl", emulator: None },
    Platform {
        docker: "linux/386",
        arch: "386",
        target: "i686-unknown-linux-musl",
        emulator: Some("qemu-i386"),
    },
    Platform {
        docker: "linux/arm64",
        arch: "arm64",
        target: "aarch64-unknown-linux-musl",
        emulator: Some("qemu-aarch64"),
    },
    Platform {
        docker: "linux/arm/v7",
        arch: "armv7",
        target: "armv7-unknown-linux-musleabihf",
        emulator: Some("qemu-arm"),
    },
    Platform {
        docker: "linux/riscv64",
        arch: "riscv64",
        target: "riscv64gc-unknown-linux-musl",
        emulator: Some("qemu-riscv64"),
    },
];

impl Platform {
    /// Returns the platform with this Docker name.
    ///
    /// # Errors
    /// An unknown name; the error lists the valid ones.
    pub fn named(name: &str) -> Result<&'static Self> {
        PLATFORMS
            .iter()
            .find(|platform| platform.docker == name)
            .ok_or_else(|| unknown("platform", name, PLATFORMS.iter().map(|p| p.docker)))
    }

    /// Returns operating system, architecture and variant, if it has one, as images name them.
    #[must_use]
    pub fn parts(&self) -> Option<(&'static str, &'static str, Option<&'static str>)> {
        let mut parts = self.docker.split('/');
        Some((parts.next()?, parts.next()?, parts.next()))
    }
}
