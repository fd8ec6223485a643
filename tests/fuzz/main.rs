//! Random input, made from a small corpus: command lines and `PID1_OPTS` of the release files, passwd and group files,
//! names of signals, and ways through the engine's decisions, against models of what must come of them.
//!
//! A run without arguments is the short one, which is the same every time. `cargo xtask fuzz` runs the long one, which
//! makes new inputs and prefers those that lead to code which none led to before.

mod engine;
#[path = "../../init/tests/model/kernel.rs"]
mod kernel;
mod long;
mod probe;
#[path = "../../init/tests/model/rules.rs"]
mod rules;
mod short;
mod stage;
mod targets;
#[path = "../../init/tests/model/world.rs"]
mod world;

use std::env;
use std::process::ExitCode;

fn main() -> ExitCode {
    if let Some(name) = env::args_os().next().filter(|name| name == probe::NAME) {
        return probe::run(&name);
    }
    let long = env::args_os().nth(1).is_some_and(|word| word == "long");
    if !long {
        return short::run();
    }
    long::run().unwrap_or_else(|error| {
        eprintln!("error: {error:#}");
        ExitCode::FAILURE
    })
}
