//! `cargo xtask setup`: everything that the other commands would set up when they need it.

use anyhow::Result;

use crate::{
    platform::PLATFORMS,
    prerequisites::{self, PREREQUISITES},
    process,
    toolchain::{self, Choice, Route},
};

/// Chooses a toolchain for all platforms afresh, installs what the tests need, and prints what there
/// is then.
///
/// # Errors
/// No toolchain; in an automated build also a missing prerequisite.
pub fn run(only: Option<Route>) -> Result<()> {
    let platforms: Vec<_> = PLATFORMS.iter().collect();
    let toolchain = toolchain::resolve(&platforms, Choice { only, afresh: true })?;
    let provided = prerequisites::provide();
    println!("route     {}", toolchain.route.name());
    println!("compiler  {} ({})", toolchain.compiler.version, toolchain.compiler.rustc.display());
    println!("linker    {} ({})", toolchain.linker.version, toolchain.linker.path.display());
    for program in PREREQUISITES.iter().flat_map(|prerequisite| prerequisite.programs) {
        match process::find(program) {
            Some(path) => println!("found     {}", path.display()),
            None => println!("missing   {program}"),
        }
    }
    provided
}
