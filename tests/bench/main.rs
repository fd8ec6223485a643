//! `cargo xtask bench`: a quick run measures every metric of every program and writes a page like the published one.
//!
//! No figure is judged here. The tests of the programs limit instructions, system calls and wake-ups.

use std::fs;
use std::process::ExitCode;

use anyhow::{Context, Result, ensure};
use mote_tests::outcome::same;
use mote_tests::require::{self, Missing};
use mote_tests::{Shared, Suite, dist};
use serde_json::Value;
use xtask::platform::PLATFORMS;
use xtask::program::PROGRAMS;
use xtask::workspace;

/// Output of a quick run.
struct Run {
    page: String,
    chart: String,
}

/// A test of such a run.
type Test = fn(&Run) -> Result<()>;

fn main() -> ExitCode {
    // The inits start this file as their child.
    if let Some(status) = mote_bench::main_of_child() {
        return status;
    }
    let run = Shared::new(Run::new);
    let tests: [(&str, Test); 3] = [
        ("bench::page_has_the_sections_rows_and_columns_of_the_published_one", page),
        ("bench::chart_names_each_program", chart),
        ("bench::sizes_are_those_of_the_release", sizes),
    ];
    let mut suite = Suite::new().threads(1);
    for (name, test) in tests {
        let run = run.clone();
        suite = suite.one(name, move || run.with(test));
    }
    suite.run()
}

impl Run {
    fn new() -> Result<Self> {
        require::root()?;
        require::release()?;
        let directory = tempfile::tempdir()?;
        mote_bench::run(&dist::directory(), true, directory.path())?;
        let read = |name| fs::read_to_string(directory.path().join(name)).context(name);
        let run = Self { page: read("benchmarks.md")?, chart: read("benchmarks/file.svg")? };
        let missing: Vec<&str> = run.page.lines().filter(|line| line.starts_with("Not measured")).collect();
        ensure!(missing.is_empty(), Missing(missing.join(" ")));
        Ok(run)
    }
}

/// Returns the headings, pictures and tables of a page, with `N` for each figure.
fn shape(page: &str) -> Vec<String> {
    let cell = |(column, cell): (usize, &str)| match cell.trim() {
        rule if rule.starts_with("--") => "--".to_owned(),
        figure if column > 1 && figure.contains(|c: char| c.is_ascii_digit()) => "N".to_owned(),
        text => text.to_owned(),
    };
    let lines = page.lines().filter(|line| line.starts_with(['#', '|', '!']));
    lines.map(|line| line.split('|').enumerate().map(cell).collect::<Vec<_>>().join("|")).collect()
}

fn page(run: &Run) -> Result<()> {
    let published = shape(&fs::read_to_string(workspace::root().join("docs/benchmarks.md"))?);
    let written = shape(&run.page);
    written.iter().zip(&published).try_for_each(|(written, published)| same(written, published))?;
    same(written.len(), published.len())
}

fn chart(run: &Run) -> Result<()> {
    let rows = run.page.lines().filter(|line| line.contains("| mote ") || line.contains("| compiled "));
    let names: Vec<&str> = rows.filter_map(|row| row.split('|').nth(1)).map(str::trim).collect();
    ensure!(names.len() >= PROGRAMS.len(), "{names:?}");
    for name in names {
        ensure!(run.chart.lines().any(|line| line.trim() == name), "no {name}: {}", run.chart);
    }
    Ok(())
}

/// The benchmark measures files and makes images by itself; `build.json` records those of the build.
fn sizes(run: &Run) -> Result<()> {
    let record: Value = serde_json::from_slice(&fs::read(dist::directory().join("build.json"))?)?;
    let (_, figures) = run.page.split_once("## Exact figures").context("no figures")?;
    for program in PROGRAMS {
        let image = record["images"].as_array().into_iter().flatten();
        let image = image.clone().find(|image| image["program"] == program.name).context("no image")?;
        let file = fs::metadata(dist::file(&PLATFORMS[0], program.name)?)?.len();
        let start = format!("| mote {} ", program.name);
        let row = figures.lines().find(|line| line.starts_with(&start)).context(start.clone())?;
        let cells: Vec<u64> =
            row.split('|').filter_map(|cell| cell.trim().replace(',', "").parse().ok()).take(2).collect();
        same(cells, vec![file, image["platforms"][0]["size"].as_u64().context("no size")?])?;
    }
    Ok(())
}
