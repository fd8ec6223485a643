//! The platforms that every program is built for.

use anyhow::Result;

use crate::exit::unknown;

/// A platform under each of the names that the world has for it.
#[derive(Debug, PartialEq, Eq)]
pub struct Platform {
    /// Docker's name; also the folder of its files in `dist/`, since it is what Docker puts into
    /// `TARGETPLATFORM`.
    pub docker: &'static str,
    /// The architecture where a name must hold no slash.
    pub arch: &'static str,
    /// Rust's target triple.
    pub target: &'static str,
    /// The qemu-user program that runs its files on x86_64, or `None` if they run as they are.
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
    /// The platform with this Docker name.
    ///
    /// # Errors
    /// An unknown name; the error lists the valid ones.
    pub fn named(name: &str) -> Result<&'static Self> {
        PLATFORMS
            .iter()
            .find(|platform| platform.docker == name)
            .ok_or_else(|| unknown("platform", name, PLATFORMS.iter().map(|p| p.docker)))
    }

    /// Operating system, architecture and, where it has one, variant, as images spell them.
    #[must_use]
    pub fn parts(&self) -> Option<(&'static str, &'static str, Option<&'static str>)> {
        let mut parts = self.docker.split('/');
        Some((parts.next()?, parts.next()?, parts.next()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_finds_its_own_platform() -> Result<()> {
        for platform in &PLATFORMS {
            assert_eq!(Platform::named(platform.docker)?, platform);
        }
        Ok(())
    }

    #[test]
    fn a_name_has_two_or_three_parts() -> Result<()> {
        assert_eq!(Platform::named("linux/386")?.parts(), Some(("linux", "386", None)));
        assert_eq!(Platform::named("linux/arm/v7")?.parts(), Some(("linux", "arm", Some("v7"))));
        Ok(())
    }

    #[test]
    fn names_are_taken_exactly() {
        for wrong in ["", "arm64", "linux/ARM64", "linux/arm", "linux/arm64 "] {
            assert!(Platform::named(wrong).is_err(), "{wrong:?}");
        }
    }
}
