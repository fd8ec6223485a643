//! Debian's kernels.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, ensure};
use xtask::workspace;

use crate::apt::Archive;
use crate::machine::Machine;

/// A kernel.
pub(crate) struct Kernel {
    /// The file that a machine boots.
    pub(crate) file: PathBuf,
    /// The package that it is from.
    pub(crate) package: String,
}

/// Returns the machine's kernel: the one that was fetched before, or Debian's newest.
///
/// # Errors
/// Those of [`Archive`]; if the package holds no kernel.
pub(crate) fn of(machine: &Machine) -> Result<Kernel> {
    let kernels = workspace::scratch().join("vm/kernels");
    let directory = kernels.join(format!("{}-{}-{}", machine.release, machine.arch, machine.package));
    let (file, name) = (directory.join("kernel"), directory.join("package"));
    if !name.is_file() {
        fs::create_dir_all(&kernels)?;
        // In a temporary directory, so that an interrupted download leaves nothing.
        let fresh = tempfile::tempdir_in(&kernels)?;
        let archive = Archive::of(machine.release, machine.arch, fresh.path())?;
        let package = archive.dependency(machine.package, "linux-image-")?;
        let deb = archive.download(&package)?;
        fs::create_dir_all(&directory)?;
        extract(&deb, &file).with_context(|| package.clone())?;
        fs::write(&name, package)?;
    }
    Ok(Kernel { file, package: fs::read_to_string(name)? })
}

/// Extracts the kernel from a package, without its modules.
fn extract(deb: &Path, to: &Path) -> Result<()> {
    let mut unpack = Command::new("dpkg-deb");
    let mut child = unpack.arg("--fsys-tarfile").arg(deb).stdout(Stdio::piped()).spawn()?;
    let mut archive = tar::Archive::new(child.stdout.take().context("no pipe")?);
    let mut found = false;
    for entry in archive.entries()? {
        let mut entry = entry?;
        let path = entry.path()?;
        // `vmlinuz`, or `vmlinux` where the format is not compressed.
        if path.strip_prefix("./boot").is_ok_and(|name| name.to_string_lossy().starts_with("vmlinu")) {
            io::copy(&mut entry, &mut fs::File::create(to)?)?;
            found = true;
            break;
        }
    }
    // Close the pipe: dpkg-deb has more to write.
    drop(archive);
    child.wait()?;
    ensure!(found, "there is no kernel in it");
    Ok(())
}
