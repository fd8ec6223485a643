//! An `/etc` of a test's own, and the credentials that COMMAND has with it.

use std::collections::BTreeSet;
use std::path::PathBuf;

use anyhow::{Context, Result, ensure};
use mote_tests::outcome::same;
use mote_tests::{Case, Start, require};

use crate::failure::fails;
use crate::scene::{Scene, fact, facts, itself, pid1, with, words};

/// Returns a start with these files as `/etc/passwd` and `/etc/group`, and nothing else in `/etc`.
pub(crate) fn with_files(
    scene: &Scene,
    case: Case,
    passwd: impl AsRef<[u8]>,
    group: impl AsRef<[u8]>,
) -> Result<Start> {
    require::root()?;
    scene.file("etc/passwd", passwd, 0o644)?;
    scene.file("etc/group", group, 0o644)?;
    Ok(pid1(case).bind(&scene.path("etc"), "/etc"))
}

/// Returns a start of setpriv(1) as PID 1 that becomes pid1 with the credentials that its `options` say.
pub(crate) fn with_credentials(case: Case, options: &str) -> Result<Start> {
    require::root()?;
    let host = Case::host().context("no native platform")?;
    let setpriv = Start::of_file(host, require::tool("setpriv", "util-linux")?).as_pid_1();
    let program: Vec<PathBuf> = itself(case)?;
    Ok(with(words(setpriv.without_env("PID1_OPTS"), options).argument("--"), program))
}

/// Makes the log writable for every user.
pub(crate) fn open_to_all(scene: &Scene) -> Result<()> {
    scene.file("log", "", 0o666).map(drop)
}

/// Returns the real, effective, saved and file system's ID, all the same.
pub(crate) fn four(id: u32) -> String {
    [id.to_string(), id.to_string(), id.to_string(), id.to_string()].join(" ")
}

/// Returns the supplementary groups.
pub(crate) fn groups_of(lines: &[String]) -> Result<BTreeSet<u32>> {
    let groups = fact(lines, "Groups").unwrap_or_default();
    Ok(groups.split_whitespace().map(str::parse).collect::<Result<_, _>>()?)
}

/// Expects these IDs, and the group and `others` as supplementary groups.
pub(crate) fn is(lines: &[String], user: u32, group: u32, others: &[u32]) -> Result<()> {
    has(lines, user, group, &[others, &[group]].concat())
}

/// Expects these IDs and these supplementary groups.
pub(crate) fn has(lines: &[String], user: u32, group: u32, groups: &[u32]) -> Result<()> {
    same(fact(lines, "Uid")?, &four(user))?;
    same(fact(lines, "Gid")?, &four(group))?;
    same(groups_of(lines)?, groups.iter().copied().collect())
}

/// Returns every HOME in the environment.
pub(crate) fn homes(lines: &[String]) -> Vec<&str> {
    facts(lines, "env").filter_map(|env| env.strip_prefix("HOME=")).collect()
}

/// Expects this message, and that COMMAND never runs.
pub(crate) fn refuses(
    case: Case,
    passwd: impl AsRef<[u8]>,
    group: impl AsRef<[u8]>,
    options: &str,
    message: &str,
) -> Result<()> {
    let scene = Scene::new()?;
    let start = words(with_files(&scene, case, passwd, group)?, options);
    fails(&with(start, ["touch".as_ref(), scene.path("ran").as_os_str()]).run()?, 125, message)?;
    ensure!(!scene.path("ran").exists(), "COMMAND ran");
    Ok(())
}
