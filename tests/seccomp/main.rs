//! The system calls of each program are those of its table, and its seccomp profile allows them.
//!
//! One battery of scenarios runs every program through its ways. It is traced, and the calls are compared with the
//! table that the profiles are made of; and it runs again under a filter that kills for any other call.

mod battery;
mod calls;
mod docker;
mod engine;
mod memory;
mod page;
mod sealed;
mod stage;
mod trace;

use std::process::ExitCode;

use anyhow::Result;
use mote_tests::docker::Engine;
use mote_tests::{Shared, Suite, Target};
use xtask::program::PROGRAMS;

/// A test of one program.
type Test = fn(Target, &'static str) -> Result<()>;

/// Where the kernel itself runs the program.
const NATIVE: [(&str, Test); 4] = [
    ("no_other_call_is_made", sealed::makes_no_other_call),
    ("another_call_would_kill", sealed::dies_of_another_call),
    ("memory_is_the_file_and_the_stack", memory::is_the_file_and_the_stack),
    ("address_is_random", memory::address_is_random),
];

fn main() -> ExitCode {
    // Most of the time is spent waiting.
    let suite = Suite::new().threads(4);
    let suite =
        of_programs(suite, &calls::targets(), "calls_are_those_of_the_table", calls::are_those_of_the_table);
    let suite = NATIVE
        .into_iter()
        .fold(suite, |suite, (name, test)| of_programs(suite, &Target::native(), name, test))
        .each(
            "seccomp::memory_of_variables_is_not_executable",
            &Target::native(),
            memory::of_variables_is_not_executable,
        )
        .one("seccomp::every_call_is_one_of_its_platform", calls::exist)
        .one("seccomp::the_tables_are_in_the_documentation", page::tables_are_true);
    let engine = Shared::new(docker::engine);
    let code = of_docker(of_runc(suite), &engine).run();
    // Not before the last test has let go of it.
    drop(engine);
    code
}

/// Adds a test for each program and target.
fn of_programs(suite: Suite, targets: &[Target], name: &str, test: Test) -> Suite {
    let pairs = PROGRAMS.iter().flat_map(|program| targets.iter().map(move |target| (program.name, *target)));
    pairs.fold(suite, |suite, (program, target)| {
        suite.one(format!("seccomp::{name}::{program}::{target}"), move || test(target, program))
    })
}

fn of_runc(suite: Suite) -> Suite {
    // 386 on amd64, where the kernel can do that.
    let other: Vec<Target> = Target::native().into_iter().filter(Target::calls_as_386).collect();
    let suite = suite
        .one("seccomp::calls_of_runc_are_those_of_the_table", engine::calls_are_those_of_the_table)
        .one("seccomp::runc_has_the_profile_in_force", engine::profile_is_in_force)
        .each(
            "seccomp::runc_is_to_be_told_of_the_other_architecture",
            &other,
            engine::other_architecture_is_refused,
        );
    PROGRAMS.iter().fold(suite, |suite, program| {
        let name = |test: &str| format!("seccomp::{test}::{}", program.name);
        suite
            .one(name("profile_allows_what_the_tables_have"), || {
                calls::are_what_the_profile_allows(program.name)
            })
            .one(name("runc_runs_under_the_profile"), || engine::runc_runs(program.name))
    })
}

fn of_docker(suite: Suite, engine: &Shared<Engine>) -> Suite {
    docker::TESTS.into_iter().fold(suite, |suite, (name, test)| {
        let engine = engine.clone();
        suite.one(name, move || engine.with(test))
    })
}
