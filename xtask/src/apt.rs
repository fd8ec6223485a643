//! Installing packages of the distribution.

use std::{
    path::PathBuf,
    process::Command,
    sync::atomic::{AtomicBool, Ordering},
    time::Duration,
};

use anyhow::{Result, bail};

use crate::process;

/// How long a download and its installation may take. A mirror that is merely slow gets through; one
/// that never answers does not hold the run for ever.
const PATIENCE: Duration = Duration::from_mins(20);

/// The distribution's package manager.
#[derive(Debug)]
pub struct Apt {
    /// `apt-get`.
    pub get: PathBuf,
    /// `apt-cache`.
    pub cache: PathBuf,
    /// Whether we may install: whether we are root.
    pub root: bool,
    /// Whether the package lists were already fetched in this run.
    pub fresh: AtomicBool,
}

impl Apt {
    /// The package manager of this machine, if it has APT.
    #[must_use]
    pub fn here() -> Option<Self> {
        Some(Self {
            get: process::find("apt-get")?,
            cache: process::find("apt-cache")?,
            root: nix::unistd::geteuid().is_root(),
            fresh: AtomicBool::new(false),
        })
    }

    /// The version of `package` that would be installed.
    #[must_use]
    pub fn candidate(&self, package: &str) -> Option<String> {
        let mut policy = Command::new(&self.cache);
        let text = process::stdout(policy.env("LC_ALL", "C").args(["policy", package])).ok()?;
        let line = text.lines().find_map(|line| line.trim().strip_prefix("Candidate: "))?;
        (line != "(none)").then(|| line.to_owned())
    }

    /// The names of all packages that match a regular expression.
    #[must_use]
    pub fn matching(&self, pattern: &str) -> Vec<String> {
        let mut search = Command::new(&self.cache);
        let text = process::stdout(search.args(["search", "--names-only", pattern]));
        let text = text.unwrap_or_default();
        text.lines().filter_map(|line| Some(line.split_once(' ')?.0.to_owned())).collect()
    }

    /// The names of all packages that are needed for `package`, itself among them.
    #[must_use]
    pub fn needs(&self, package: &str) -> Vec<String> {
        let mut depends = Command::new(&self.cache);
        let text = process::stdout(depends.args(["depends", "--recurse", "--important", package]));
        // What depends on what is indented.
        let names = text.unwrap_or_default();
        names.lines().filter(|line| !line.starts_with([' ', '<', '|'])).map(str::to_owned).collect()
    }

    /// Fetches the package lists, once in a run. That it failed shows in what can't be found then.
    pub fn refresh(&self) {
        if self.root && !self.fresh.swap(true, Ordering::Relaxed) {
            eprintln!("apt: fetching the package lists");
            let _ = process::output_within(Command::new(&self.get).arg("update"), PATIENCE);
        }
    }

    /// Installs packages; fetches the package lists before, since on a fresh machine there are none.
    ///
    /// # Errors
    /// We are not root, or APT fails. It is the caller who says what to run by hand, since that may be more.
    pub fn install(&self, packages: &[String]) -> Result<()> {
        if !self.root {
            bail!("only root can install packages");
        }
        self.refresh();
        eprintln!("apt: installing {}", packages.join(" "));
        let mut install = Command::new(&self.get);
        install
            .env("DEBIAN_FRONTEND", "noninteractive")
            // What is on the machine stays: a package that could only come in exchange for another
            // one is refused. Another run of APT that holds the lock is waited for.
            .args(["install", "-y", "--no-install-recommends", "--no-remove"])
            .args(["-o", "DPkg::Lock::Timeout=300"])
            .args(packages);
        match process::output_within(&mut install, PATIENCE)? {
            Some(output) if output.status.success() => Ok(()),
            Some(output) => {
                let complaint = process::complaint(&output.stderr);
                bail!("apt-get could not install {}: {complaint}", packages.join(" "))
            }
            None => bail!("apt-get took over {} minutes", PATIENCE.as_secs() / 60),
        }
    }
}

/// The command that installs `packages`, for a person to type.
#[must_use]
pub fn by_hand(packages: &[String]) -> String {
    let packages = packages.join(" ");
    format!("sudo apt-get update && sudo apt-get install --no-install-recommends {packages}")
}
