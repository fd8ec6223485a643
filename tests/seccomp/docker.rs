//! Docker with the profiles, as the documentation describes.

use std::fs;
use std::os::unix::fs::symlink;
use std::process::Command;

use anyhow::{Context, Result, ensure};
use mote_tests::docker::{Engine, Init};
use mote_tests::outcome::{same, text};
use mote_tests::{Target, command, dist, process, require};
use tempfile::TempDir;
use xtask::program::PROGRAMS;
use xtask::workspace;

use crate::stage::until_in;

pub(crate) type Test = (&'static str, fn(&Engine) -> Result<()>);

pub(crate) const TESTS: [Test; 7] = [
    ("seccomp::docker_runs_hello", hello_prints),
    ("seccomp::docker_runs_pause_as_the_readme_says", pause_stops),
    ("seccomp::docker_runs_a_second_program_beside_pause", exec),
    ("seccomp::docker_runs_the_inits", inits_run_themselves),
    ("seccomp::docker_runs_pid1_and_command_as_the_documentation_says", both_profiles),
    ("seccomp::docker_has_the_profile_in_force", profile_is_in_force),
    ("seccomp::docker_runs_the_other_architecture", other_architecture),
];

/// With and without `no-new-privileges`, which lets the engine load the filter last.
const WAYS: [&[&str]; 3] = [
    &[],
    &["--security-opt", "no-new-privileges"],
    &["--user", "65535:65535", "--read-only", "--cap-drop", "ALL", "--security-opt", "no-new-privileges"],
];

/// An engine that needs no network and has no images.
pub(crate) fn engine() -> Result<Engine> {
    Engine::private(Init::Machine)
}

fn host() -> Result<Target> {
    Target::host().context("this machine is none of the platforms")
}

fn load(engine: &Engine, program: &str) -> Result<()> {
    engine.load(program, host()?.platform.arch).map(drop)
}

/// What runs a container to its end under a program's profile.
fn run(profile: &str, way: &[&str], words: &[&str]) -> Result<Vec<String>> {
    let option = option(profile)?;
    let front = ["run", "--rm", "--network=none", "--security-opt", option.as_str()];
    Ok([front.as_slice(), way, words].concat().into_iter().map(str::to_owned).collect())
}

fn option(program: &str) -> Result<String> {
    Ok(format!("seccomp={}", dist::profile(program)?.display()))
}

fn hello_prints(engine: &Engine) -> Result<()> {
    load(engine, "hello")?;
    for way in WAYS {
        same(engine.docker(&run("hello", way, &["hello"])?)?.as_str(), "Hello, World!")?;
    }
    Ok(())
}

/// A directory with `dist` in it, where commands of the documentation can be run as they stand there.
fn clone() -> Result<TempDir> {
    let directory = tempfile::tempdir()?;
    symlink(dist::directory().canonicalize()?, directory.path().join("dist"))?;
    Ok(directory)
}

/// The one line of a page that has this in it.
fn line_of(page: &str, part: &str) -> Result<String> {
    let text = fs::read_to_string(workspace::root().join(page))?;
    let mut lines = text.lines().filter(|line| line.contains(part));
    let line = lines.next().with_context(|| format!("no {part} in {page}"))?;
    ensure!(lines.next().is_none(), "{part} is in several lines of {page}");
    Ok(line.split(" # ").next().unwrap_or(line).trim().to_owned())
}

/// Runs a command of the documentation that begins with `docker run`, with `--name` in it.
fn documented(engine: &Engine, line: &str, directory: &TempDir, name: &str) -> Result<()> {
    let words = line.strip_prefix("docker run ").with_context(|| line.to_owned())?;
    let mut client = engine.client();
    client.args(["run", "--network=none", "--name", name]).args(words.split_whitespace());
    command::stdout(client.current_dir(directory.path())).map(drop)
}

fn pid_of(engine: &Engine, name: &str) -> Result<i32> {
    Ok(engine.docker(&["inspect", "--format", "{{.State.Pid}}", name])?.parse()?)
}

/// It obeys: otherwise Docker would end it by SIGKILL, with another status.
fn stops(engine: &Engine, name: &str) -> Result<()> {
    engine.docker(&["stop", name])?;
    same(engine.docker(&["inspect", "--format", "{{.State.ExitCode}}", name])?.as_str(), "0")?;
    engine.docker(&["rm", name]).map(drop)
}

fn pause_stops(engine: &Engine) -> Result<()> {
    load(engine, "pause")?;
    let line = line_of("README.md", "seccomp=dist/seccomp/pause.json")?;
    documented(engine, &line, &clone()?, "sealed")?;
    until_in(pid_of(engine, "sealed")?, host()?, &["pause"])?;
    // A filter, and no more than one: that of the engine is gone.
    let status = fs::read_to_string(format!("/proc/{}/status", pid_of(engine, "sealed")?))?;
    for line in ["Seccomp:\t2\n", "Seccomp_filters:\t1\n"] {
        ensure!(status.contains(line), "{status}");
    }
    stops(engine, "sealed")
}

/// It is filtered as well, by the same filter.
fn exec(engine: &Engine) -> Result<()> {
    load(engine, "pause")?;
    let option = option("pause")?;
    engine.docker(&[
        "run",
        "--detach",
        "--network=none",
        "--security-opt",
        &option,
        "--name=two",
        "pause",
    ])?;
    let version = concat!("pause ", env!("CARGO_PKG_VERSION"));
    same(engine.docker(&["exec", "two", "/pause", "-v"])?.as_str(), version)?;
    stops(engine, "two")
}

/// Each init runs itself as its child.
fn inits_run_themselves(engine: &Engine) -> Result<()> {
    for program in PROGRAMS.iter().filter(|program| !["hello", "pause"].contains(&program.name)) {
        let name = program.name;
        load(engine, name)?;
        let version = engine.try_docker(&["run", "--rm", "--network=none", name, "--version"])?;
        for way in WAYS {
            let itself = format!("/{name}");
            let output = engine.try_docker(&run(name, way, &[name, "--", &itself, "--version"])?)?;
            same(output.status.code(), Some(0)).with_context(|| format!("{output:?}"))?;
            same(
                (text(&output.stdout)?, text(&output.stderr)?),
                (text(&version.stdout)?, text(&version.stderr)?),
            )?;
        }
    }
    Ok(())
}

/// The profile of pid1 with the calls of the child added.
fn both_profiles(engine: &Engine) -> Result<()> {
    load(engine, "pid1")?;
    let directory = clone()?;
    require::tool("jq", "jq")?;
    let merge = line_of("docs/security.md", "jq --slurp")?;
    command::stdout(Command::new("sh").args(["-ec", &merge]).current_dir(directory.path()))?;
    let profile = format!("seccomp={}/pid1-and-pause.json", directory.path().display());
    let pause = dist::file(host()?.platform, "pause")?.canonicalize()?;
    let volume = format!("--volume={}:/pause:ro", pause.display());
    let words =
        ["run", "--detach", "--network=none", "--security-opt", &profile, &volume, "--name=both", "pid1"];
    engine.docker(&[words.as_slice(), &["--", "/pause"]].concat())?;
    let [(command, _)] = process::children(pid_of(engine, "both")?)?[..] else {
        anyhow::bail!("not one child");
    };
    until_in(command, host()?, &["pause"])?;
    stops(engine, "both")
}

/// 386 on amd64: the profile has its calls as well. It comes last, since the images have the names of the others.
fn other_architecture(engine: &Engine) -> Result<()> {
    let targets: Vec<Target> = Target::native().into_iter().filter(Target::calls_as_386).collect();
    for target in targets {
        let arch = target.platform.arch;
        let platform = ["--platform", target.platform.docker];
        engine.load("hello", arch)?;
        same(engine.docker(&run("hello", &platform, &["hello"])?)?.as_str(), "Hello, World!")?;
        engine.load("pid1", arch)?;
        let version = format!("pid1 {} - git.{}", env!("CARGO_PKG_VERSION"), dist::commit()?);
        same(
            engine.docker(&run("pid1", &platform, &["pid1", "--", "/pid1", "-V"])?)?.as_str(),
            version.as_str(),
        )?;
    }
    Ok(())
}

fn profile_is_in_force(engine: &Engine) -> Result<()> {
    load(engine, "pid1")?;
    for way in WAYS {
        let output = engine.try_docker(&run("hello", way, &["pid1", "--", "/pid1", "--version"])?)?;
        same((output.status.code(), text(&output.stderr)?), (Some(125), "pid1: signals: EPERM\n"))?;
    }
    Ok(())
}
