//! The directory `dist`, its checksums and its record.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::process::Command;

use anyhow::{Context, Result, ensure};
use mote_tests::outcome::same;
use mote_tests::{dist, require};
use serde_json::Value;
use sha2::{Digest, Sha256};
use xtask::platform::{PLATFORMS, Platform};
use xtask::program::PROGRAMS;
use xtask::sbom;

use crate::tree;

/// Returns every release file: platform, program and path in `dist`.
fn release() -> Vec<(&'static Platform, &'static str, String)> {
    let pairs =
        PROGRAMS.iter().flat_map(|program| PLATFORMS.iter().map(move |platform| (platform, program.name)));
    pairs.map(|(platform, program)| (platform, program, format!("{}/{program}", platform.docker))).collect()
}

/// Returns the paths in `dist` of the archives of every image.
pub(crate) fn images(programs: &[&str], platforms: &[Platform]) -> Vec<String> {
    let of_program = |name: &&str| {
        let docker = platforms.iter().map(|platform| format!("images/{name}-{}.docker.tar", platform.arch));
        docker.chain([format!("images/{name}.oci.tar")]).collect::<Vec<_>>()
    };
    programs.iter().flat_map(of_program).collect()
}

/// Returns the path in `dist` of every seccomp profile.
pub(crate) fn profiles(programs: &[&str]) -> Vec<String> {
    programs.iter().map(|name| format!("seccomp/{name}.json")).collect()
}

/// Returns every path in `dist` that has a checksum, sorted.
fn listed() -> Vec<String> {
    let programs: Vec<&str> = PROGRAMS.iter().map(|program| program.name).collect();
    let files = release().into_iter().map(|(.., path)| path);
    let images = images(&programs, &PLATFORMS);
    let mut listed: Vec<String> =
        files.chain(images).chain(profiles(&programs)).chain([sbom::PATH.to_owned()]).collect();
    listed.sort();
    listed
}

/// Returns the checksum of a file in the form of `SHA256SUMS` and `build.json`.
pub(crate) fn checksum(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

pub(crate) fn holds_every_file_and_nothing_else() -> Result<()> {
    require::release()?;
    let mut expected = listed();
    expected.extend(["SHA256SUMS".to_owned(), "build.json".to_owned()]);
    expected.sort();
    same(tree::files(&dist::directory())?, expected)
}

pub(crate) fn files_can_be_executed() -> Result<()> {
    for (platform, program, _) in release() {
        let mode = dist::file(platform, program)?.metadata()?.permissions().mode();
        same(mode & 0o7777, 0o755)?;
    }
    Ok(())
}

pub(crate) fn sha256sum_accepts_the_checksums() -> Result<()> {
    require::release()?;
    let mut command = Command::new(require::tool("sha256sum", "coreutils")?);
    command.args(["--check", "--strict", "--quiet", "SHA256SUMS"]).current_dir(dist::directory());
    let output = command.output()?;
    ensure!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let sums = fs::read_to_string(dist::directory().join("SHA256SUMS"))?;
    let mut names: Vec<&str> = sums.lines().filter_map(|line| Some(line.split_once("  ")?.1)).collect();
    names.sort_unstable();
    same(names, listed().iter().map(String::as_str).collect())
}

/// The record has compiler, linker, route and commit, and each file and profile with its checksum.
pub(crate) fn record_is_complete() -> Result<()> {
    require::release()?;
    let record: Value = serde_json::from_slice(&fs::read(dist::directory().join("build.json"))?)?;
    same(text(&record, "version")?, env!("CARGO_PKG_VERSION"))?;
    ensure!(text(&record, "compiler")?.contains("rustc 1."), "{record:#}");
    ensure!(text(&record, "linker")?.contains("LLD "), "{record:#}");
    ensure!(!text(&record, "route")?.is_empty(), "{record:#}");
    if let Some(source) = record.get("source").filter(|source| !source.is_null()) {
        let commit = text(source, "commit")?;
        ensure!(commit.len() == 40 && commit.chars().all(|c| c.is_ascii_hexdigit()), "{commit}");
        ensure!(source.get("modified").is_some_and(Value::is_boolean), "{source}");
    }
    let files = record.get("files").and_then(Value::as_array).context("no files")?;
    same(files.len(), release().len())?;
    for (platform, program, path) in release() {
        let bytes = fs::read(dist::file(platform, program)?)?;
        let entry = files
            .iter()
            .find(|file| {
                text(file, "platform").is_ok_and(|name| name == platform.docker)
                    && text(file, "program").is_ok_and(|name| name == program)
            })
            .with_context(|| format!("no {path}"))?;
        same(entry.get("size").and_then(Value::as_u64), Some(bytes.len() as u64))?;
        same(text(entry, "sha256")?, checksum(&bytes).as_str())?;
    }
    let recorded = record.get("seccomp").and_then(Value::as_array).context("no seccomp")?;
    same(recorded.len(), PROGRAMS.len())?;
    for (program, entry) in PROGRAMS.iter().zip(recorded) {
        let bytes = fs::read(dist::profile(program.name)?)?;
        same((text(entry, "program")?, text(entry, "sha256")?), (program.name, checksum(&bytes).as_str()))?;
    }
    Ok(())
}

fn text<'a>(value: &'a Value, key: &str) -> Result<&'a str> {
    value.get(key).and_then(Value::as_str).with_context(|| format!("no {key}"))
}
