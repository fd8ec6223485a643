//! Seccomp profiles: the system calls that a container of each program may make, in the JSON that engines take.
//!
//! A profile is what the specification of OCI's runtimes calls `linux.seccomp`, so that Docker, Podman, containerd,
//! Kubernetes and runc's `config.json` read the same file. Architectures alone are said in Docker's way, which Podman
//! shares: a plain list of all would be refused as a whole by whatever knows one less (runc 1.1 and riscv64). Who does
//! not read them has a filter for the machine's own architecture.
//!
//! It is made of two tables: [`calls`] has what the programs ask of the kernel, [`engine`] what an engine does between
//! loading the filter and executing the program. Building needs neither a tracer nor an engine: the tests trace, and
//! compare with the tables.

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

/// The file that [`calls`] is made of, for who writes it anew.
pub const CALLS: &str = "xtask/src/seccomp/calls.toml";

/// The section of [`engine`] with what runc does at each start.
pub const RUNC: &str = "runc";

/// The section with what may come at any moment in a program that is written in Go, as engines are.
pub const GO: &str = "go";

/// What the kernel answers to any other call, in the engines' own default profiles too. Dockers that are too old to
/// read `defaultErrnoRet` mean the same without it, so that a profile has one meaning everywhere.
const EPERM: u32 = 1;

/// A profile as Docker reads it.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Profile {
    #[serde(flatten)]
    seccomp: LinuxSeccomp,
    /// By the machine's own architecture. Another one than what is here, such as x32, ends whoever makes the call.
    arch_map: [Architectures; 3],
}

/// A machine's architecture, and those that it executes as well.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Architectures {
    architecture: Arch,
    sub_architectures: &'static [Arch],
}

/// All of [`PLATFORMS`]. A machine of 32 bits knows its own architecture alone, with or without an entry.
const ARCHITECTURES: [Architectures; 3] = [
    Architectures { architecture: Arch::ScmpArchX86_64, sub_architectures: &[Arch::ScmpArchX86] },
    Architectures { architecture: Arch::ScmpArchAarch64, sub_architectures: &[Arch::ScmpArchArm] },
    Architectures { architecture: Arch::ScmpArchRiscv64, sub_architectures: &[] },
];

/// What each program asks of the kernel.
///
/// # Errors
/// The file is no such table.
pub fn calls() -> Result<Table> {
    Table::parse(include_str!("seccomp/calls.toml"))
}

/// What an engine asks of it after loading the filter.
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

/// The calls in some sections, of all platforms: the form knows no difference between them.
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
