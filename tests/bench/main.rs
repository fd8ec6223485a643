//! `cargo xtask bench`: a small run is whole, and what repeats exactly is as good as it is said to be.
//!
//! No time is judged.

use std::fs;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context, Result, ensure};
use mote_tests::command::{stdout, xtask};
use mote_tests::outcome::same;
use mote_tests::require::{self, Missing};
use mote_tests::{Shared, Suite, dist};
use serde_json::Value;
use tempfile::TempDir;
use xtask::program::PROGRAMS;
use xtask::workspace;

/// A small run.
struct Run {
    results: Value,
    _directory: TempDir,
}

/// A named claim about such a run.
type Claim = (&'static str, fn(&Run) -> Result<()>);

fn main() -> ExitCode {
    let run = Shared::new(Run::take);
    let claims: [Claim; 6] = [
        ("bench::leaves_nobody_out", leaves_nobody_out),
        ("bench::measures_everything_of_everyone", measures_everything_of_everyone),
        ("bench::sizes_are_those_of_the_release", sizes_are_those_of_the_release),
        ("bench::pid1_takes_a_fifteenth_of_the_instructions_of_tini", instructions),
        ("bench::our_inits_make_at_most_16_system_calls", calls),
        ("bench::ours_do_not_wake_up", wake_ups),
    ];
    let mut suite = Suite::new().threads(1);
    for (name, claim) in claims {
        let run = run.clone();
        suite = suite.one(name, move || run.with(claim));
    }
    let code = suite.run();
    drop(run);
    code
}

impl Run {
    fn take() -> Result<Self> {
        require::root()?;
        require::release()?;
        let directory = tempfile::tempdir()?;
        let mut command = xtask(&workspace::root())?;
        command
            .args(["bench", "--quick", "--output"])
            .arg(directory.path())
            .env("MOTE_DIST", dist::directory());
        let tables = stdout(&mut command)?;
        ensure!(tables.contains("| mote pid1 "), "{tables}");
        let results = serde_json::from_slice(&fs::read(directory.path().join("results.json"))?)?;
        Ok(Self { results, _directory: directory })
    }

    fn programs(&self) -> Result<&Vec<Value>> {
        self.results["programs"].as_array().context("no programs")
    }

    /// The figure of a program that repeats exactly, and did.
    fn exact(&self, program: &str, metric: &str) -> Result<u64> {
        let entry = self.programs()?.iter().find(|entry| entry["name"] == program);
        let figure = &entry.with_context(|| format!("no {program}"))?["exact"][metric];
        same(&figure["value"], &figure["most"])?;
        figure["value"].as_u64().with_context(|| format!("no {metric} of {program}"))
    }
}

fn leaves_nobody_out(run: &Run) -> Result<()> {
    let left_out = run.results["left_out"].as_array().context("no left_out")?;
    let reasons: Vec<&str> = left_out.iter().filter_map(|entry| entry["why"].as_str()).collect();
    ensure!(left_out.is_empty(), Missing(reasons.join("; ")));
    Ok(())
}

/// The columns that the programs of a kind have: exact ones, noisy ones.
const COLUMNS: [(&str, &[&str], &[&str]); 3] = [
    (
        "init",
        &["file_bytes", "image_bytes", "instructions", "system_calls", "wake_ups"],
        &[
            "burst_orphans",
            "burst_orphans_cpu",
            "ending",
            "forward_latency",
            "life",
            "life_ratio",
            "minor_faults",
            "page_tables",
            "proportional",
            "resident",
            "single_orphans",
            "single_orphans_cpu",
        ],
    ),
    (
        "pause",
        &["file_bytes", "image_bytes", "instructions", "system_calls", "wake_ups"],
        &[
            "burst_orphans",
            "burst_orphans_cpu",
            "ending",
            "page_tables",
            "proportional",
            "resident",
            "single_orphans",
            "single_orphans_cpu",
        ],
    ),
    (
        "hello",
        &["file_bytes", "image_bytes", "instructions", "system_calls"],
        &["life", "life_ratio", "minor_faults"],
    ),
];

fn keys(object: &Value) -> Vec<&str> {
    object.as_object().into_iter().flat_map(|object| object.keys().map(String::as_str)).collect()
}

fn measures_everything_of_everyone(run: &Run) -> Result<()> {
    for entry in run.programs()? {
        let of_kind = COLUMNS.iter().find(|(kind, ..)| entry["kind"] == *kind);
        let (_, exact, noisy) = of_kind.with_context(|| format!("an unknown kind: {entry}"))?;
        let context = || entry["name"].to_string();
        same(keys(&entry["exact"]), exact.to_vec()).with_context(context)?;
        same(keys(&entry["noisy"]), noisy.to_vec()).with_context(context)?;
        for spread in entry["noisy"].as_object().into_iter().flat_map(|noisy| noisy.values()) {
            let number = |name: &str| spread[name].as_f64().with_context(|| format!("no {name}"));
            let ordered = [number("min")?, number("lower_quartile")?, number("median")?];
            ensure!(ordered.is_sorted() && number("samples")? >= 1.0, "{entry}");
        }
    }
    Ok(())
}

/// They are counted in two ways: those of the build's record, and those of the files as they are.
fn sizes_are_those_of_the_release(run: &Run) -> Result<()> {
    let record: Value = serde_json::from_slice(&fs::read(dist::directory().join("build.json"))?)?;
    for program in PROGRAMS {
        let name = format!("mote {}", program.name);
        let images = record["images"].as_array().context("no images")?;
        let image = images.iter().find(|image| image["program"] == program.name).context("no image")?;
        same(Some(run.exact(&name, "image_bytes")?), image["platforms"][0]["size"].as_u64())?;
        let file: PathBuf = dist::directory().join("linux/amd64").join(program.name);
        same(run.exact(&name, "file_bytes")?, fs::metadata(file)?.len())?;
    }
    Ok(())
}

fn instructions(run: &Run) -> Result<()> {
    let ours = run.exact("mote pid1", "instructions")?;
    let theirs =
        run.exact("tini-static", "instructions").map_err(|_| Missing("tini-static (tini)".into()))?;
    ensure!(ours * 15 <= theirs, "{ours} of pid1, {theirs} of tini-static");
    Ok(())
}

fn calls(run: &Run) -> Result<()> {
    for program in ["pid1", "tini", "dumb-init", "catatonit"] {
        let calls = run.exact(&format!("mote {program}"), "system_calls")?;
        ensure!((1..=16).contains(&calls), "{calls} of {program}");
    }
    Ok(())
}

fn wake_ups(run: &Run) -> Result<()> {
    for program in PROGRAMS.iter().filter(|program| program.name != "hello") {
        same(run.exact(&format!("mote {}", program.name), "wake_ups")?, 0).context(program.name)?;
    }
    // It is known to wake up every second: if it did not, nothing would have been counted.
    let theirs = run.exact("tini-static", "wake_ups").map_err(|_| Missing("tini-static (tini)".into()))?;
    ensure!(theirs > 0, "not even tini woke up");
    Ok(())
}
