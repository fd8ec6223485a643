//! Where the measuring takes place.

use std::{fs, thread};

use anyhow::Result;
use nix::sys::utsname::uname;
use serde::Serialize;

/// A machine, without its name.
#[derive(Clone, Debug, Serialize)]
pub struct Machine {
    /// Its architecture.
    pub architecture: String,
    /// How many CPUs may be used.
    pub cpus: usize,
    /// What they call themselves.
    pub model: String,
    /// The kernel's version.
    pub kernel: String,
    /// The distribution.
    pub system: String,
}

impl Machine {
    /// This one.
    pub(super) fn this() -> Result<Self> {
        let names = uname()?;
        let field = |file: &str, name: &str, separator: char| {
            let text = fs::read_to_string(file).unwrap_or_default();
            let value = text.lines().filter_map(|line| line.split_once(separator));
            let mut value = value.filter(|(key, _)| key.trim() == name);
            value.next().map_or("unknown".to_owned(), |(_, value)| value.trim().trim_matches('"').to_owned())
        };
        Ok(Self {
            architecture: names.machine().to_string_lossy().into_owned(),
            cpus: thread::available_parallelism()?.get(),
            model: field("/proc/cpuinfo", "model name", ':'),
            // Without what somebody calls the build.
            kernel: names.release().to_string_lossy().split('-').next().unwrap_or_default().to_owned(),
            system: field("/etc/os-release", "PRETTY_NAME", '='),
        })
    }
}
