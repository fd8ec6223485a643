//! Releases: their files, packages and crates, and `cargo xtask verify`, which rebuilds them from the source.

mod crates;
mod packages;
mod release;
mod sbom;
mod verification;

use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};

use anyhow::{Context, Result, ensure};
use mote_tests::{Shared, Suite, command, require};
use xtask::workspace;

use release::Release;

fn main() -> ExitCode {
    let release = Shared::new(Release::make);
    let of_release = |test: fn(&Release) -> Result<()>| {
        let release = release.clone();
        move || release.with(test)
    };
    // One build at a time.
    let suite = Suite::new()
        .threads(1)
        .one("repro::crates_are_the_shipped_ones", crates::are_the_shipped_ones)
        .one("repro::crates_have_one_version", crates::have_one_version)
        .one("repro::crates_can_be_packaged", crates::can_be_packaged)
        .one("repro::crates_describe_themselves", crates::describe_themselves)
        .one("repro::the_bill_of_materials_is_valid", sbom::is_valid)
        .one(
            "repro::the_bill_of_materials_tells_what_each_file_is_made_of",
            sbom::tells_what_each_file_is_made_of,
        )
        .one("repro::a_release_holds_everything_and_nothing_else", of_release(release::holds_everything))
        .one("repro::a_release_tells_its_news_and_licences", of_release(release::tells_news_and_licences))
        .one("repro::packages_hold_the_files", of_release(packages::hold_the_files))
        .one("repro::packages_are_as_debian_wants_them", of_release(packages::are_as_debian_wants_them))
        .one("repro::a_package_can_be_installed_and_removed", of_release(packages::install_and_remove))
        .one(
            "repro::another_user_rebuilds_every_file_of_a_release",
            of_release(verification::another_user_rebuilds_every_file),
        )
        .one(
            "repro::changed_files_and_lists_differ",
            of_release(verification::changed_files_and_lists_differ),
        )
        .one("repro::refused_verification_ends_in_2", of_release(verification::refusals_end_in_2));
    let code = suite.run();
    drop(release);
    code
}

/// Returns a command that runs the project's tool on the tree at `root`.
fn xtask(root: &Path) -> Result<Command> {
    require::release()?;
    let mut command = Command::new(program()?);
    // Cargo would set this to the directory of the manifest.
    command.env("CARGO_MANIFEST_DIR", root.join("xtask")).current_dir(root).stdin(Stdio::null());
    Ok(command)
}

/// Returns the path of the tool, in the parent of this test's directory. Built here, it need not be built again in each
/// copy of the tree.
fn program() -> Result<PathBuf> {
    let cargo = std::env::var_os("CARGO").context("not run by Cargo")?;
    command::stdout(
        Command::new(cargo).args(["build", "--quiet", "--package", "xtask"]).current_dir(workspace::root()),
    )?;
    let test = std::env::current_exe()?;
    let program = test.ancestors().nth(2).context("no directory")?.join("xtask");
    ensure!(program.is_file(), "no {}", program.display());
    Ok(program)
}
