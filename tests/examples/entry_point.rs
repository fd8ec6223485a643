//! The images with pid1 as their entry point: each is built and run, on what its base images are like.

use anyhow::Result;
use mote_tests::outcome::same;

use crate::world::World;

/// A named test on one platform.
pub(crate) type Test = (&'static str, fn(&World) -> Result<()>);

pub(crate) const TESTS: [Test; 5] = [
    ("debian_runs_its_server_as_one_of_its_users", debian),
    ("alpine_lets_its_script_end_in_good_order", alpine),
    ("distroless_runs_its_server_and_stops_it", distroless),
    ("distroless_says_that_there_is_no_shell", no_shell),
    ("scratch_prints_the_greeting", scratch),
];

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
    same(container.errors()?.as_str(), "pid1: sh: ENOENT\n")
}

fn scratch(world: &World) -> Result<()> {
    let container = world.start(&world.build("scratch")?, &[])?;
    same(container.status()?, 0)?;
    same(container.log()?.as_str(), "Hello, World!")
}
