//! A base image for the Dockerfile's build stage, from this machine's toolchain, the packages that the toolchain depends
//! on, and the sources of the crates. It replaces an image from a registry, which tests don't use.

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

/// Packages that the build needs besides the toolchain's: a shell, and a linker for programs of the build itself.
const PACKAGES: [&str; 4] = ["dash", "coreutils", "gcc", "libc6-dev"];

/// Directories that are links into `/usr` on most distributions. They come first in the archive, because the paths of
/// packages are below them.
const FIRST: [&str; 9] =
    ["/usr", "/usr/bin", "/usr/sbin", "/usr/lib", "/usr/lib64", "/bin", "/sbin", "/lib", "/lib64"];

/// Directory of Cargo's configuration and sources in the image.
const CARGO_HOME: &str = "/cargo";

/// Returns the lines of a Dockerfile that the archive needs.
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

/// Creates an archive of the whole file system in `directory`.
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

/// Copies the sources of every dependency of the workspace and, if it is built, of the compiler's library.
fn vendor(toolchain: &Toolchain, directory: &Path) -> Result<()> {
    let mut command = Command::new(&toolchain.compiler.cargo);
    command.env("RUSTC", &toolchain.compiler.rustc).env("RUSTC_BOOTSTRAP", "1").env_remove("LD_LIBRARY_PATH");
    command.current_dir(workspace::root()).args(["vendor", "--quiet", "--locked"]);
    command.arg("--sync").arg(library(toolchain).join("library/Cargo.toml"));
    // The usual reason is that there is no network.
    stdout(command.arg(directory))
        .map(drop)
        .map_err(|error| Missing(format!("the crates' sources ({error:#})")).into())
}

/// Returns the directory of the source of the compiler's library.
fn library(toolchain: &Toolchain) -> PathBuf {
    let directory = toolchain.compiler.sysroot.join("lib/rustlib/src/rust");
    directory.canonicalize().unwrap_or(directory)
}

/// Returns the packages of the toolchain, and the directories of parts that are in no package.
fn owners(toolchain: &Toolchain) -> Result<(BTreeSet<String>, BTreeSet<&Path>)> {
    let mut parts = vec![toolchain.compiler.rustc.clone(), toolchain.compiler.cargo.clone()];
    parts.push(toolchain.linker.path.clone());
    parts.push(library(toolchain).join("library/core/Cargo.toml"));
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

/// Returns the files of `packages` and of their dependencies.
fn files(toolchain: &Toolchain, packages: &BTreeSet<String>) -> Result<Vec<PathBuf>> {
    let mut depends = Command::new(require::tool("apt-cache", "apt")?);
    depends.args(["depends", "--recurse", "--installed", "--no-recommends", "--no-suggests"]);
    depends.args(["--no-conflicts", "--no-breaks", "--no-replaces", "--no-enhances"]).args(packages);
    let output = stdout(&mut depends)?;
    // Names of packages start a line, and their dependencies are indented.
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
    // A package may list a file that was diverted to a new name.
    Ok(all.filter(|path| path.symlink_metadata().is_ok() && seen.insert(path.clone())).collect())
}

/// Returns `path` and the targets of the links that begin there.
fn links(path: &str) -> impl Iterator<Item = PathBuf> {
    std::iter::successors(Some(PathBuf::from(path)), |path| {
        Some(path.parent()?.join(fs::read_link(path).ok()?))
    })
}
