//! The images in `dist`: their content, other tools that read them, and the Dockerfile.

mod archive;
mod audit;
mod base;
mod docker_archive;
mod dockerfile;
mod layout;
mod readers;
mod record;

use std::fmt;
use std::process::ExitCode;

use anyhow::Result;
use mote_tests::{Shared, Suite};
use xtask::platform::{PLATFORMS, Platform};
use xtask::program::{PROGRAMS, Program};

use dockerfile::Base;

/// A program on a platform.
#[derive(Clone, Copy)]
struct Pair {
    program: &'static Program,
    platform: &'static Platform,
}

impl fmt::Display for Pair {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} for {}", self.program.name, self.platform.docker)
    }
}

type Named<T> = (&'static str, fn(T) -> Result<()>);

/// Tests of the image of every program on every platform.
const EACH: [Named<Pair>; 8] = [
    ("manifest_has_one_layer", audit::manifest_has_one_layer),
    ("config_says_what_it_is_and_how_to_run_it", audit::config),
    ("layer_holds_the_file_and_nothing_else", audit::layer),
    ("layer_has_no_name_and_no_time", audit::gzip_header),
    ("size_is_within_the_budget", audit::budget),
    ("size_and_digests_are_recorded", record::platform),
    ("docker_archive_holds_the_same_image", docker_archive::same_image),
    ("skopeo_copies_it", readers::skopeo_copies),
];

/// Tests of the images of every program together.
const WHOLE: [Named<&'static Program>; 6] = [
    ("layout_holds_what_its_index_reaches_and_nothing_else", audit::layout),
    ("index_lists_every_platform", audit::index),
    ("index_has_the_names_that_engines_look_for", audit::names),
    ("json_is_sorted_and_has_no_blanks", audit::json),
    ("digest_is_recorded", record::whole),
    ("skopeo_reads_the_index", readers::skopeo_inspects),
];

fn main() -> ExitCode {
    let base = Shared::new(Base::make);
    // The last tests build, which takes every core.
    let mut suite = Suite::new().threads(1);
    for program in PROGRAMS {
        for (name, test) in WHOLE {
            suite = suite.one(format!("images::{name}::{}", program.name), move || test(program));
        }
        for platform in &PLATFORMS {
            for (name, test) in EACH {
                let name = format!("images::{name}::{}::{}", program.name, platform.docker);
                suite = suite.one(name, move || test(Pair { program, platform }));
            }
        }
        suite = suite
            .one(format!("images::buildah_reads_it::{}", program.name), || readers::buildah_reads(program));
    }
    for platform in &PLATFORMS {
        let base = base.clone();
        let name = format!("images::dockerfile_gives_the_files_of_dist::{}", platform.docker);
        suite = suite.one(name, move || base.with(|base| base.gives_the_files(platform)));
    }
    let built = base.clone();
    suite = suite.one("images::dockerfile_gives_images_that_run", move || built.with(Base::gives_images));
    suite = suite.one("images::dockerfile_has_a_target_for_every_program", dockerfile::has_every_program);
    let code = suite.run();
    drop(base);
    code
}
