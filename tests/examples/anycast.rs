//! `examples/anycast-bird`: an address that a held namespace has, and a router that learns of it.

use anyhow::{Result, ensure};
use mote_tests::outcome::same;
use mote_tests::wait::stops_in_time;
use mote_tests::{command, process, require};

use crate::bird::Network;
use crate::router::Router;

const EXAMPLE: &str = "anycast-bird";

/// The route by which the router reaches the address.
fn learned(device: &str) -> String {
    format!("198.51.100.1 via 192.0.2.2 dev {device} proto bird metric 32")
}

/// The example, up, and taken down when this is dropped.
struct Up<'a>(&'a Network);

impl<'a> Up<'a> {
    fn new(network: &'a Network) -> Result<(Self, Router)> {
        // What comes up in part comes down, too.
        let up = Self(network);
        up.script(&["up"])?;
        let router = Router::of(network.pid("router")?);
        router.until_route(&learned("node"))?;
        Ok((up, router))
    }

    fn script(&self, words: &[&str]) -> Result<String> {
        self.0.script(EXAMPLE, &[&["anycast.sh"], words].concat())
    }

    fn docker(&self, words: &[&str]) -> Result<String> {
        self.0.engine.docker(words)
    }

    /// Who holds the namespace, and which it is.
    fn holder(&self) -> Result<(i32, u64)> {
        let pid = self.0.pid("anycast")?;
        Ok((pid, process::namespace(pid, "net")?))
    }

    /// Takes it down as its readers do, and nothing remains.
    fn down(self) -> Result<()> {
        self.script(&["down"])?;
        same(self.docker(&["ps", "--all", "--quiet"])?.as_str(), "")
    }
}

impl Drop for Up<'_> {
    fn drop(&mut self) {
        let all = ["anycast-application", "anycast-bird", "router-bird", "anycast", "router"];
        let _ = self.0.engine.try_docker(&[["rm", "--force"].as_slice(), &all].concat());
    }
}

pub(crate) fn route(network: &Network) -> Result<()> {
    let (up, router) = Up::new(network)?;
    let holder = up.holder()?;
    same(router.page()?.as_str(), "one")?;
    let watch = router.watch()?;
    up.script(&["application", "two"])?;
    same(router.page()?.as_str(), "two")?;
    same(watch.changes()?, Vec::new())?;
    same(router.route()?, learned("node"))?;
    up.script(&["withdraw"])?;
    router.until_route("")?;
    up.script(&["announce"])?;
    router.until_route(&learned("node"))?;
    same(router.page()?.as_str(), "two")?;
    same(up.holder()?, holder)?;
    up.down()
}

pub(crate) fn bird_restarts(network: &Network) -> Result<()> {
    let (up, router) = Up::new(network)?;
    let holder = up.holder()?;
    up.docker(&["stop", "anycast-bird"])?;
    router.until_route("")?;
    up.docker(&["start", "anycast-bird"])?;
    router.until_route(&learned("node"))?;
    same(router.page()?.as_str(), "one")?;
    same(up.holder()?, holder)?;
    // Not that it were the same namespace any more after a start.
    stops_in_time(
        || up.docker(&["stop", "anycast"]).map(drop),
        || up.docker(&["start", "anycast"]).map(drop),
    )?;
    same(up.docker(&["inspect", "--format", "{{.State.ExitCode}}", "anycast"])?.as_str(), "0")
}

pub(crate) fn compose(network: &Network) -> Result<()> {
    let docker_compose = require::tool("docker-compose", "docker-compose")?;
    let compose = |words: &[&str]| command::stdout(network.command(&docker_compose, EXAMPLE).args(words));
    let check = || -> Result<()> {
        compose(&["up", "--detach", "--no-build"])?;
        let router = Router::of(network.pid(&compose(&["ps", "--quiet", "router"])?)?);
        router.until_route(&learned("eth0"))?;
        same(router.page()?.as_str(), "one")
    };
    let checked = check();
    compose(&["down"])?;
    checked?;
    ensure!(network.engine.docker(&["ps", "--all", "--quiet"])?.is_empty(), "something remains");
    Ok(())
}
