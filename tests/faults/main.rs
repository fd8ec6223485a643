//! Refused system calls: each program behaves sensibly whichever call the kernel or seccomp refuses, and whenever.
//!
//! Scenarios reach all system calls of each program. A scenario first runs without a refusal, which shows the calls of
//! the program and of its child before execve(2), and their number. Then it runs once for each of those calls and each
//! error with this call refused, and once with all calls of this name refused.

mod calls;
mod judge;
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
    // The tests spend half of their time waiting.
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
