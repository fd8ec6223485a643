//! Real kernels: in an emulated machine of each architecture, pid1 is the kernel's own init and runs a battery of
//! cases, of itself and of the other programs.
//!
//! A machine boots once. Its console says how each case ended, line by line, and [`expected`] says which there must be.

mod apt;
mod boot;
mod emulator;
mod expected;
mod initramfs;
mod kernel;
mod machine;
mod report;

use std::process::ExitCode;
use std::sync::Arc;

use anyhow::Result;
use mote_tests::Suite;

use crate::machine::MACHINES;
use crate::report::Booted;

fn main() -> Result<ExitCode> {
    let machines: Vec<Arc<Booted>> = MACHINES.iter().map(|machine| Arc::new(Booted::new(machine))).collect();
    // An emulator needs a processor of its own.
    let mut suite = Suite::new().threads(2);
    // Machines boot first, so that two do at once; then it is all there.
    for booted in machines.iter().cloned() {
        suite = suite.one(format!("vm::boots::{}", booted.machine.name), move || booted.check_boot());
    }
    for booted in &machines {
        for group in expected::groups(booted.machine)? {
            let name = format!("vm::{}::{}", group.name, booted.machine.name);
            let booted = Arc::clone(booted);
            suite = suite.one(name, move || booted.check(&group));
        }
    }
    let code = suite.run();
    report::print(&machines);
    Ok(code)
}
