//! What the Dockerfile's build stage starts from, made of what this machine has: its toolchain, the packages
//! that it stands on, and the sources of the crates.
//!
//! It stands in for an image from a registry, which a test does not ask.

use std::collections::BTreeSet;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Result, ensure};
use mote_tests::outcome::text;
use mote_tests::require::{self, Missing};
use xtask::process::stdout;
use xtask::toolchain::Toolchain;
use xtask::workspace;

/// Packages that the build needs beside the toolchain's: a shell to run it, and what links programs of the
/// build itself.
const PACKAGES: [&str; 4] = ["dash", "coreutils", "gcc", "libc6-dev"];

/// Folders that are links into `/usr` on most distributions. They come first in the archive, since what
/// packages list lies below them.
const FIRST: [&str; 9] =
    ["/usr", "/usr/bin", "/usr/sbin", "/usr/lib", "/usr/lib64", "/bin", "/sbin", "/lib", "/lib64"];

/// Where Cargo finds its configuration and its sources in the image.
const CARGO_HOME: &str = "/cargo";

/// The lines of a Dockerfile that belong to the archive.
pub(crate) fn changes(toolchain: &Toolchain) -> Vec<String> {
    let directories = [&toolchain.compiler.rustc, &toolchain.compiler.cargo].map(|file| file.parent());
    let directories: BTreeSet<&Path> =
        directories.into_iter().flatten().chain([Path::new("/usr/bin")]).collect();
    let path: Vec<String> = directories.iter().map(|directory| directory.display().to_string()).collect();
    vec![
        format!("ENV PATH {}", path.join(":")),
        format!("ENV CARGO_HOME {CARGO_HOME}"),
        "ENV CARGO_NET_OFFLINE true".to_owned(),
    ]
}

/// An archive of the whole file system, in `directory`.
pub(crate) fn archive(toolchain: &Toolchain, directory: &Path) -> Result<PathBuf> {
    let archive = directory.join("base.tar");
    let home = directory.join("cargo");
    vendor(toolchain, &home.join("vendor"))?;
    let source = format!(
        "[source.crates-io]\nreplace-with = \"vendor\"\n[source.vendor]\ndirectory = \"{CARGO_HOME}/vendor\"\n"
    );
    fs::write(home.join("config.toml"), source)?;

    let list = directory.join("list");
    let mut names = fs::File::create(&list)?;
    let (packages, directories) = owners(toolchain)?;
    for file in files(toolchain, &packages)? {
        writeln!(names, "{}", file.display())?;
    }
    let mut tar = Command::new(require::tool("tar", "tar")?);
    tar.arg("--create").arg("--file").arg(&archive).args(["--absolute-names", "--no-recursion"]);
    tar.arg("--files-from").arg(&list).arg("--recursion").args(directories);
    tar.arg("--directory").arg(directory).arg("cargo");
    stdout(&mut tar)?;
    Ok(archive)
}

/// The sources of every crate that the workspace or, if it is built, the compiler's library depends on.
fn vendor(toolchain: &Toolchain, directory: &Path) -> Result<()> {
    let mut command = Command::new(&toolchain.compiler.cargo);
    command.env("RUSTC", &toolchain.compiler.rustc).env("RUSTC_BOOTSTRAP", "1").env_remove("LD_LIBRARY_PATH");
    command.current_dir(workspace::root()).args(["vendor", "--quiet", "--locked"]);
    if toolchain.builds_core() {
        command.arg("--sync").arg(library(toolchain).join("library/Cargo.toml"));
    }
    // Most probably there is no network.
    stdout(command.arg(directory))
        .map(drop)
        .map_err(|error| Missing(format!("the crates' sources ({error:#})")).into())
}

/// The directory of the source of the compiler's library.
fn library(toolchain: &Toolchain) -> PathBuf {
    let directory = toolchain.compiler.sysroot.join("lib/rustlib/src/rust");
    directory.canonicalize().unwrap_or(directory)
}

/// The packages that hold the toolchain, and the directories of what no package has.
fn owners(toolchain: &Toolchain) -> Result<(BTreeSet<String>, BTreeSet<&Path>)> {
    let mut parts = vec![toolchain.compiler.rustc.clone(), toolchain.compiler.cargo.clone()];
    parts.push(toolchain.linker.path.clone());
    if toolchain.builds_core() {
        parts.push(library(toolchain).join("library/core/Cargo.toml"));
    }
    let mut packages: BTreeSet<String> = PACKAGES.map(str::to_owned).into();
    let mut directories = BTreeSet::new();
    for part in parts {
        let query = require::tool("dpkg-query", "dpkg")?;
        let output = Command::new(query).arg("--search").arg(&part).output()?;
        // `package: path`, or `package:amd64: path`.
        match text(&output.stdout)?.split(':').next() {
            Some(package) if output.status.success() => drop(packages.insert(package.to_owned())),
            _ => {
                let sysroot = toolchain.compiler.sysroot.as_path();
                ensure!(part.starts_with(sysroot), "{} is in no package and no toolchain", part.display());
                directories.insert(sysroot);
            }
        }
    }
    Ok((packages, directories))
}

/// The files of `packages` and of all that they depend on.
fn files(toolchain: &Toolchain, packages: &BTreeSet<String>) -> Result<Vec<PathBuf>> {
    let mut depends = Command::new(require::tool("apt-cache", "apt")?);
    depends.args(["depends", "--recurse", "--installed", "--no-recommends", "--no-suggests"]);
    depends.args(["--no-conflicts", "--no-breaks", "--no-replaces", "--no-enhances"]).args(packages);
    let output = stdout(&mut depends)?;
    // What depends on something is at the start of its line.
    let names = output.lines().filter(|line| line.starts_with(|c: char| c.is_ascii_alphanumeric()));
    let mut query = Command::new(require::tool("dpkg-query", "dpkg")?);
    let listed = stdout(query.arg("--listfiles").args(names))?;

    let source = library(toolchain);
    let is_unused = |path: &Path| {
        let unused = ["/usr/share/doc", "/usr/share/man", "/usr/share/locale", "/usr/share/info"];
        unused.iter().any(|directory| path.starts_with(directory))
            || (path.starts_with(&source) && path != source && !path.starts_with(source.join("library")))
    };
    let mut seen = BTreeSet::new();
    let listed = listed.lines().map(PathBuf::from).filter(|path| path.starts_with("/") && !is_unused(path));
    let mut listed: Vec<PathBuf> = listed.collect();
    listed.sort();
    let all = FIRST.iter().map(PathBuf::from).chain(listed).chain(links("/usr/bin/cc"));
    // A package may have given a file up to another one under a new name.
    Ok(all.filter(|path| path.symlink_metadata().is_ok() && seen.insert(path.clone())).collect())
}

/// A link, what it leads to, and so on.
fn links(path: &str) -> impl Iterator<Item = PathBuf> {
    std::iter::successors(Some(PathBuf::from(path)), |path| {
        Some(path.parent()?.join(fs::read_link(path).ok()?))
    })
}
