//! Docker, with the archives that it loads.

use std::fs;
use std::path::PathBuf;

use anyhow::{Context, Result, ensure};
use mote_tests::docker::{Engine, Init};
use mote_tests::outcome::{same, text};
use mote_tests::wait::stops_in_time;
use mote_tests::{Target, dist, process, roots, until};
use xtask::platform::PLATFORMS;

use crate::check;

/// Starts an engine whose `--init` is pid1.
pub(crate) fn engine() -> Result<Engine> {
    let host = Target::host().context("this machine is none of the platforms")?;
    Engine::private(Init::Configured(&dist::file(host.platform, "pid1")?))
}

/// Loads the image of a program for this machine and returns its name.
fn load(engine: &Engine, program: &str) -> Result<String> {
    let host = Target::host().context("this machine is none of the platforms")?;
    engine.load(program, host.platform.arch)
}

pub(crate) fn inspect(engine: &Engine, field: &str, of: &str) -> Result<String> {
    engine.docker(&["inspect", "--format", &format!("{{{{.{field}}}}}"), of])
}

pub(crate) fn image_runs(engine: &Engine) -> Result<()> {
    let image = load(engine, "hello")?;
    same(engine.docker(&["run", "--rm", "--network=none", &image])?.as_str(), "Hello, World!")?;
    // The other name of the same image.
    same(engine.docker(&["run", "--rm", "--network=none", "hello"])?.as_str(), "Hello, World!")
}

/// Of every platform.
pub(crate) fn image_has_the_size_of_its_file(engine: &Engine) -> Result<()> {
    for platform in &PLATFORMS {
        for program in ["hello", "pause"] {
            let image = engine.load(program, platform.arch)?;
            let expected = platform.docker;
            let size = fs::metadata(dist::file(platform, program)?)?.len();
            let listed = engine.docker(&["images", "--format", "{{.Size}}", &image])?;
            same(listed, format!("{size}B"))?;
            let platform = [inspect(engine, "Os", &image)?, inspect(engine, "Architecture", &image)?];
            ensure!(expected.starts_with(&platform.join("/")), "{expected} is {platform:?}");
        }
    }
    Ok(())
}

pub(crate) fn pause_stops(engine: &Engine) -> Result<()> {
    let image = load(engine, "pause")?;
    same(inspect(engine, "Config.User", &image)?.as_str(), "65535:65535")?;
    engine.docker(&["run", "--detach", "--network=none", "--name=pause", &image])?;
    check::runs(inspect(engine, "State.Pid", "pause")?.parse()?, "pause")?;
    stops_in_time(
        || engine.docker(&["stop", "pause"]).map(drop),
        || engine.docker(&["start", "pause"]).map(drop),
    )?;
    same(inspect(engine, "State.ExitCode", "pause")?.as_str(), "0")?;
    engine.docker(&["rm", "pause"]).map(drop)
}

pub(crate) fn init_is_pid1(engine: &Engine) -> Result<()> {
    init_is(engine, "pid1")
}

/// Docker mounts the file as `/sbin/docker-init` and starts it as `INIT -- COMMAND`.
fn init_is(engine: &Engine, program: &str) -> Result<()> {
    let image = busybox(engine)?;
    // PID 1 is not the shell.
    let run = ["run", "--rm", "--network=none", "--init", &image, "sh", "-c", "[ $$ != 1 ] && exit 7"];
    let output = engine.try_docker(&run)?;
    same((text(&output.stderr)?, output.status.code()), ("", Some(7)))?;
    // As PID 1 a shell without a trap gets no SIGTERM.
    let script = ["--init", "--name=init", &image, "sh", "-c", "sleep 1000; exit 1"];
    engine.docker(&[&["run", "--detach", "--network=none"], script.as_slice()].concat())?;
    let init = inspect(engine, "State.Pid", "init")?.parse()?;
    check::runs(init, program)?;
    until("COMMAND", || Ok((process::children(init)?.len() == 1).then_some(())))?;
    check::orphan_is_reaped(init, |script| engine.docker(&["exec", "init", "sh", "-c", script]).map(drop))?;
    stops_in_time(
        || engine.docker(&["stop", "init"]).map(drop),
        || engine.docker(&["start", "init"]).map(drop),
    )?;
    same(inspect(engine, "State.ExitCode", "init")?.as_str(), "143")?;
    engine.docker(&["rm", "init"]).map(drop)
}

/// This machine's file of a program.
pub(crate) fn file(program: &str) -> Result<PathBuf> {
    let host = Target::host().context("this machine is none of the platforms")?;
    dist::file(host.platform, program)
}

/// As `init-path` in `daemon.json`.
pub(crate) fn tini_is_configured() -> Result<()> {
    let engine = Engine::private(Init::Configured(&file("tini")?))?;
    tells_the_commit_of_tini(&engine)?;
    init_is(&engine, "tini")
}

/// As `docker-init`, which the engine looks for on its PATH.
pub(crate) fn tini_is_installed() -> Result<()> {
    let engine = Engine::private(Init::Installed(&file("tini")?))?;
    tells_the_commit_of_tini(&engine)?;
    init_is(&engine, "tini")
}

/// The field that shows the version of tini.
fn tells_the_commit_of_tini(engine: &Engine) -> Result<()> {
    let commit = dist::commit()?;
    same(engine.docker(&["info", "--format", "{{.InitCommit.ID}}"])?.as_str(), &commit)?;
    let info = engine.docker(&["info"])?;
    let line = info.lines().find_map(|line| line.trim().strip_prefix("init version: "));
    same(line.and_then(|line| line.split(' ').next()), Some(commit.as_str()))
}

pub(crate) fn busybox(engine: &Engine) -> Result<String> {
    let directory = tempfile::tempdir()?;
    let archive = roots::busybox_archive(directory.path())?;
    engine.docker(&["import".as_ref(), archive.as_os_str(), "busybox".as_ref()])?;
    Ok("busybox".to_owned())
}
