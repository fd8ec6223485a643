//! The contract of the linker script: a program that keeps it links, and one that breaks it gets an error with the
//! remedy.
//!
//! The programs of `contract/` are built with the toolchain and the settings of the release files.

use std::process::ExitCode;
use std::sync::OnceLock;

use anyhow::{Result, anyhow, ensure};
use mote_tests::require::{self, Missing};
use mote_tests::{Launcher, Outcome, Suite, Target};
use xtask::compile::{Attempt, Unit, attempt};
use xtask::platform::{PLATFORMS, Platform};
use xtask::toolchain::{Toolchain, resolve};

/// The name of a test, a program that breaks the contract, and the error of the linker.
const VIOLATIONS: [(&str, &str, &str); 9] = [
    (
        "a_variable_with_a_value_is_refused",
        "value",
        "mote: .data is not empty: a variable lies outside the stack",
    ),
    (
        "a_variable_without_a_value_is_refused",
        "zero",
        "mote: .bss is not empty: a zeroed variable lies outside the stack",
    ),
    (
        "a_thread_local_variable_is_refused",
        "thread_local",
        "mote: .tdata or .tbss is not empty: there is a thread-local variable",
    ),
    (
        "a_table_of_addresses_is_refused",
        "pointers",
        "mote: .data.rel.ro is not empty: a static holds addresses",
    ),
    ("a_relocation_is_refused", "pointers", "mote: .rel.dyn is not empty: there are relocations"),
    (
        "a_global_offset_table_is_refused",
        "offset_table",
        "mote: .got is not empty: there is a global offset table",
    ),
    (
        "a_procedure_linkage_table_is_refused",
        "indirect",
        "mote: .plt is not empty: there is a procedure linkage table",
    ),
    ("an_unknown_section_is_refused", "section", ".elsewhere"),
    (
        "a_panic_is_refused",
        "panic_path",
        "mote_a_panic_path_survived_rewrite_the_code_so_that_it_cannot_fail",
    ),
];

fn main() -> ExitCode {
    let mut suite = Suite::new()
        // Cargo locks the directory that they are built in.
        .threads(1)
        .test(&Target::all(), a_program_that_keeps_the_contract_links_and_runs);
    for (name, program, message) in VIOLATIONS {
        for platform in &PLATFORMS {
            let test = move || refuses(platform, program, message);
            suite = suite.one(format!("linker::{name}::{}", platform.docker), test);
        }
    }
    suite.run()
}

fn a_program_that_keeps_the_contract_links_and_runs(target: Target) -> Result<()> {
    let attempt = link(target.platform, "good")?;
    ensure!(attempt.success, "{}", attempt.stderr);
    Launcher::of_file(target, attempt.file).run()?.is(&Outcome::exited("good \"\\n\" {0} %d $0 '@'\n", 0))
}

fn refuses(platform: &Platform, program: &str, message: &str) -> Result<()> {
    let attempt = link(platform, program)?;
    ensure!(!attempt.success, "{program} linked");
    ensure!(attempt.stderr.contains(message), "expected {message:?}\n{}", attempt.stderr);
    Ok(())
}

fn link(platform: &Platform, bin: &str) -> Result<Attempt> {
    require::release()?;
    attempt(toolchain()?, platform, &Unit { package: "mote-contract", bin, rustc_args: Vec::new() })
}

/// Returns the toolchain of the release files.
fn toolchain() -> Result<&'static Toolchain> {
    static TOOLCHAIN: OnceLock<Result<Toolchain, String>> = OnceLock::new();
    TOOLCHAIN
        .get_or_init(|| resolve().map_err(|error| format!("{error:#}")))
        .as_ref()
        .map_err(|error| anyhow!(Missing(error.clone())))
}
