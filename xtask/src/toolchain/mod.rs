//! Which compiler and linker build the shipped files.
//!
//! Programs without the standard library still need `core` for their target, and few machines have it
//! for five. There are four ways to come by it; the first that serves *all* the targets of a run is
//! taken, so that all files come from one compiler.

mod cache;
mod compiler;
pub mod component;
mod distribution;
mod linker;
mod machine;
mod route;
mod rustup;
#[cfg(test)]
mod tests;

use std::fmt::Write as _;

use anyhow::Result;
use serde::{Deserialize, Serialize};

pub use self::{compiler::Compiler, linker::Linker, machine::Machine, route::Route};
use crate::{exit::CannotStart, platform::Platform};

/// Why a route can't be taken.
#[derive(Debug, PartialEq, Eq)]
struct Lack {
    /// What is missing, in a few words.
    what: String,
    /// The command that would help, if there is one.
    remedy: Option<String>,
}

impl Lack {
    fn new(what: impl Into<String>) -> Self {
        Self { what: what.into(), remedy: None }
    }

    fn remedy(self, command: impl Into<String>) -> Self {
        Self { remedy: Some(command.into()), ..self }
    }
}

/// A compiler and a linker that can build for some targets.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Toolchain {
    /// Where `core` comes from.
    pub route: Route,
    /// The compiler and its Cargo.
    pub compiler: Compiler,
    /// The linker.
    pub linker: Linker,
    /// The triples that it can build for.
    pub targets: Vec<String>,
}

impl Toolchain {
    /// Whether `core` has to be built from source.
    #[must_use]
    pub fn builds_core(&self) -> bool {
        matches!(self.route, Route::RustSrc | Route::Distribution)
    }

    /// Whether it can build for all of `targets`.
    fn serves(&self, targets: &[&str]) -> bool {
        targets.iter().all(|target| self.targets.iter().any(|own| own == target))
    }
}

/// What to resolve a toolchain for.
#[derive(Clone, Copy, Debug, Default)]
pub struct Choice {
    /// Take this route and no other. Neither uses nor changes what is remembered.
    pub only: Option<Route>,
    /// Resolve from the start, whatever was remembered.
    pub afresh: bool,
}

/// Finds the toolchain for `platforms`, says in one line which and why, and remembers it, so that the
/// next run asks no network.
///
/// # Errors
/// No route serves all of `platforms`: a [`CannotStart`] that says what each was missing and what would
/// help.
pub fn resolve(platforms: &[&Platform], choice: Choice) -> Result<Toolchain> {
    let machine = Machine::here();
    let targets: Vec<&str> = platforms.iter().map(|platform| platform.target).collect();
    if let Some(route) = choice.only {
        let (toolchain, _) = first(&machine, &targets, &[route])?;
        say(&toolchain, "asked for");
        return Ok(toolchain);
    }
    if !choice.afresh
        && let Some(toolchain) = cache::recall(&machine, &targets)
    {
        say(&toolchain, "as before; `cargo xtask setup` chooses afresh");
        return Ok(toolchain);
    }
    let (toolchain, passed) = first(&machine, &targets, &Route::ALL)?;
    let reasons: Vec<String> =
        passed.iter().map(|(route, lack)| format!("not {}: {}", route.name(), lack.what)).collect();
    say(&toolchain, if passed.is_empty() { "first choice".into() } else { reasons.join("; ") });
    cache::remember(&machine, &toolchain)?;
    Ok(toolchain)
}

/// As [`resolve`], but prefers a compiler and a linker of the versions that a record of a build names. Whoever calls
/// this compares the versions: if there are no such, it is what [`resolve`] finds.
///
/// # Errors
/// As [`resolve`].
pub fn resolve_recorded(platforms: &[&Platform], versions: Option<(&str, &str)>) -> Result<Toolchain> {
    let Some((compiler, linker)) = versions else { return resolve(platforms, Choice::default()) };
    let is = |found: &Toolchain| found.compiler.version == compiler && found.linker.version == linker;
    let machine = Machine::here();
    let targets: Vec<&str> = platforms.iter().map(|platform| platform.target).collect();
    if let Some(toolchain) = cache::recall(&machine, &targets).filter(is) {
        say(&toolchain, "as recorded");
        return Ok(toolchain);
    }
    let active = machine.active.as_ref().is_some_and(|active| active.version == compiler);
    // The other routes lead to the active compiler.
    let routes = Route::ALL.into_iter().filter(|route| active || *route == Route::Distribution);
    for route in routes {
        if let Some(toolchain) = route.attempt(&machine, &targets).ok().filter(is) {
            say(&toolchain, "as recorded");
            return Ok(toolchain);
        }
    }
    resolve(platforms, Choice::default())
}

fn say(toolchain: &Toolchain, why: impl AsRef<str>) {
    let Toolchain { route, compiler, linker, .. } = toolchain;
    let (route, why) = (route.name(), why.as_ref());
    eprintln!("toolchain: {route}, {} and {} ({why})", compiler.version, linker.version);
}

/// The routes that were passed over, and why.
type Passed = Vec<(Route, Lack)>;

/// The first of `routes` that serves all of `targets`.
fn first(machine: &Machine, targets: &[&str], routes: &[Route]) -> Result<(Toolchain, Passed)> {
    let mut passed = Passed::new();
    for &route in routes {
        match route.attempt(machine, targets) {
            Ok(toolchain) => return Ok((toolchain, passed)),
            Err(lack) => passed.push((route, lack)),
        }
    }
    Err(CannotStart(none_works(targets, &passed)).into())
}

fn none_works(targets: &[&str], passed: &Passed) -> String {
    let mut text = format!("no toolchain here builds for {}", targets.join(", "));
    for (route, lack) in passed {
        let _ = write!(text, "\n  {:<14}{}", format!("{}:", route.name()), lack.what);
    }
    let remedies: Vec<_> = passed.iter().filter_map(|(_, lack)| lack.remedy.as_ref()).collect();
    text.push_str(match remedies.len() {
        0 => "",
        1 => "\nrun this, then try again:",
        _ => "\nrun any one of these, then try again:",
    });
    for remedy in remedies {
        let _ = write!(text, "\n  {remedy}");
    }
    text
}
