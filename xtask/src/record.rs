//! What is written down about a build: checksums, and what it was made with.

use std::{fmt::Write as _, path::Path, process::Command};

use serde::Serialize;
use sha2::{Digest, Sha256};

use crate::{platform::Platform, process, program::Program, toolchain::Toolchain, workspace};

/// A finished file.
#[derive(Debug)]
pub struct Built {
    /// The program.
    pub program: &'static Program,
    /// The platform that it runs on.
    pub platform: &'static Platform,
    /// The file's bytes.
    pub bytes: Vec<u8>,
}

/// `build.json`. It holds neither a time nor a path of the machine: the same sources, compiler and
/// linker give the same record.
#[derive(Debug, Serialize)]
pub struct Record<'a> {
    /// The version of the whole family.
    version: &'a str,
    /// The commit that was built.
    source: Option<Source>,
    /// What the compiler says it is.
    compiler: &'a str,
    /// What the linker says it is.
    linker: &'a str,
    /// Where `core` came from.
    route: &'a str,
    files: Vec<Entry<'a>>,
}

/// The state of the source tree.
#[derive(Debug, Serialize)]
struct Source {
    commit: String,
    /// Whether the tree differed from the commit.
    modified: bool,
}

#[derive(Debug, Serialize)]
struct Entry<'a> {
    platform: &'a str,
    program: &'a str,
    size: usize,
    sha256: String,
}

impl<'a> Record<'a> {
    /// The record of `files`, built with `toolchain` from the source tree as it is.
    #[must_use]
    pub fn of(toolchain: &'a Toolchain, files: &'a [Built]) -> Self {
        Self {
            version: env!("CARGO_PKG_VERSION"),
            source: source(&workspace::root()),
            compiler: &toolchain.compiler.version,
            linker: &toolchain.linker.version,
            route: toolchain.route.name(),
            files: files.iter().map(Entry::of).collect(),
        }
    }
}

impl<'a> Entry<'a> {
    fn of(file: &'a Built) -> Self {
        Self {
            platform: file.platform.docker,
            program: file.program.name,
            size: file.bytes.len(),
            sha256: sha256(&file.bytes),
        }
    }
}

/// The commit that `root` is at; none if that is not the root of a repository with a commit.
fn source(root: &Path) -> Option<Source> {
    let git =
        |arguments: &[&str]| process::stdout(Command::new("git").arg("-C").arg(root).args(arguments)).ok();
    // A source archive that was unpacked somewhere inside another repository isn't that repository.
    let top = git(&["rev-parse", "--show-toplevel"])?;
    if Path::new(&top).canonicalize().ok()? != root.canonicalize().ok()? {
        return None;
    }
    let commit = git(&["rev-parse", "--verify", "HEAD"])?;
    let modified = !git(&["status", "--porcelain"])?.is_empty();
    Some(Source { commit, modified })
}

/// The text of `SHA256SUMS`, as `sha256sum -c` reads it.
#[must_use]
pub fn checksums(files: &[Built]) -> String {
    files.iter().fold(String::new(), |mut text, file| {
        let _ = writeln!(text, "{}  {}", sha256(&file.bytes), file.program.path(file.platform));
        text
    })
}

/// A SHA-256 in hexadecimal.
#[must_use]
pub fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{platform::PLATFORMS, program::PROGRAMS};

    #[test]
    fn checksums_are_in_the_form_of_sha256sum() {
        let bytes = b"abc".to_vec();
        let file = Built { program: &PROGRAMS[0], platform: &PLATFORMS[3], bytes };
        let abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(checksums(&[file]), format!("{abc}  linux/arm/v7/hello\n"));
    }

    #[test]
    fn a_folder_outside_git_has_no_commit() -> std::io::Result<()> {
        let folder = tempfile::tempdir()?;
        assert!(source(folder.path()).is_none());
        Ok(())
    }
}
