//! Releases: their files, packages and crates, and `cargo xtask verify`, which rebuilds them from the source.

mod crates;
mod packages;
mod release;
mod sbom;
mod tool;
mod verification;

use std::process::ExitCode;

use anyhow::Result;
use mote_tests::{Shared, Suite};

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
