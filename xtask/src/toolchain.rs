//! The compiler and the linker that build the shipped files.
//!
//! Programs without the standard library still need `core` for their target. It is compiled from the source that
//! belongs to the compiler, the component `rust-src`. The active toolchain is used if it has that source, else the
//! distribution's Rust if it is installed with it. If neither is the case, rustup is called to add the source to the
//! active toolchain, and then APT to install the distribution's. So only the first run needs the network, and rustup's
//! default toolchain stays the same.

mod compiler;
mod distribution;
mod linker;
#[cfg(test)]
mod tests;

use std::{env, path::PathBuf};

use anyhow::{Context, Result};

pub use self::{compiler::Compiler, linker::Linker};
use crate::{
    apt::{self, Apt},
    exit::CannotStart,
    process::{self, limited},
};

/// A compiler with the source of `core`, and a linker.
#[derive(Clone, Debug)]
pub struct Toolchain {
    /// Where the compiler comes from.
    pub route: Route,
    /// The compiler and its Cargo.
    pub compiler: Compiler,
    /// The linker.
    pub linker: Linker,
}

/// Origin of a toolchain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Route {
    /// The toolchain that this tool is built with.
    Active,
    /// The distribution's Rust.
    Distribution,
}

impl Route {
    /// Returns the name that the record of a build has for it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Distribution => "distribution",
        }
    }
}

/// Finds or installs a toolchain, and prints which it is.
///
/// # Errors
/// There is none and none can be installed: a [`CannotStart`] with the reasons and the commands that would help.
pub fn resolve() -> Result<Toolchain> {
    let toolchain = Machine::here().resolve()?;
    announce(&toolchain);
    Ok(toolchain)
}

/// Returns the toolchain here whose compiler and linker have the `recorded` versions, else the one of [`resolve`].
///
/// # Errors
/// As [`resolve`].
pub fn resolve_recorded(recorded: Option<(&str, &str)>) -> Result<Toolchain> {
    let machine = Machine::here();
    let is_recorded = |found: &Toolchain| {
        recorded == Some((found.compiler.version.as_str(), found.linker.version.as_str()))
    };
    let found = [machine.active(), machine.distribution()].into_iter().flatten().find(is_recorded);
    let toolchain = found.map_or_else(|| machine.resolve(), Ok)?;
    announce(&toolchain);
    Ok(toolchain)
}

fn announce(Toolchain { route, compiler, linker }: &Toolchain) {
    eprintln!("toolchain: {} and {} ({})", compiler.version, linker.version, route.name());
}

/// Parts of a machine that toolchains come from. Tests make up their own.
#[derive(Debug)]
struct Machine {
    /// The compiler and the Cargo that this tool is built with.
    active: Option<[PathBuf; 2]>,
    /// rustup, if it manages the active toolchain.
    rustup: Option<PathBuf>,
    /// The distribution's package manager.
    apt: Option<Apt>,
    /// Directory that the distribution installs Rust in.
    prefix: PathBuf,
}

/// Reason why there is no toolchain of some origin.
struct Lack {
    reason: String,
    /// Command that would help.
    remedy: Option<String>,
}

impl From<anyhow::Error> for Lack {
    fn from(error: anyhow::Error) -> Self {
        Self { reason: format!("{error:#}"), remedy: None }
    }
}

impl Machine {
    fn here() -> Self {
        let rustc = env::var_os("RUSTC").map(PathBuf::from).or_else(|| process::find("rustc"));
        let cargo = env::var_os("CARGO").map(PathBuf::from).or_else(|| process::find("cargo"));
        Self {
            active: rustc.zip(cargo).map(|(rustc, cargo)| [rustc, cargo]),
            // rustup's proxies set the variable.
            rustup: env::var_os("RUSTUP_TOOLCHAIN").and_then(|_| process::find("rustup")),
            apt: Apt::here(),
            prefix: PathBuf::from("/usr"),
        }
    }

    /// Looks for a toolchain, and only then asks the network for one.
    fn resolve(&self) -> Result<Toolchain> {
        let attempts = [Self::active, Self::distribution, Self::add_source, Self::install];
        let mut lacks = Vec::new();
        for attempt in attempts {
            match attempt(self) {
                Ok(found) => return Ok(found),
                Err(lack) => lacks.push(lack),
            }
        }
        Err(CannotStart(refusal(&lacks)).into())
    }

    fn active(&self) -> Result<Toolchain, Lack> {
        let [rustc, cargo] = self.active.as_ref().context("there is no active toolchain")?;
        let compiler = Compiler::probe(rustc, cargo)?;
        let linker = linker::find(&compiler, &self.prefix)?;
        Ok(Toolchain { route: Route::Active, compiler, linker })
    }

    fn distribution(&self) -> Result<Toolchain, Lack> {
        let compiler = distribution::compiler(&self.prefix)?;
        let linker = linker::find(&compiler, &self.prefix)?;
        Ok(Toolchain { route: Route::Distribution, compiler, linker })
    }

    /// Lets rustup add the source to the active toolchain.
    fn add_source(&self) -> Result<Toolchain, Lack> {
        let rustup = self.rustup.as_ref().context("rustup does not manage the active toolchain")?;
        let mut command = limited("2m", rustup);
        // With the variable, rustup's errors come with a backtrace.
        command.env_remove("RUST_BACKTRACE").args(["component", "add", "rust-src"]);
        eprintln!("rustup: adding rust-src");
        let remedy = Some("rustup component add rust-src".to_owned());
        process::stdout(&mut command).map_err(|error| Lack { reason: format!("{error:#}"), remedy })?;
        self.active()
    }

    /// Lets APT install the distribution's Rust.
    fn install(&self) -> Result<Toolchain, Lack> {
        let apt = self.apt.as_ref().context("there is no apt-get to install the distribution's Rust")?;
        let packages = distribution::packages(apt)?;
        let remedy = Some(apt::by_hand(&packages));
        apt.install(&packages).map_err(|error| Lack { reason: format!("{error:#}"), remedy })?;
        self.distribution()
    }
}

fn refusal(lacks: &[Lack]) -> String {
    let list = |lines: Vec<&str>| lines.iter().map(|line| format!("\n  {line}")).collect::<String>();
    let reasons = list(lacks.iter().map(|lack| lack.reason.as_str()).collect());
    let remedies = list(lacks.iter().filter_map(|lack| lack.remedy.as_deref()).collect());
    let text = format!("no toolchain here can build the shipped files:{reasons}");
    if remedies.is_empty() {
        text
    } else {
        format!("{text}\nrun one of these commands, and try again:{remedies}")
    }
}
