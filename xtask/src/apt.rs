//! Installing packages of the distribution.

use std::{
    path::PathBuf,
    process::Command,
    sync::atomic::{AtomicBool, Ordering},
};

use anyhow::{Result, bail};

use crate::process::{self, limited};

/// Limit of a download with its installation: a slow mirror is waited for, and one that never answers is not.
const LIMIT: &str = "20m";

/// The distribution's package manager.
#[derive(Debug)]
pub struct Apt {
    /// `apt-get`.
    pub get: PathBuf,
    /// `apt-cache`.
    pub cache: PathBuf,
    /// Whether this process may install packages.
    pub root: bool,
    /// Whether the package lists were fetched in this run.
    pub fresh: AtomicBool,
}

impl Apt {
    /// Returns the package manager of this machine, if it is APT.
    #[must_use]
    pub fn here() -> Option<Self> {
        Some(Self {
            get: process::find("apt-get")?,
            cache: process::find("apt-cache")?,
            root: nix::unistd::geteuid().is_root(),
            fresh: AtomicBool::new(false),
        })
    }

    /// Returns the version of `package` that would be installed.
    #[must_use]
    pub fn candidate(&self, package: &str) -> Option<String> {
        let mut policy = Command::new(&self.cache);
        let text = process::stdout(policy.env("LC_ALL", "C").args(["policy", package])).ok()?;
        let line = text.lines().find_map(|line| line.trim().strip_prefix("Candidate: "))?;
        (line != "(none)").then(|| line.to_owned())
    }

    /// Returns the names of all packages that `package` depends on, directly or not, and its own.
    #[must_use]
    pub fn needs(&self, package: &str) -> Vec<String> {
        let mut depends = Command::new(&self.cache);
        let text = process::stdout(depends.args(["depends", "--recurse", "--important", package]));
        // The relations of a package follow its name, indented.
        let names = text.unwrap_or_default();
        names.lines().filter(|line| !line.starts_with([' ', '<', '|'])).map(str::to_owned).collect()
    }

    /// Fetches the package lists, once in a run. A failure shows in the packages that are missing then.
    pub fn refresh(&self) {
        if self.root && !self.fresh.swap(true, Ordering::Relaxed) {
            eprintln!("apt: fetching the package lists");
            let _ = process::stdout(limited(LIMIT, &self.get).arg("update"));
        }
    }

    /// Fetches the package lists and installs packages.
    ///
    /// # Errors
    /// This process is not root's, or APT fails.
    pub fn install(&self, packages: &[String]) -> Result<()> {
        if !self.root {
            bail!("only root can install packages");
        }
        self.refresh();
        eprintln!("apt: installing {}", packages.join(" "));
        let mut install = limited(LIMIT, &self.get);
        install
            .env("DEBIAN_FRONTEND", "noninteractive")
            // Packages of the machine stay: one that would replace another is refused. Another run of APT that holds
            // the lock is waited for.
            .args(["install", "-y", "--no-install-recommends", "--no-remove"])
            .args(["-o", "DPkg::Lock::Timeout=300"])
            .args(packages);
        process::stdout(&mut install).map(drop)
    }
}

/// Returns the command with which a user installs `packages`.
#[must_use]
pub fn by_hand(packages: &[String]) -> String {
    let packages = packages.join(" ");
    format!("sudo apt-get update && sudo apt-get install --no-install-recommends {packages}")
}
