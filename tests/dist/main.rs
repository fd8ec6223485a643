//! `cargo xtask dist` and `cargo xtask size`.

mod readme;
mod record;
#[path = "../repro/tool.rs"]
mod tool;
mod tree;

use std::fs;
use std::process::{Command, ExitCode};

use anyhow::{Context, Result, ensure};
use mote_tests::outcome::same;
use mote_tests::{Shared, Suite, command, dist};
use xtask::platform::{PLATFORMS, Platform};
use xtask::program::PROGRAMS;
use xtask::workspace;

use tool::xtask;
use tree::Tree;

/// A named test in a copy of the tree.
type TreeTest = (&'static str, fn(&Tree) -> Result<()>);

fn main() -> ExitCode {
    let tree = Shared::new(Tree::build);
    // Most tests build in the same directory.
    let mut suite = Suite::new()
        .threads(1)
        .one("dist::holds_every_file_and_nothing_else", record::holds_every_file_and_nothing_else)
        .one("dist::files_can_be_executed", record::files_can_be_executed)
        .one("dist::sha256sum_accepts_the_checksums", record::sha256sum_accepts_the_checksums)
        .one("dist::the_readme_has_the_sizes", readme::sizes_are_true)
        .one("dist::record_is_complete", record::record_is_complete)
        .one("dist::an_unknown_platform_lists_the_valid_ones", unknown_platform)
        .one("dist::an_unknown_program_lists_the_valid_ones", unknown_program)
        .one("dist::a_file_over_its_ceiling_fails_the_size_check", fails_over_the_ceiling);
    let tests: [TreeTest; 4] = [
        ("dist::another_directory_gives_the_same_bytes", gives_the_same_bytes),
        ("dist::one_file_can_be_built_alone", builds_one_file),
        ("dist::an_interrupted_build_changes_nothing", interrupted_build),
        ("dist::an_interrupted_run_leaves_no_half_written_file", interrupted_run),
    ];
    for (name, test) in tests {
        let tree = tree.clone();
        suite = suite.one(name, move || tree.with(test));
    }
    let code = suite.run();
    drop(tree);
    code
}

/// Checks that the command lists `valid` and ends with the status of a usage error.
fn refuses(command: &mut Command, valid: &str) -> Result<()> {
    let output = command.output()?;
    let message = String::from_utf8_lossy(&output.stderr);
    same(output.status.code(), Some(2))?;
    ensure!(message.contains(valid), "expected {valid:?} in {message}");
    Ok(())
}

fn unknown_platform() -> Result<()> {
    let valid = PLATFORMS.map(|platform| platform.docker).join(", ");
    refuses(xtask(&workspace::root())?.args(["dist", "--platform", "linux/vax"]), &valid)
}

fn unknown_program() -> Result<()> {
    let valid: Vec<&str> = PROGRAMS.iter().map(|program| program.name).collect();
    refuses(xtask(&workspace::root())?.args(["dist", "--bin", "init"]), &valid.join(", "))
}

/// Returns true for the line of a file that depends on all platforms of a build.
fn covers_all_platforms(line: &str) -> bool {
    line.ends_with(".oci.tar") || line.ends_with("sbom.cdx.json")
}

/// If this fails, `dist` may also be older than the sources.
fn gives_the_same_bytes(tree: &Tree) -> Result<()> {
    let here = fs::read_to_string(dist::directory().join("SHA256SUMS"))?;
    for line in tree.sums()?.lines().filter(|line| !covers_all_platforms(line)) {
        ensure!(here.lines().any(|other| other == line), "dist has another {line}");
    }
    Ok(())
}

/// `size` reads nothing but `dist`, so a copy of it is enough.
fn fails_over_the_ceiling() -> Result<()> {
    let root = tempfile::tempdir()?;
    // This file marks the root of a workspace.
    fs::write(root.path().join("Cargo.lock"), "")?;
    command::stdout(Command::new("cp").arg("-R").arg(dist::directory()).arg(root.path().join("dist")))?;
    let file = root.path().join("dist/linux/amd64/pause");
    let pause = PROGRAMS.iter().find(|program| program.name == "pause").context("no pause")?;
    let ceiling = usize::try_from(pause.budgets[0].ceiling)?;

    fs::write(&file, vec![0; ceiling])?;
    ensure!(xtask(root.path())?.arg("size").output()?.status.success(), "size fails at the ceiling");

    fs::write(&file, vec![0; ceiling + 1])?;
    let output = xtask(root.path())?.arg("size").output()?;
    same(output.status.code(), Some(1))?;
    let message = String::from_utf8_lossy(&output.stderr);
    ensure!(message.contains("pause on linux/amd64 by 1"), "{message}");
    Ok(())
}

/// The other files are removed: `dist` contains the files that its checksums list.
fn builds_one_file(tree: &Tree) -> Result<()> {
    let all = tree.sums()?;
    let platform = Platform::named("linux/arm64")?;
    let options = ["dist", "--platform", platform.docker, "--bin", "hello"];
    ensure!(tree.xtask()?.args(options).output()?.status.success());
    let one = tree.sums()?;
    for line in one.lines().filter(|line| !covers_all_platforms(line)) {
        ensure!(all.contains(line), "other bytes than in a build of all: {line}");
    }
    let mut expected = record::images(&["hello"], std::slice::from_ref(platform));
    expected.extend(record::profiles(&["hello"]));
    expected.extend(["SHA256SUMS", "build.json", "linux/arm64/hello", "sbom.cdx.json"].map(str::to_owned));
    expected.sort();
    same(tree.files()?, expected)?;
    tree.rebuild()?;
    same(tree.sums()?, all)
}

fn interrupted_build(tree: &Tree) -> Result<()> {
    let sums = tree.sums()?;
    tree.interrupt(|line| line.starts_with("[2/"))?;
    same(tree.sums()?, sums)?;
    tree.verify(true)
}

/// `dist` is killed ten times when it begins to write.
fn interrupted_run(tree: &Tree) -> Result<()> {
    for _ in 0..10 {
        tree.interrupt_writing()?;
        tree.verify(false)?;
    }
    tree.rebuild()?;
    tree.verify(true)
}
