//! The release files in containers.

mod image;
mod pid1;
mod roots;
mod terminal;

use std::process::ExitCode;

use anyhow::Result;
use mote_tests::{Outcome, Shared, Suite};

use image::Image;
use roots::World;

/// A named test with an engine.
type Test = (&'static str, fn(&World) -> Result<()>);

const TESTS: [Test; 5] = [
    ("docker::hello_prints_its_greeting", hello_prints),
    ("docker::pause_prints_its_version", pause_prints_its_version),
    ("docker::pause_stops_within_a_second_with_status_0", pause_stops),
    ("docker::pause_runs_with_no_right_at_all", pause_runs_without_rights),
    ("docker::a_container_joins_the_namespaces_that_pause_holds", namespaces_are_joined),
];

/// No capability, a read-only root file system, and a user without an entry.
const STRICT: [&str; 7] =
    ["--user", "65535:65535", "--read-only", "--cap-drop", "ALL", "--security-opt", "no-new-privileges"];

fn main() -> ExitCode {
    let world = Shared::new(World::get);
    // The time that a stop takes is measured, so nothing else runs meanwhile.
    let mut suite = Suite::new().threads(1);
    for (name, test) in TESTS.iter().chain(pid1::TESTS) {
        let world = world.clone();
        suite = suite.one(*name, move || world.with(test));
    }
    let code = suite.run();
    drop(world);
    code
}

fn hello_prints(world: &World) -> Result<()> {
    let image = Image::build(&world.engine, "hello")?;
    image.run(&[], &[])?.is(&Outcome::exited("Hello, World!\n", 0))
}

fn pause_prints_its_version(world: &World) -> Result<()> {
    let image = Image::build(&world.engine, "pause")?;
    let version = concat!("pause ", env!("CARGO_PKG_VERSION"), "\n");
    image.run(&[], &["-v"])?.is(&Outcome::exited(version, 0))
}

fn pause_stops(world: &World) -> Result<()> {
    Image::build(&world.engine, "pause")?.start(&[], &[])?.stops(0)
}

fn pause_runs_without_rights(world: &World) -> Result<()> {
    Image::build(&world.engine, "pause")?.start(&STRICT, &[])?.stops(0)
}

/// What it is for: others come and go in its namespaces.
fn namespaces_are_joined(world: &World) -> Result<()> {
    let hello = Image::build(&world.engine, "hello")?;
    let pause = Image::build(&world.engine, "pause")?;
    let holder = pause.start(&["--ipc", "shareable"], &[])?;
    let join = |kind: &str| format!("--{kind}=container:{}", holder.id);
    let (network, ipc, pid) = (join("network"), join("ipc"), join("pid"));
    for _ in 0..2 {
        hello.run_in(&[&network, &ipc, &pid], &[])?.is(&Outcome::exited("Hello, World!\n", 0))?;
    }
    holder.stops(0)
}
