//! The distribution's Rust.

use std::path::Path;

use anyhow::{Context, Result, ensure};

use super::{Compiler, compiler::release};
use crate::apt::Apt;

/// Packages of compiler, Cargo and source. Debian's stable releases have a newer Rust under the second names.
const PACKAGES: [[&str; 3]; 2] = [["rustc", "cargo", "rust-src"], ["rustc-web", "cargo-web", "rust-web-src"]];

/// Returns the compiler that is installed below `prefix`.
pub(super) fn compiler(prefix: &Path) -> Result<Compiler> {
    let [rustc, cargo] = ["bin/rustc", "bin/cargo"].map(|name| prefix.join(name));
    let installed = rustc.is_file() && cargo.is_file();
    ensure!(installed, "the distribution's Rust is not installed");
    let compiler = Compiler::probe(&rustc, &cargo)?;
    let is_proxy = !compiler.sysroot.canonicalize()?.starts_with(prefix.canonicalize()?);
    ensure!(!is_proxy, "{} is a proxy for {}", rustc.display(), compiler.sysroot.display());
    Ok(compiler)
}

/// Returns the packages of a compiler that is new enough, and of its linker.
pub(super) fn packages(apt: &Apt) -> Result<Vec<String>> {
    let oldest = env!("CARGO_PKG_RUST_VERSION");
    let is_new = |package| apt.candidate(package).as_deref().and_then(release) >= release(oldest);
    let choose = || PACKAGES.into_iter().find(|[rustc, ..]| is_new(rustc));
    // A fresh machine has no lists of packages.
    let chosen = choose().or_else(|| {
        apt.refresh();
        choose()
    });
    let packages = chosen.with_context(|| {
        let hint = if apt.root { "" } else { "; its lists may be old: sudo apt-get update" };
        format!("APT has no Rust {oldest} or newer{hint}")
    })?;
    let llvm = apt.needs(packages[0]).iter().find_map(|name| Some(name.strip_prefix("libllvm")?.to_owned()));
    let lld = llvm.map_or_else(|| "lld".to_owned(), |version| format!("lld-{version}"));
    Ok(packages.map(str::to_owned).into_iter().chain([lld]).collect())
}
