//! Real kernels: in an emulated machine of each architecture, pid1 is the kernel's init and runs the cases of all
//! programs.
//!
//! A machine boots once. It writes one line for each case to its console. [`expected`] lists the cases.

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
    // An emulator keeps one processor busy.
    let mut suite = Suite::new().threads(2);
    // The machines boot first, two at a time. The other tests only read the reports.
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
