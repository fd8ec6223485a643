//! Releases: whether they hold what they should, whether their files can be had from the source again, and whether
//! `cargo xtask verify` tells.

mod crates;
mod dependencies;
mod packages;
mod release;
mod sbom;
mod stranger;
mod verdicts;

use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};

use anyhow::{Context, Result, ensure};
use mote_tests::{Shared, Suite, command, require};
use xtask::workspace;

use release::Release;
use verdicts::Publication;

fn main() -> ExitCode {
    let publication = Shared::new(Publication::make);
    let with = |test: fn(&Publication) -> Result<()>| {
        let publication = publication.clone();
        move || publication.with(test)
    };
    let release = Shared::new(Release::make);
    let of_release = |test: fn(&Release) -> Result<()>| {
        let release = release.clone();
        move || release.with(test)
    };
    // One build at a time.
    let suite = Suite::new()
        .threads(1)
        .one("repro::the_licences_of_dependencies_are_allowed", dependencies::licences_are_allowed)
        .one("repro::no_dependency_is_banned", dependencies::none_is_banned)
        .one(
            "repro::dependencies_come_from_the_public_registry",
            dependencies::all_come_from_the_public_registry,
        )
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
        .one("repro::a_stranger_gets_every_file_of_a_release", of_release(stranger::gets_every_file))
        .one("repro::each_file_is_judged_by_itself", with(verdicts::each_file_by_itself))
        .one("repro::what_is_missing_or_unknown_ends_in_2", with(verdicts::unknown));
    let code = suite.run();
    drop((publication, release));
    code
}

/// The project's tool, which works on the tree at `root`.
///
/// # Errors
/// If it does not build.
fn xtask(root: &Path) -> Result<Command> {
    require::release()?;
    let mut command = Command::new(program()?);
    // What Cargo sets for it: where its manifest is.
    command.env("CARGO_MANIFEST_DIR", root.join("xtask")).current_dir(root).stdin(Stdio::null());
    Ok(command)
}

/// The tool's own file, which lies beside the directory that this test lies in. Built here, it need not be built once more
/// in each copy of the tree.
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
