//! Debian's archive by a private APT configuration, for other architectures and releases than the machine's.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};
use mote_tests::command::stdout;
use mote_tests::require::{self, Missing};
use xtask::apt::Apt;

/// The keys that Debian signs its archive with.
const KEYS: &str = "/usr/share/keyrings/debian-archive-keyring.gpg";

/// Settings of the machine's APT that say how to reach an archive.
const KEPT: [&str; 4] = ["Acquire::http", "Acquire::https", "Acquire::Check-", "Acquire::Retries"];

/// An APT for one release and one architecture, with all its files in one directory.
pub(crate) struct Archive {
    directory: PathBuf,
}

impl Archive {
    /// Sets it up in `directory` and fetches the lists of the release.
    ///
    /// # Errors
    /// [`Missing`] on a machine without APT, Debian's keys or Debian's archive; if the archive can't be reached.
    pub(crate) fn of(release: &str, arch: &str, directory: &Path) -> Result<Self> {
        require::tool("apt-get", "apt")?;
        if !Path::new(KEYS).is_file() {
            return Err(Missing(format!("{KEYS} (Debian package debian-archive-keyring)")).into());
        }
        for name in ["empty", "lists/partial", "cache/archives/partial", "state"] {
            fs::create_dir_all(directory.join(name))?;
        }
        fs::write(directory.join("status"), "")?;
        let source = format!("deb [signed-by={KEYS}] {} {release} main\n", mirror()?);
        fs::write(directory.join("sources.list"), source)?;
        fs::write(directory.join("apt.conf"), configuration(directory, arch)?)?;
        let archive = Self { directory: directory.to_owned() };
        stdout(archive.command("apt-get").arg("update"))?;
        Ok(archive)
    }

    /// Returns the dependency of `package` whose name begins with `beginning`.
    ///
    /// # Errors
    /// If the release has none.
    pub(crate) fn dependency(&self, package: &str, beginning: &str) -> Result<String> {
        let text = stdout(self.command("apt-cache").args(["depends", package]))?;
        let mut names = text.lines().filter_map(|line| line.trim().strip_prefix("Depends: "));
        let name = names.find(|name| name.starts_with(beginning));
        Ok(name.with_context(|| format!("{package} depends on no {beginning}"))?.to_owned())
    }

    /// Fetches a package, whose signature APT checks, and returns its file.
    ///
    /// # Errors
    /// If it can't be had.
    pub(crate) fn download(&self, package: &str) -> Result<PathBuf> {
        let directory = tempfile::tempdir_in(&self.directory)?;
        stdout(self.command("apt-get").args(["download", package]).current_dir(directory.path()))?;
        let file = fs::read_dir(directory.path())?.next().context("APT says it has fetched it")??;
        let kept = self.directory.join("package.deb");
        fs::rename(file.path(), &kept)?;
        Ok(kept)
    }

    fn command(&self, program: &str) -> Command {
        let mut command = Command::new(program);
        command.env("APT_CONFIG", self.directory.join("apt.conf")).env("LC_ALL", "C");
        command
    }
}

/// Returns the archive that the machine's own APT uses.
fn mirror() -> Result<String> {
    let ask = || {
        let mut targets = Command::new("apt-get");
        targets.args(["indextargets", "--format", "$(LABEL) $(REPO_URI)", "Created-By: Packages"]);
        let text = stdout(&mut targets)?;
        anyhow::Ok(text.lines().find_map(|line| line.strip_prefix("Debian ")).map(str::to_owned))
    };
    if ask()?.is_none() {
        // A fresh machine has no lists yet.
        Apt::here().inspect(Apt::refresh);
    }
    ask()?.ok_or_else(|| Missing("Debian's archive among the sources of APT".to_owned()).into())
}

fn configuration(directory: &Path, arch: &str) -> Result<String> {
    let path = |name: &str| directory.join(name).display().to_string();
    let dump = stdout(Command::new("apt-config").arg("dump"))?;
    let kept = dump.lines().filter(|line| KEPT.iter().any(|kept| line.starts_with(kept)));
    let mut text: String = kept.map(|line| format!("{line}\n")).collect();
    for (name, value) in [
        ("APT::Architecture", arch.to_owned()),
        ("APT::Architectures", arch.to_owned()),
        // The caller can write to the directory, but APT's own user may not.
        ("APT::Sandbox::User", String::new()),
        ("Acquire::Languages", "none".to_owned()),
        ("Dir::Cache", path("cache")),
        ("Dir::Etc::Main", path("empty/none")),
        ("Dir::Etc::Parts", path("empty")),
        ("Dir::Etc::Preferences", path("empty/none")),
        ("Dir::Etc::PreferencesParts", path("empty")),
        ("Dir::Etc::SourceList", path("sources.list")),
        ("Dir::Etc::SourceParts", path("empty")),
        ("Dir::State", path("state")),
        ("Dir::State::Lists", path("lists")),
        ("Dir::State::Status", path("status")),
    ] {
        text.push_str(&format!("{name} \"{value}\";\n"));
    }
    Ok(text)
}
