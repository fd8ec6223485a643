//! An `/etc` of a test's own, and the credentials that COMMAND has with it.

use std::collections::BTreeSet;
use std::path::PathBuf;

use anyhow::{Context, Result, ensure};
use mote_tests::outcome::same;
use mote_tests::{Launcher, Target, require};

use crate::failure::fails;
use crate::fixture::{TestDir, fact, facts, itself, pid1, with, words};

/// Returns a start with these files as `/etc/passwd` and `/etc/group`, and nothing else in `/etc`.
pub(crate) fn with_files(
    dir: &TestDir,
    target: Target,
    passwd: impl AsRef<[u8]>,
    group: impl AsRef<[u8]>,
) -> Result<Launcher> {
    require::root()?;
    dir.file("etc/passwd", passwd, 0o644)?;
    dir.file("etc/group", group, 0o644)?;
    Ok(pid1(target).bind(&dir.join("etc"), "/etc"))
}

/// Returns a start of setpriv(1) as PID 1 that becomes pid1 with the credentials that its `options` say.
pub(crate) fn with_credentials(target: Target, options: &str) -> Result<Launcher> {
    require::root()?;
    let host = Target::host().context("no native platform")?;
    let setpriv = Launcher::of_file(host, require::tool("setpriv", "util-linux")?).as_pid_1();
    let program: Vec<PathBuf> = itself(target)?;
    Ok(with(words(setpriv.without_env("PID1_OPTS"), options).argument("--"), program))
}

/// Makes the log writable for every user.
pub(crate) fn open_to_all(dir: &TestDir) -> Result<()> {
    dir.file("log", "", 0o666).map(drop)
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
    target: Target,
    passwd: impl AsRef<[u8]>,
    group: impl AsRef<[u8]>,
    options: &str,
    message: &str,
) -> Result<()> {
    let dir = TestDir::new()?;
    let launcher = words(with_files(&dir, target, passwd, group)?, options);
    fails(&with(launcher, ["touch".as_ref(), dir.join("ran").as_os_str()]).run()?, 125, message)?;
    ensure!(!dir.join("ran").exists(), "COMMAND ran");
    Ok(())
}
