//! `benchmarks.md`: what was measured, how, and the tables.

use std::{fs, iter, thread};

use anyhow::Result;
use comfy_table::{CellAlignment, Table, presets};
use indicatif::HumanCount;
use nix::sys::utsname::uname;
use procfs::{CpuInfo, Current as _};

use crate::{
    measurements::Plan,
    metric::{GROUPS, Metric},
    target::{Figure, Target},
};

/// Returns the page. `missing` tells why programs were not measured, and `realtime` whether the processes ran under a
/// real-time scheduling policy.
pub(crate) fn page(targets: &[Target], missing: &[String], plan: &Plan, realtime: bool) -> Result<String> {
    let policy = if realtime {
        "under the kernel's real-time scheduling policy, so that they do not wait for other processes"
    } else {
        "which they share with other processes"
    };
    Ok(format!(
        include_str!("page.txt"),
        summary = summary(targets),
        machine = machine()?,
        programs = programs(targets, missing),
        policy = policy,
        idle = plan.idle.as_secs(),
        starts = plan.rounds,
        orphans = number(plan.orphans as f64),
        tables = tables(targets),
    ))
}

/// Compares pid1 with the init that most images have.
fn summary(targets: &[Target]) -> String {
    let median =
        |name: &str, metric| Some(targets.iter().find(|target| target.name == name)?.figure(metric)?.median);
    let rows = [
        ("bytes of the file", Metric::FileBytes),
        ("instructions to run `true`", Metric::Instructions),
        ("resident kilobytes when idle", Metric::Resident),
    ];
    let row = |(title, metric)| {
        let (mote, tini) = (median("mote pid1", metric)?, median("tini-static", metric)?);
        let factor = (tini / mote).floor();
        Some(format!("| {title} | {} | {} | {} |\n", number(mote), number(tini), number(factor)))
    };
    iter::once("| | pid1 | tini-static | factor |\n|---|---|---|---|\n".to_owned())
        .chain(rows.into_iter().filter_map(row))
        .collect()
}

fn machine() -> Result<String> {
    let names = uname()?;
    let (architecture, release) = (names.machine().to_string_lossy(), names.release().to_string_lossy());
    let model = CpuInfo::current()?.model_name(0).unwrap_or("unknown model").to_owned();
    let system = fs::read_to_string("/etc/os-release").unwrap_or_default();
    let system =
        system.lines().find_map(|line| line.strip_prefix("PRETTY_NAME=")).unwrap_or("unknown system");
    // What follows the version names the build.
    let version = release.split('-').next().unwrap_or_default();
    Ok(format!(
        "{} CPUs ({model}, {architecture}), Linux {version}, {}.",
        thread::available_parallelism()?,
        system.trim_matches('"')
    ))
}

fn programs(targets: &[Target], missing: &[String]) -> String {
    iter::once("| program | from |\n|---|---|\n".to_owned())
        .chain(targets.iter().map(|target| format!("| {} | {} |\n", target.name, target.origin)))
        .chain(missing.iter().map(|reason| format!("\nNot measured: {reason}.\n")))
        .collect()
}

/// Returns the sections with the tables of all metrics.
pub(crate) fn tables(targets: &[Target]) -> String {
    let mut text = String::new();
    for group in &GROUPS {
        text += &format!("\n## {}\n\n{}\n", group.title, group.about);
        for targets in targets.chunk_by(|one, next| one.kind == next.kind) {
            if let Some(table) = table(targets, group.columns) {
                text += &format!("\n{table}\n");
            }
        }
    }
    text
}

/// Returns the table of programs of one kind, with the columns that these have.
fn table(targets: &[Target], columns: &[(Metric, &str)]) -> Option<Table> {
    let has = |metric| targets.iter().any(|target| target.figure(metric).is_some());
    let columns: Vec<_> = columns.iter().filter(|(metric, _)| has(*metric)).collect();
    let mut table = Table::new();
    table.load_style(presets::ASCII_MARKDOWN);
    table.set_header(iter::once("program").chain(columns.iter().map(|(_, title)| *title)));
    for target in targets {
        let cells = columns.iter().map(|(metric, _)| target.figure(*metric).map_or_else(String::new, cell));
        table.add_row(iter::once(target.name.clone()).chain(cells));
    }
    for column in table.column_iter_mut().skip(1) {
        column.set_cell_alignment(CellAlignment::Right);
    }
    (!columns.is_empty()).then_some(table)
}

fn cell(Figure { lower, median, upper }: Figure) -> String {
    if lower == upper {
        return number(median);
    }
    format!("{} ({} to {})", number(median), number(lower), number(upper))
}

/// Formats a value with three significant digits, or all of an integer.
pub(crate) fn number(value: f64) -> String {
    match value {
        _ if value.fract() == 0.0 || value >= 100.0 => HumanCount(value.round() as u64).to_string(),
        _ if value >= 10.0 => format!("{value:.1}"),
        _ => format!("{value:.2}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_three_significant_digits() {
        let values = [0.0, 1.234, 12.34, 123.4, 1234.5, 16.0, 1_234_567.0];
        assert_eq!(values.map(number), ["0", "1.23", "12.3", "123", "1,235", "16", "1,234,567"]);
    }
}
