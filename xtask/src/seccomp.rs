//! Seccomp profiles: the system calls that a container of each program may make, in the JSON that engines take.
//!
//! A profile is the `linux.seccomp` of OCI's runtime specification, so that Docker, Podman, containerd, Kubernetes and
//! runc's `config.json` read the same file. Only architectures are in Docker's form, which Podman reads too: an engine
//! refuses a plain list with an architecture that it does not know (runc 1.1 and riscv64). An engine that ignores the
//! form filters the machine's own architecture.
//!
//! It is made of two tables: [`calls`] has the system calls of the programs, [`engine`] those of an engine between loading
//! the filter and executing the program. The tests trace both and compare.

mod table;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;

use anyhow::Result;
use oci_spec::runtime::{
    Arch, LinuxSeccomp, LinuxSeccompAction, LinuxSeccompBuilder, LinuxSyscall, LinuxSyscallBuilder,
};
use serde::Serialize;

pub use self::table::{Call, Table};
use crate::{platform::PLATFORMS, program::Program};

/// The file of [`calls`], which a test can write.
pub const CALLS: &str = "xtask/src/seccomp/calls.toml";

/// Section of [`engine`] with the calls of runc at each start.
pub const RUNC: &str = "runc";

/// Section of [`engine`] with the calls that the runtime of Go may make at any time.
pub const GO: &str = "go";

/// Error of any other call, as in the engines' own profiles. It is also the error in versions of Docker that are too old
/// to read `defaultErrnoRet`.
const EPERM: u32 = 1;

/// A profile as Docker reads it.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Profile {
    #[serde(flatten)]
    seccomp: LinuxSeccomp,
    /// By the machine's own architecture. A call of another one, such as x32, kills the process.
    arch_map: [Architectures; 3],
}

/// A machine's architecture, and the others that it executes.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Architectures {
    architecture: Arch,
    sub_architectures: &'static [Arch],
}

/// The architectures of [`PLATFORMS`]. A 32-bit machine needs no entry.
const ARCHITECTURES: [Architectures; 3] = [
    Architectures { architecture: Arch::ScmpArchX86_64, sub_architectures: &[Arch::ScmpArchX86] },
    Architectures { architecture: Arch::ScmpArchAarch64, sub_architectures: &[Arch::ScmpArchArm] },
    Architectures { architecture: Arch::ScmpArchRiscv64, sub_architectures: &[] },
];

/// Returns the system calls of each program.
///
/// # Errors
/// The file is no such table.
pub fn calls() -> Result<Table> {
    Table::parse(include_str!("seccomp/calls.toml"))
}

/// Returns the system calls of an engine after loading the filter.
///
/// # Errors
/// The file is no such table.
pub fn engine() -> Result<Table> {
    Table::parse(include_str!("seccomp/engine.toml"))
}

/// Returns the path of a program's profile in `dist/`.
#[must_use]
pub fn path(program: &Program) -> String {
    format!("seccomp/{}.json", program.name)
}

/// Returns a program's profile for all platforms, as JSON.
///
/// # Errors
/// A table can't be read, or has no section of the program.
pub fn profile(program: &Program) -> Result<Vec<u8>> {
    let own = names(&calls()?, &[program.name])?;
    let engine = names(&engine()?, &[RUNC, GO])?.difference(&own).cloned().collect();
    let seccomp = LinuxSeccompBuilder::default()
        .default_action(LinuxSeccompAction::ScmpActErrno)
        .default_errno_ret(EPERM)
        .syscalls([allow(own)?, allow(engine)?])
        .build()?;
    let profile = Profile { seccomp, arch_map: ARCHITECTURES };
    let mut json = serde_json::to_vec_pretty(&serde_json::to_value(profile)?)?;
    json.push(b'\n');
    Ok(json)
}

/// Returns the calls in some sections on all platforms, which a profile does not distinguish.
fn names(table: &Table, sections: &[&str]) -> Result<BTreeSet<String>> {
    let mut names = BTreeSet::new();
    for section in sections {
        for platform in &PLATFORMS {
            names.extend(table.on(section, platform)?);
        }
    }
    Ok(names)
}

fn allow(names: BTreeSet<String>) -> Result<LinuxSyscall> {
    let names: Vec<String> = names.into_iter().collect();
    Ok(LinuxSyscallBuilder::default().names(names).action(LinuxSeccompAction::ScmpActAllow).build()?)
}
