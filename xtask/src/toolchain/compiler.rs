//! A compiler that can build `core`.

use std::{
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context, Result, ensure};

use crate::process;

/// A compiler and its Cargo.
#[derive(Clone, Debug)]
pub struct Compiler {
    /// The compiler.
    pub rustc: PathBuf,
    /// The Cargo that comes with it.
    pub cargo: PathBuf,
    /// Directory of its libraries.
    pub sysroot: PathBuf,
    /// First line of `rustc -vV`: version, commit and date.
    pub version: String,
    /// Triple that it runs on.
    pub host: String,
    /// Major version of its LLVM.
    pub llvm: String,
}

impl Compiler {
    /// Asks `rustc` for its properties. If it is a proxy, the result has the programs that it stands for.
    ///
    /// # Errors
    /// It does not run, is older than the workspace needs, or has no source of `core`.
    pub(super) fn probe(rustc: &Path, cargo: &Path) -> Result<Self> {
        // Cargo sets the variable for its own toolchain, which may be another one.
        let ask = |option| process::stdout(Command::new(rustc).env_remove("LD_LIBRARY_PATH").args(option));
        let verbose = ask(&["-vV"][..])?;
        let field = |name: &str| {
            let value = verbose.lines().find_map(|line| line.strip_prefix(name));
            value.with_context(|| format!("`rustc -vV` prints no line `{name}`"))
        };
        let llvm = field("LLVM version: ")?.split('.').next().unwrap_or_default().to_owned();
        let (version, host) = (field("")?.to_owned(), field("host: ")?.to_owned());
        let sysroot = PathBuf::from(ask(&["--print", "sysroot"])?);
        let own = |name, proxy: &Path| {
            Some(sysroot.join("bin").join(name)).filter(|file| file.is_file()).unwrap_or(proxy.to_owned())
        };
        let (rustc, cargo) = (own("rustc", rustc), own("cargo", cargo));
        let oldest = env!("CARGO_PKG_RUST_VERSION");
        let number = version.strip_prefix("rustc ").and_then(release);
        ensure!(number >= release(oldest), "{version} is older than {oldest}");
        let source = sysroot.join("lib/rustlib/src/rust/library/core/Cargo.toml");
        ensure!(source.is_file(), "{version} in {} has no rust-src", sysroot.display());
        Ok(Self { rustc, cargo, sysroot, version, host, llvm })
    }
}

/// Returns major and minor of a version such as `1.96.0+dfsg1-1`.
pub(super) fn release(version: &str) -> Option<(u32, u32)> {
    let mut numbers = version.split('.');
    Some((numbers.next()?.parse().ok()?, numbers.next()?.parse().ok()?))
}
