//! `seccomp`: the system calls of each program are those of its table, and its profile lets it do all that it does.
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

use mote_tests::{Case, Shared, Suite};
use xtask::program::PROGRAMS;

/// 386 on amd64, where the kernel can do that.
fn other_architecture() -> Vec<Case> {
    Case::native().into_iter().filter(Case::calls_as_386).collect()
}

fn main() -> ExitCode {
    // Most of the time is spent waiting.
    let mut suite = Suite::new().threads(4);
    for program in PROGRAMS {
        for case in calls::cases() {
            let name = format!("seccomp::calls_are_those_of_the_table::{}::{case}", program.name);
            suite = suite.one(name, move || calls::are_those_of_the_table(case, program.name));
        }
        for case in Case::native() {
            let name = format!("seccomp::no_other_call_is_made::{}::{case}", program.name);
            suite = suite.one(name, move || sealed::makes_no_other_call(case, program.name));
            let name = format!("seccomp::memory_is_the_file_and_the_stack::{}::{case}", program.name);
            suite = suite.one(name, move || memory::is_the_file_and_the_stack(case, program.name));
            let name = format!("seccomp::address_is_random::{}::{case}", program.name);
            suite = suite.one(name, move || memory::address_is_random(case, program.name));
            let name = format!("seccomp::another_call_would_kill::{}::{case}", program.name);
            suite = suite.one(name, move || sealed::dies_of_another_call(case, program.name));
        }
    }
    suite = suite
        .one("seccomp::the_tables_are_in_the_documentation", page::tables_are_true)
        .one("seccomp::every_test_that_is_named_exists", page::tests_exist)
        .one("seccomp::every_call_is_one_of_its_platform", calls::exist)
        .each(
            "seccomp::memory_of_variables_is_not_executable",
            &Case::native(),
            memory::of_variables_is_not_executable,
        )
        .one("seccomp::calls_of_runc_are_those_of_the_table", engine::calls_are_those_of_the_table)
        .one("seccomp::runc_has_the_profile_in_force", engine::profile_is_in_force)
        .each(
            "seccomp::runc_is_to_be_told_of_the_other_architecture",
            &other_architecture(),
            engine::other_architecture_is_refused,
        );
    for program in PROGRAMS {
        let name = format!("seccomp::runc_runs_under_the_profile::{}", program.name);
        suite = suite.one(name, || engine::runc_runs(program.name));
    }
    let engine = Shared::new(docker::engine);
    for (name, test) in docker::TESTS {
        let engine = engine.clone();
        suite = suite.one(name, move || engine.with(test));
    }
    let code = suite.run();
    // Not before the last test has let go of it.
    drop(engine);
    code
}
