//! Refused system calls: if the kernel or seccomp refuses any call at any time, each program does something sensible.
//!
//! For each program there are scenarios, which together reach all of its calls. A scenario is first run as it is,
//! which says what the program and the child that becomes COMMAND call, and how often. Then it is run once for each
//! of those calls and each error, with that one call refused, and once with all calls of that name refused.

mod calls;
mod command;
mod refusal;
mod scenario;
mod simple;
mod subject;
mod ticks;
mod tolerated;
mod tracer;
mod trial;

use std::process::ExitCode;

use mote_tests::{Suite, Target};

use crate::refusal::ERRORS;

fn main() -> ExitCode {
    // Half of the time is spent waiting.
    let mut suite = Suite::new().threads(16);
    for scenario in scenario::all() {
        for target in Target::native() {
            for errno in ERRORS {
                let name = format!("faults::{}::{}::{errno:?}::{target}", scenario.program, scenario.name);
                suite = suite.one(name, move || trial::run(scenario, target, errno));
            }
        }
    }
    suite = calls::add(suite);
    let code = suite.run();
    trial::tell_counts();
    code
}
