//! A compiler, what it says of itself and what lies in its folders.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};

use crate::process;

/// A version as far as it matters here: major and minor.
pub(super) type Release = (u32, u32);

/// A compiler and the Cargo that belongs to it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Compiler {
    /// The compiler itself, not a proxy that chooses one.
    pub rustc: PathBuf,
    /// Its Cargo.
    pub cargo: PathBuf,
    /// The folder that its libraries lie in.
    pub sysroot: PathBuf,
    /// The first line of `rustc -vV`: version, commit and date.
    pub version: String,
    /// The triple that it runs on.
    pub host: String,
    /// The major version of its LLVM.
    pub llvm: Option<u32>,
}

impl Compiler {
    /// Asks the compiler `rustc` what it is; `cargo` is used if there is none beside it.
    ///
    /// # Errors
    /// It does not run, or what it says can't be understood.
    pub fn probe(rustc: &Path, cargo: &Path) -> Result<Self> {
        let ask = |arguments: &[&str]| {
            // Cargo points this at its own toolchain's libraries, which are not those of `rustc`.
            process::stdout(Command::new(rustc).env_remove("LD_LIBRARY_PATH").args(arguments))
        };
        let sysroot = PathBuf::from(ask(&["--print", "sysroot"])?);
        let verbose = ask(&["-vV"])?;
        let field = |name: &str| {
            let line = verbose.lines().find_map(|line| line.strip_prefix(name));
            line.with_context(|| format!("`rustc -vV` has no line `{name}`"))
        };
        let beside = |name: &str, other: &Path| {
            let own = sysroot.join("bin").join(name);
            if own.is_file() { own } else { other.to_path_buf() }
        };
        Ok(Self {
            rustc: beside("rustc", rustc),
            cargo: beside("cargo", cargo),
            version: verbose.lines().next().unwrap_or_default().to_owned(),
            host: field("host: ")?.to_owned(),
            llvm: field("LLVM version: ").ok().and_then(|llvm| llvm.split('.').next()?.parse().ok()),
            sysroot,
        })
    }

    /// Major and minor version.
    pub(super) fn release(&self) -> Option<Release> {
        release(self.version.strip_prefix("rustc ")?)
    }

    /// The folder of what belongs to one target.
    pub(super) fn of_target(&self, target: &str) -> PathBuf {
        self.sysroot.join("lib/rustlib").join(target)
    }

    /// Whether `core` is there, compiled for `target`.
    pub(super) fn has_core(&self, target: &str) -> bool {
        let Ok(files) = fs::read_dir(self.of_target(target).join("lib")) else {
            return false;
        };
        files.flatten().any(|file| {
            let name = file.file_name();
            let name = name.to_string_lossy();
            name.starts_with("libcore-") && name.ends_with(".rlib")
        })
    }

    /// Whether the library's source is there.
    pub(super) fn has_source(&self) -> bool {
        self.sysroot.join("lib/rustlib/src/rust/library/core/Cargo.toml").is_file()
    }
}

/// Major and minor of a version such as `1.96.0+dfsg1-1`.
pub(super) fn release(version: &str) -> Option<Release> {
    let mut numbers = version.split(|c: char| !c.is_ascii_digit());
    Some((numbers.next()?.parse().ok()?, numbers.next()?.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_release_is_major_and_minor() {
        assert_eq!(release("1.96.0+dfsg1-1~deb12u2"), Some((1, 96)));
        assert_eq!(release("1.100.0-nightly (abc 2026-01-01)"), Some((1, 100)));
        assert_eq!(release("nightly"), None);
        assert_eq!(release("2"), None);
    }
}
