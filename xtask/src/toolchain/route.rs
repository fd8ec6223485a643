//! The four routes to a toolchain, and the two of them that need no more than a look.

use anyhow::Result;
use serde::{Deserialize, Serialize};

use super::{Compiler, Lack, Machine, Toolchain, distribution, linker, rustup};
use crate::exit::unknown;

/// A way to come by `core` for a target.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Route {
    /// The active toolchain has the targets.
    Installed,
    /// `rustup target add` gets them.
    Rustup,
    /// The active toolchain has the library's source, and `core` is built from it.
    RustSrc,
    /// The distribution's Rust has the library's source, or can be installed with it.
    Distribution,
}

impl Route {
    /// All routes, in the order in which they are tried.
    pub const ALL: [Self; 4] = [Self::Installed, Self::Rustup, Self::RustSrc, Self::Distribution];

    /// The route's name on the command line and in the build record.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Installed => "installed",
            Self::Rustup => "rustup",
            Self::RustSrc => "rust-src",
            Self::Distribution => "distribution",
        }
    }

    /// The route with this name.
    ///
    /// # Errors
    /// An unknown name; the error lists the valid ones.
    pub fn named(name: &str) -> Result<Self> {
        Self::ALL
            .into_iter()
            .find(|route| route.name() == name)
            .ok_or_else(|| unknown("route", name, Self::ALL.map(Self::name)))
    }

    pub(super) fn attempt(self, machine: &Machine, targets: &[&str]) -> Result<Toolchain, Lack> {
        match self {
            Self::Installed => installed(machine, targets),
            Self::Rustup => rustup::add(machine, targets),
            Self::RustSrc => rust_src(machine, targets),
            Self::Distribution => distribution::provide(machine, targets),
        }
    }
}

/// Route 1: the active toolchain has the targets.
fn installed(machine: &Machine, targets: &[&str]) -> Result<Toolchain, Lack> {
    let compiler = machine.active()?;
    let missing = targets.iter().filter(|target| !compiler.has_core(target)).count();
    if missing > 0 {
        let of = targets.len();
        return Err(Lack::new(format!("the active toolchain lacks {missing} of {of} targets")));
    }
    assemble(Route::Installed, machine, compiler.clone(), targets)
}

/// Route 3: the active toolchain has the library's source.
fn rust_src(machine: &Machine, targets: &[&str]) -> Result<Toolchain, Lack> {
    let compiler = machine.active()?;
    if !compiler.has_source() {
        let lack = Lack::new("the active toolchain has no library source");
        return Err(match machine.rustup {
            Some(_) => lack.remedy("rustup component add rust-src"),
            None => lack,
        });
    }
    assemble(Route::RustSrc, machine, compiler.clone(), targets)
}

/// A toolchain whose linker comes from where its compiler comes from.
pub(super) fn assemble(
    route: Route,
    machine: &Machine,
    compiler: Compiler,
    targets: &[&str],
) -> Result<Toolchain, Lack> {
    let linker = linker::beside(machine, &compiler)?;
    let targets = targets.iter().map(|&target| target.to_owned()).collect();
    Ok(Toolchain { route, compiler, linker, targets })
}
