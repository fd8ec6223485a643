//! What of the active toolchain the shipped files can do without, and the lints can't: rustfmt and Clippy.

use super::{Machine, compiler, distribution};
use crate::apt;

/// The command that brings a component of rustup's, such as `clippy`, to the active toolchain, wherever that is
/// from; none if nothing known would.
#[must_use]
pub fn remedy(component: &str) -> Option<String> {
    remedy_on(&Machine::here(), component)
}

pub(super) fn remedy_on(machine: &Machine, component: &str) -> Option<String> {
    let active = machine.active.as_ref()?;
    if !distribution::has(machine, active) {
        return machine.rustup.as_ref().map(|_| format!("rustup component add {component}"));
    }
    let (apt, release) = (machine.apt.as_ref()?, active.release()?);
    // A package of another version may be there as well, and would not go with the compiler.
    let is_of_it = |package: &String| {
        apt.candidate(package).and_then(|version| compiler::release(&version)) == Some(release)
    };
    packages(component, release).into_iter().find(is_of_it).map(|package| apt::by_hand(&[package]))
}

/// The names that distributions have for the package of a component.
fn packages(component: &str, (major, minor): compiler::Release) -> [String; 3] {
    match component {
        "clippy" => ["rust-clippy".into(), "rust-clippy-web".into(), format!("rust-{major}.{minor}-clippy")],
        other => [other.into(), format!("{other}-web"), format!("{other}-{major}.{minor}")],
    }
}
