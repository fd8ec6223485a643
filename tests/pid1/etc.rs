//! An `/etc` of a test's own, and who COMMAND is with it.

use anyhow::{Result, ensure};
use mote_tests::outcome::same;
use mote_tests::{Case, Start, require};

use crate::scene::{Scene, complains, fact, pid1, with, words};

/// A start with these files as `/etc/passwd` and `/etc/group`, and nothing else in `/etc`.
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

/// Whoever COMMAND is may write to its log.
pub(crate) fn open_to_all(scene: &Scene) -> Result<()> {
    scene.file("log", "", 0o666).map(drop)
}

/// Real, effective, saved and file system's id, all the same.
pub(crate) fn four(id: u32) -> String {
    [id.to_string(), id.to_string(), id.to_string(), id.to_string()].join(" ")
}

/// User and group, and the supplementary groups, among which the group itself may be.
pub(crate) fn is(lines: &[String], user: u32, group: u32, groups: &[u32]) -> Result<()> {
    same(fact(lines, "Uid")?, &four(user))?;
    same(fact(lines, "Gid")?, &four(group))?;
    let found = fact(lines, "Groups").unwrap_or_default().split_whitespace();
    let mut found: Vec<u32> = found.map(str::parse).collect::<Result<_, _>>()?;
    found.retain(|id| *id != group || groups.contains(id));
    same(found.as_slice(), groups)
}

/// Status 125, a line that names the word or the file, and COMMAND never runs.
pub(crate) fn refuses(
    case: Case,
    passwd: impl AsRef<[u8]>,
    group: impl AsRef<[u8]>,
    options: &str,
    word: &str,
) -> Result<()> {
    let scene = Scene::new()?;
    let start = words(with_files(&scene, case, passwd, group)?, options);
    let outcome = with(start, ["touch".as_ref(), scene.path("ran").as_os_str()]).run()?;
    complains(&outcome, 125, &[word]).or_else(|_| complains(&outcome, 125, &["/etc/"]))?;
    ensure!(!scene.path("ran").exists(), "COMMAND ran");
    Ok(())
}
