//! The release files in containers from `FROM scratch`.

mod engine;

use std::fs;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use mote_tests::outcome::same;
use mote_tests::{Case, Shared, Suite, dist};

use engine::Engine;

/// A named test with an engine.
type Test = (&'static str, fn(&Engine) -> Result<()>);

fn main() -> ExitCode {
    let engine = Shared::new(Engine::get);
    // The time that a stop takes is measured, so nothing else runs meanwhile.
    let mut suite = Suite::new().threads(1);
    let tests: [Test; 5] = [
        ("docker::hello_prints_its_greeting", hello_prints),
        ("docker::pause_prints_its_version", pause_prints_its_version),
        ("docker::pause_stops_within_a_second_with_status_0", pause_stops),
        ("docker::pause_runs_with_no_right_at_all", pause_runs_without_rights),
        ("docker::a_container_joins_the_namespaces_that_pause_holds", namespaces_are_joined),
    ];
    for (name, test) in tests {
        let engine = engine.clone();
        suite = suite.one(name, move || engine.with(test));
    }
    let code = suite.run();
    drop(engine);
    code
}

/// An image with one file, removed when this is dropped.
struct Image<'a> {
    engine: &'a Engine,
    id: String,
}

impl<'a> Image<'a> {
    fn build(engine: &'a Engine, program: &str) -> Result<Self> {
        let host = Case::host().context("this machine is none of the platforms")?;
        let context = tempfile::tempdir()?;
        fs::copy(dist::file(host.platform, program)?, context.path().join(program))?;
        let text = format!("FROM scratch\nCOPY {program} /{program}\nENTRYPOINT [\"/{program}\"]\n");
        fs::write(context.path().join("Dockerfile"), text)?;
        let folder = context.path().to_str().context("not UTF-8")?;
        let id = engine.docker(&["build", "--quiet", folder])?;
        Ok(Self { engine, id })
    }

    /// Starts a container in the background.
    fn start(&self, options: &[&str]) -> Result<Container<'a>> {
        let words = [&["run", "--detach", "--network", "none"], options, &[self.id.as_str()]].concat();
        Ok(Container { engine: self.engine, id: self.engine.docker(&words)? })
    }

    /// Runs a container to its end and returns its output.
    fn run(&self, options: &[&str], arguments: &[&str]) -> Result<String> {
        let words = [&["run", "--rm"], options, &[self.id.as_str()], arguments].concat();
        let output = self.engine.try_docker(&words)?;
        same(String::from_utf8_lossy(&output.stderr).as_ref(), "")?;
        same(output.status.code(), Some(0))?;
        Ok(String::from_utf8(output.stdout)?)
    }
}

impl Drop for Image<'_> {
    fn drop(&mut self) {
        let _ = self.engine.try_docker(&["rmi", "--force", &self.id]);
    }
}

/// A container in the background, removed when this is dropped.
struct Container<'a> {
    engine: &'a Engine,
    id: String,
}

impl Container<'_> {
    fn state(&self, field: &str) -> Result<String> {
        self.engine.docker(&["inspect", "--format", &format!("{{{{.State.{field}}}}}"), &self.id])
    }

    /// Stops it as anyone would, and expects it to obey.
    fn stops(self) -> Result<()> {
        same(self.state("Status")?.as_str(), "running")?;
        let start = Instant::now();
        self.engine.docker(&["stop", &self.id])?;
        let took = start.elapsed();
        same((self.state("Status")?.as_str(), self.state("ExitCode")?.as_str()), ("exited", "0"))?;
        ensure!(took < Duration::from_secs(1), "the stop took {took:?}");
        Ok(())
    }
}

impl Drop for Container<'_> {
    fn drop(&mut self) {
        let _ = self.engine.try_docker(&["rm", "--force", &self.id]);
    }
}

fn hello_prints(engine: &Engine) -> Result<()> {
    let image = Image::build(engine, "hello")?;
    same(image.run(&["--network", "none"], &[])?.as_str(), "Hello, World!\n")
}

fn pause_prints_its_version(engine: &Engine) -> Result<()> {
    let image = Image::build(engine, "pause")?;
    let version = concat!("pause ", env!("CARGO_PKG_VERSION"), "\n");
    same(image.run(&["--network", "none"], &["-v"])?.as_str(), version)
}

fn pause_stops(engine: &Engine) -> Result<()> {
    Image::build(engine, "pause")?.start(&[])?.stops()
}

fn pause_runs_without_rights(engine: &Engine) -> Result<()> {
    let strict = ["--user", "65535:65535", "--read-only", "--cap-drop", "ALL"];
    let options = [strict.as_slice(), &["--security-opt", "no-new-privileges"]].concat();
    Image::build(engine, "pause")?.start(&options)?.stops()
}

/// What it is for: others come and go in its namespaces.
fn namespaces_are_joined(engine: &Engine) -> Result<()> {
    let hello = Image::build(engine, "hello")?;
    let pause = Image::build(engine, "pause")?;
    let holder = pause.start(&["--ipc", "shareable"])?;
    let join = |kind: &str| format!("--{kind}=container:{}", holder.id);
    let (network, ipc, pid) = (join("network"), join("ipc"), join("pid"));
    for _ in 0..2 {
        same(hello.run(&[&network, &ipc, &pid], &[])?.as_str(), "Hello, World!\n")?;
    }
    holder.stops()
}
