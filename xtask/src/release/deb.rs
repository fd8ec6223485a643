//! Debian packages, built with `dpkg-deb`.
//!
//! A package contains the whole family in `/usr/libexec/mote`, a directory that no other package uses: Debian has its
//! own `hello`, `tini`, `dumb-init` and `catatonit` in `/usr/bin`, and they can be installed beside this package. Only
//! `pid1` and `pause`, whose names are free, are in `/usr/bin` as well.

use std::{
    fs,
    os::unix::fs::{PermissionsExt, symlink},
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context, Result};
use nix::sys::stat::{Mode, umask};

use super::{CHANGELOG, VERSION};
use crate::{
    dist::Content,
    exit::CannotStart,
    image::gzip,
    platform::{PLATFORMS, Platform},
    process,
    record::Output,
    workspace,
};

/// The licences of everything that the files consist of, in Debian's machine-readable format.
pub(super) const COPYRIGHT: &str = include_str!("deb/copyright");

const CONTROL: &str = include_str!("deb/control");

/// Intended exceptions for lintian, with the reasons.
const OVERRIDES: &str = include_str!("deb/lintian-overrides");

/// Programs with a link in `/usr/bin`.
const IN_PATH: [&str; 2] = ["pause", "pid1"];

/// Returns the name and address of the maintainer of the packages: the first author in the workspace's manifest. It is
/// part of the source and not of the environment, so that everyone gets the same bytes.
pub(super) fn maintainer() -> &'static str {
    let authors = env!("CARGO_PKG_AUTHORS");
    authors.split_once(':').map_or(authors, |(first, _)| first)
}

/// Returns the path of `dpkg-deb`.
///
/// # Errors
/// [`CannotStart`] if it is not installed.
pub(super) fn tool() -> Result<PathBuf> {
    let missing =
        "dpkg-deb builds the packages and is not installed: install dpkg with the system's package manager";
    Ok(process::find("dpkg-deb").ok_or_else(|| CannotStart(missing.to_owned()))?)
}

/// Builds a package for each platform.
pub(super) fn packages(content: &Content) -> Result<Vec<Output>> {
    // Directories get their permissions in the package from here.
    umask(Mode::from_bits_truncate(0o022));
    PLATFORMS.iter().map(|platform| package(platform, content)).collect()
}

fn package(platform: &Platform, content: &Content) -> Result<Output> {
    let scratch = tempfile::tempdir()?;
    let mut tree = Tree { root: scratch.path().join("mote"), files: Vec::new(), size: 0 };
    for file in content.files.iter().filter(|file| file.platform == platform) {
        let name = file.program.name;
        tree.add(&format!("usr/libexec/mote/{name}"), &file.bytes, 0o755)?;
        if IN_PATH.contains(&name) {
            fs::create_dir_all(tree.root.join("usr/bin"))?;
            symlink(format!("../libexec/mote/{name}"), tree.root.join("usr/bin").join(name))?;
        }
    }
    for output in content.outputs.iter().filter(|output| output.path.starts_with("seccomp/")) {
        tree.add(&format!("usr/share/mote/{}", output.path), &output.bytes, 0o644)?;
    }
    tree.add_documents(content.date)?;

    let architecture = architecture(platform);
    let control = CONTROL
        .replace("@VERSION@", &version(VERSION))
        .replace("@ARCHITECTURE@", architecture)
        .replace("@MAINTAINER@", maintainer())
        .replace("@SIZE@", &tree.size.div_ceil(1024).to_string());
    // `dpkg --verify` compares installed files with these.
    let sums = process::stdout(Command::new("md5sum").args(&tree.files).current_dir(&tree.root))?;
    tree.add("DEBIAN/control", control.as_bytes(), 0o644)?;
    tree.add("DEBIAN/md5sums", format!("{sums}\n").as_bytes(), 0o644)?;

    let name = format!("mote_{}_{architecture}.deb", version(VERSION));
    let file = scratch.path().join(&name);
    let mut build = Command::new(tool()?);
    build.args(["--root-owner-group", "--uniform-compression", "-Zxz", "--build"]).args([&tree.root, &file]);
    process::stdout(build.env("SOURCE_DATE_EPOCH", content.date.to_string()))?;
    Ok(Output { path: name, bytes: fs::read(file)?, mode: 0o644 })
}

/// The files of a package, in a directory.
struct Tree {
    root: PathBuf,
    /// The installed files, relative to `root`.
    files: Vec<String>,
    /// Their size in bytes.
    size: usize,
}

impl Tree {
    fn add(&mut self, path: &str, bytes: &[u8], mode: u32) -> Result<()> {
        let file = self.root.join(path);
        fs::create_dir_all(file.parent().unwrap_or(Path::new("/")))?;
        fs::write(&file, bytes)?;
        fs::set_permissions(file, fs::Permissions::from_mode(mode))?;
        self.files.push(path.to_owned());
        self.size += bytes.len();
        Ok(())
    }

    /// Adds manual pages, changelogs and copyright, in a commit from `date`, in seconds since 1970.
    fn add_documents(&mut self, date: u64) -> Result<()> {
        let root = workspace::root();
        let changelog = fs::read(root.join(CHANGELOG)).context(CHANGELOG)?;
        let doc = "usr/share/doc/mote";
        self.add(&format!("{doc}/copyright"), COPYRIGHT.as_bytes(), 0o644)?;
        self.add(&format!("{doc}/changelog.gz"), &gzip(debian_changelog(date)?.as_bytes())?, 0o644)?;
        self.add(&format!("{doc}/{CHANGELOG}.gz"), &gzip(&changelog)?, 0o644)?;
        self.add("usr/share/lintian/overrides/mote", OVERRIDES.as_bytes(), 0o644)?;
        for page in fs::read_dir(root.join("man")).context("man")? {
            let page = page?.path();
            let name = page.file_name().unwrap_or_default().display();
            let program = page.file_stem().unwrap_or_default();
            // The other pages' names belong to other packages.
            let prefix = if IN_PATH.iter().any(|name| program == *name) { "" } else { "mote-" };
            self.add(&format!("usr/share/man/man1/{prefix}{name}.gz"), &gzip(&fs::read(&page)?)?, 0o644)?;
        }
        Ok(())
    }
}

/// Returns the changelog in Debian's form, which is that of a native package: there is no packaging beside the source.
fn debian_changelog(date: u64) -> Result<String> {
    let mut command = Command::new("date");
    command.args(["--utc", "--rfc-email", &format!("--date=@{date}")]).env("LC_ALL", "C");
    let (version, maintainer, date) = (version(VERSION), maintainer(), process::stdout(&mut command)?);
    Ok(format!(
        "mote ({version}) unstable; urgency=medium\n\n  * New release: see {CHANGELOG}.gz.\n\n -- {maintainer}  {date}\n"
    ))
}

/// Returns Debian's form of a version. A hyphen would start Debian's own revision; a tilde sorts before the release. Without a
/// revision this package is older than a package of the same version in Debian, which then replaces it.
fn version(version: &str) -> String {
    version.replace('-', "~")
}

/// Returns Debian's name for a platform.
fn architecture(platform: &Platform) -> &'static str {
    match platform.arch {
        "386" => "i386",
        "armv7" => "armhf",
        arch => arch,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_release_candidate_sorts_before_the_release() {
        assert_eq!(version("1.2.3"), "1.2.3");
        assert_eq!(version("1.2.3-rc.1"), "1.2.3~rc.1");
    }

    #[test]
    fn the_maintainer_has_a_name_and_an_address() {
        let (name, address) = maintainer().split_once(" <").unwrap_or_default();
        assert!(!name.is_empty() && address.contains('@') && address.ends_with('>'), "{}", maintainer());
    }
}
