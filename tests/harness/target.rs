//! Platforms, and what executes their files on this machine.

use std::fmt;
use std::io;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::OnceLock;

use anyhow::Result;
use xtask::platform::{PLATFORMS, Platform};

use crate::{dist, require};

/// What executes a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cpu {
    /// The machine: the program talks to the kernel.
    Native,
    /// This emulator: it stands between the program and the kernel.
    Emulated(&'static str),
}

/// A platform and what executes its files.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Target {
    /// Whose files.
    pub platform: &'static Platform,
    /// How they run.
    pub cpu: Cpu,
}

/// `linux/arm64`; `linux/386-native` for what has an emulator and does without.
impl fmt::Display for Target {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let suffix = if self.cpu == Cpu::Native && self.platform.emulator.is_some() { "-native" } else { "" };
        write!(formatter, "{}{suffix}", self.platform.docker)
    }
}

impl Target {
    /// Every platform, natively or emulated, and 386 natively as well if the kernel can.
    pub fn all() -> Vec<Target> {
        PLATFORMS
            .iter()
            .map(|platform| Target { platform, cpu: platform.emulator.map_or(Cpu::Native, Cpu::Emulated) })
            .chain(native_386())
            .collect()
    }

    /// Those that run without an emulator: what is asked is the kernel's business as much as the program's.
    pub fn native() -> Vec<Target> {
        Self::all().into_iter().filter(|target| target.cpu == Cpu::Native).collect()
    }

    /// Those that run in an emulator.
    pub fn emulated() -> Vec<Target> {
        Self::all().into_iter().filter(|target| target.cpu != Cpu::Native).collect()
    }

    /// Whether the program's system calls are those of i686 as the kernel sees them.
    pub fn calls_as_386(&self) -> bool {
        self.cpu == Cpu::Native && self.platform.docker == "linux/386"
    }

    /// Natively on the platform of this machine.
    pub fn host() -> Option<Target> {
        Self::native().into_iter().find(|target| target.platform.emulator.is_none())
    }

    /// The emulator's path, if there is one.
    ///
    /// # Errors
    /// [`require::Missing`] if it isn't installed.
    pub fn emulator(&self) -> Result<Option<PathBuf>> {
        match self.cpu {
            Cpu::Native => Ok(None),
            Cpu::Emulated(name) => require::tool(name, "qemu-user").map(Some),
        }
    }
}

/// 386 without an emulator, unless the kernel was built without it. Without a file to try, it counts as there.
fn native_386() -> Option<Target> {
    static REFUSED: OnceLock<bool> = OnceLock::new();
    let platform = PLATFORMS.iter().find(|platform| platform.docker == "linux/386")?;
    let refused = REFUSED.get_or_init(|| {
        let Ok(hello) = dist::file(platform, "hello") else { return false };
        let run = Command::new(hello).stdout(Stdio::null()).stderr(Stdio::null()).status();
        match run {
            Ok(status) => !status.success(),
            Err(error) => error.kind() != io::ErrorKind::PermissionDenied,
        }
    });
    (!refused).then_some(Target { platform, cpu: Cpu::Native })
}
