//! The Debian packages of a release.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Result, ensure};
use mote_tests::outcome::same;
use mote_tests::{command, require};
use xtask::platform::PLATFORMS;
use xtask::program::PROGRAMS;

use crate::release::{ARCHITECTURES, Release, VERSION};

fn deb(release: &Release, architecture: &str) -> std::path::PathBuf {
    release.path(&format!("mote_{VERSION}_{architecture}.deb"))
}

/// For every architecture: the files of the release, owned by root, and a checksum of each file.
pub(crate) fn hold_the_files(release: &Release) -> Result<()> {
    for (architecture, platform) in ARCHITECTURES.iter().zip(&PLATFORMS) {
        let package = deb(release, architecture);
        let tool = || Ok::<_, anyhow::Error>(Command::new(require::tool("dpkg-deb", "dpkg")?));
        let field = |name: &str| command::stdout(tool()?.arg("--field").arg(&package).arg(name));
        same(field("Package")?, "mote".to_owned())?;
        same(field("Version")?, VERSION.to_owned())?;
        same(field("Architecture")?, (*architecture).to_owned())?;
        let contents = command::stdout(tool()?.arg("--contents").arg(&package))?;
        ensure!(contents.lines().all(|line| line.contains(" root/root ")), "{contents}");
        let directory = release.scratch(architecture)?;
        command::stdout(tool()?.arg("--extract").arg(&package).arg(&directory))?;
        for program in PROGRAMS.iter().map(|program| program.name) {
            let expected = fs::read(release.path(&format!("{program}-linux-{}", platform.arch)))?;
            ensure!(
                fs::read(directory.join("usr/libexec/mote").join(program))? == expected,
                "{program} on {architecture}"
            );
        }
        same(names(&directory.join("usr/bin"))?, ["pause", "pid1"].map(str::to_owned).into())?;
        command::stdout(tool()?.arg("--control").arg(&package).arg(directory.join("DEBIAN")))?;
        let mut check = Command::new(require::tool("md5sum", "coreutils")?);
        let options = ["--check", "--strict", "DEBIAN/md5sums"];
        let right = command::stdout(check.args(options).current_dir(&directory))?.lines().count();
        same(right, contents.lines().filter(|line| line.starts_with('-')).count())?;
    }
    Ok(())
}

/// lintian finds no error and prints no warning, except the overrides in the packages.
pub(crate) fn are_as_debian_wants_them(release: &Release) -> Result<()> {
    let mut lintian = Command::new(require::tool("lintian", "lintian")?);
    lintian.args(["--no-cfg", "--fail-on", "error,warning", "--tag-display-limit", "0"]);
    lintian.args(ARCHITECTURES.map(|architecture| deb(release, architecture)));
    let output = lintian.stdin(Stdio::null()).output()?;
    let found = String::from_utf8_lossy(&output.stdout);
    ensure!(found.is_empty(), "{found}");
    ensure!(output.status.success(), "{}: {}", output.status, String::from_utf8_lossy(&output.stderr));
    Ok(())
}

fn names(directory: &Path) -> Result<Vec<String>> {
    let entries = fs::read_dir(directory)?;
    let mut names = entries
        .map(|entry| Ok(entry?.file_name().to_string_lossy().into_owned()))
        .collect::<Result<Vec<_>>>()?;
    names.sort();
    Ok(names)
}

/// dpkg installs a package in an empty root, verifies it and removes it. No file belongs to Debian's own `hello`, `tini`,
/// `dumb-init` or `catatonit`.
pub(crate) fn install_and_remove(release: &Release) -> Result<()> {
    require::root()?;
    let root = release.scratch("root")?;
    for directory in ["var/lib/dpkg/updates", "var/lib/dpkg/info"] {
        fs::create_dir_all(root.join(directory))?;
    }
    for file in ["var/lib/dpkg/status", "var/lib/dpkg/available"] {
        fs::write(root.join(file), "")?;
    }
    let dpkg = |words: &[&str]| {
        let mut dpkg = Command::new(require::tool("dpkg", "dpkg")?);
        command::stdout(dpkg.arg(format!("--root={}", root.display())).args(words).env("LC_ALL", "C"))
    };
    let package = deb(release, "amd64");
    dpkg(&["--force-architecture", "--install", &package.to_string_lossy()])?;
    same(dpkg(&["--verify", "mote"])?, String::new())?;
    let version = command::stdout(Command::new(root.join("usr/bin/pid1")).arg("--version"))?;
    ensure!(version.starts_with(&format!("pid1 {VERSION} - git.")), "{version}");
    let installed = dpkg(&["--listfiles", "mote"])?;
    for path in installed.lines() {
        let taken = ["hello", "tini", "dumb-init", "catatonit"].iter().any(|name| {
            path.ends_with(&format!("bin/{name}")) || path.ends_with(&format!("man1/{name}.1.gz"))
        });
        ensure!(!taken, "{path} belongs to another package");
    }
    for wanted in ["/usr/bin/pid1", "/usr/share/doc/mote/copyright", "/usr/share/man/man1/pid1.1.gz"] {
        ensure!(installed.lines().any(|line| line == wanted), "no {wanted} in {installed}");
    }
    dpkg(&["--purge", "mote"])?;
    ensure!(!root.join("usr").exists(), "files are left in usr");
    Ok(())
}
