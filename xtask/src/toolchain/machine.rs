//! What a machine offers the routes. The routes see nothing else, so that tests can hand them a
//! made-up one.

use std::{
    env,
    path::{Path, PathBuf},
    process::Command,
    time::Duration,
};

use super::{Compiler, Lack};
use crate::{apt::Apt, process};

/// A machine, as far as the search for a toolchain goes.
#[derive(Debug)]
pub struct Machine {
    /// The toolchain that this tool was itself built with: `$RUSTC`, or `rustc` on `PATH`.
    pub active: Option<Compiler>,
    /// rustup, if it is here.
    pub rustup: Option<Rustup>,
    /// APT, if it is here.
    pub apt: Option<Apt>,
    /// Where the distribution puts its programs: `/usr`.
    pub prefix: PathBuf,
    /// How long rustup may try to get targets.
    pub patience: Duration,
}

/// An installed rustup.
#[derive(Debug)]
pub struct Rustup {
    /// The program.
    pub program: PathBuf,
    /// The folder that its toolchains lie in.
    pub toolchains: PathBuf,
}

impl Machine {
    /// The machine that this runs on.
    #[must_use]
    pub fn here() -> Self {
        let rustc = env::var_os("RUSTC").map(PathBuf::from).or_else(|| process::find("rustc"));
        let cargo = env::var_os("CARGO").map_or_else(|| PathBuf::from("cargo"), PathBuf::from);
        Self {
            active: rustc.and_then(|rustc| Compiler::probe(&rustc, &cargo).ok()),
            rustup: Rustup::here(),
            apt: Apt::here(),
            prefix: PathBuf::from("/usr"),
            patience: Duration::from_mins(2),
        }
    }

    pub(super) fn active(&self) -> Result<&Compiler, Lack> {
        self.active.as_ref().ok_or_else(|| Lack::new("there is no rustc that runs"))
    }
}

impl Rustup {
    fn here() -> Option<Self> {
        let program = process::find("rustup")?;
        let home = process::stdout(Command::new(&program).args(["show", "home"])).ok()?;
        Some(Self { program, toolchains: Path::new(&home).join("toolchains") })
    }
}
