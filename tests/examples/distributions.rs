//! pid1 as the entry point on distributions: each Dockerfile is built and run on a stand-in for its base image.

use anyhow::Result;
use mote_tests::outcome::same;
use mote_tests::{Shared, Suite, Target};

use crate::bare;
use crate::world::World;

type Test = (&'static str, fn(&World) -> Result<()>);

const TESTS: [Test; 5] = [
    ("debian_runs_its_server_as_one_of_its_users", debian),
    ("alpine_lets_its_script_end_in_good_order", alpine),
    ("distroless_runs_its_server_and_stops_it", distroless),
    ("distroless_says_that_there_is_no_shell", no_shell),
    ("scratch_prints_the_greeting", scratch),
];

pub(crate) fn add(suite: Suite) -> Suite {
    // 386 is foreign to the programs, and not to the kernel.
    let worlds = [
        ("linux/amd64", Shared::new(|| World::of("linux/amd64"))),
        ("linux/386", Shared::new(|| World::of("linux/386"))),
    ];
    let mut suite = suite;
    for (platform, world) in worlds {
        for (name, test) in TESTS {
            let world = world.clone();
            suite = suite.one(format!("distributions::{name}::{platform}"), move || world.with(test));
        }
    }
    // What no kernel knows but by an emulator.
    let foreign: Vec<Target> =
        Target::emulated().into_iter().filter(|target| target.platform.docker != "linux/386").collect();
    suite.each("distributions::scratch_prints_the_greeting", &foreign, bare::scratch)
}

fn debian(world: &World) -> Result<()> {
    let container = world.start(&world.build("debian")?, &[])?;
    container.until_says("www-data")?;
    container.stops(143)
}

/// It is the trap that ends it, and in time.
fn alpine(world: &World) -> Result<()> {
    let container = world.start(&world.build("alpine")?, &[])?;
    container.until_says("ready")?;
    container.stops(0)?;
    same(container.log()?.as_str(), "ready\nbye")
}

fn distroless(world: &World) -> Result<()> {
    let container = world.start(&world.build("distroless")?, &[])?;
    container.until_runs("/server infinity")?;
    container.stops(143)
}

fn no_shell(world: &World) -> Result<()> {
    let container = world.start(&world.build("distroless")?, &["sh"])?;
    same(container.status()?, 127)?;
    same(container.errors()?.as_str(), "pid1: sh: not found\n")
}

fn scratch(world: &World) -> Result<()> {
    let container = world.start(&world.build("scratch")?, &[])?;
    same(container.status()?, 0)?;
    same(container.log()?.as_str(), "Hello, World!")
}
