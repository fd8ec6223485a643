//! Seccomp profiles: the system calls that a container of each program may make, in the JSON that engines take.
//!
//! A profile says what the specification of OCI's runtimes calls `linux.seccomp`, and nothing beside, so that Docker,
//! Podman, containerd, Kubernetes and runc's `config.json` read the same file. It is made of two tables: [`calls`]
//! has what the programs ask of the kernel, [`engine`] what a runtime does between loading the filter and executing
//! the program. Building needs neither a tracer nor an engine: the tests trace, and compare with the tables.

mod table;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;

use anyhow::Result;
use oci_spec::runtime::{
    Arch, LinuxSeccomp, LinuxSeccompAction, LinuxSeccompBuilder, LinuxSyscall, LinuxSyscallBuilder,
};

pub use self::table::{Call, Table};
use crate::{platform::PLATFORMS, program::Program};

/// The file that [`calls`] is made of, for who writes it anew.
pub const CALLS: &str = "xtask/src/seccomp/calls.toml";

/// The section of [`engine`].
pub const RUNC: &str = "runc";

/// What the kernel answers to any other call, in the engines' own default profiles too. Dockers that are too old to
/// read `defaultErrnoRet` mean the same without it, so that a profile has one meaning everywhere.
const EPERM: u32 = 1;

/// Architectures by the name that the kernel has for their calls, in the order of [`PLATFORMS`]. What is not among
/// them, such as x32 on x86_64, ends whoever makes the call.
const ARCHITECTURES: [Arch; PLATFORMS.len()] = [
    Arch::ScmpArchX86_64,
    Arch::ScmpArchX86,
    Arch::ScmpArchAarch64,
    Arch::ScmpArchArm,
    Arch::ScmpArchRiscv64,
];

/// What each program asks of the kernel.
///
/// # Errors
/// The file is no such table.
pub fn calls() -> Result<Table> {
    Table::parse(include_str!("seccomp/calls.toml"))
}

/// What a runtime asks of it after loading the filter.
///
/// # Errors
/// The file is no such table.
pub fn engine() -> Result<Table> {
    Table::parse(include_str!("seccomp/engine.toml"))
}

/// Where a program's profile lies in `dist/`.
#[must_use]
pub fn path(program: &Program) -> String {
    format!("seccomp/{}.json", program.name)
}

/// A program's profile for all platforms, as JSON.
///
/// # Errors
/// A table that can't be read, or says nothing about the program.
pub fn profile(program: &Program) -> Result<Vec<u8>> {
    let own = names(&calls()?, program.name)?;
    let engine = names(&engine()?, RUNC)?;
    let engine = engine.difference(&own).cloned().collect();
    let seccomp: LinuxSeccomp = LinuxSeccompBuilder::default()
        .default_action(LinuxSeccompAction::ScmpActErrno)
        .default_errno_ret(EPERM)
        .architectures(ARCHITECTURES)
        .syscalls([allow(own)?, allow(engine)?])
        .build()?;
    let mut json = serde_json::to_vec_pretty(&serde_json::to_value(seccomp)?)?;
    json.push(b'\n');
    Ok(json)
}

/// The calls in a section, of all platforms: the form knows no difference between them.
fn names(table: &Table, section: &str) -> Result<BTreeSet<String>> {
    let mut names = BTreeSet::new();
    for platform in &PLATFORMS {
        names.extend(table.on(section, platform)?);
    }
    Ok(names)
}

fn allow(names: BTreeSet<String>) -> Result<LinuxSyscall> {
    let names: Vec<String> = names.into_iter().collect();
    Ok(LinuxSyscallBuilder::default().names(names).action(LinuxSeccompAction::ScmpActAllow).build()?)
}
