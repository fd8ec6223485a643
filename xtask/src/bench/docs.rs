//! `docs/benchmarks.md` and the charts in it.

use std::fs;

use anyhow::Result;

use super::{
    group::GROUPS,
    metric::Metric,
    plot::CHARTS,
    results::{Entry, Results},
    subject::Kind,
    table,
};
use crate::workspace;

/// Writes the page and its charts.
pub(super) fn write(results: &Results) -> Result<()> {
    let folder = workspace::root().join("docs");
    let charts = folder.join("benchmarks");
    fs::create_dir_all(&charts)?;
    for chart in &CHARTS {
        chart.draw(results, &charts)?;
    }
    Ok(fs::write(folder.join("benchmarks.md"), page(results))?)
}

fn page(results: &Results) -> String {
    let mut text = format!("{}\n{}\n{}", opening(results), taking_part(results), method(results));
    for group in &GROUPS {
        text += &format!("\n## {}\n\n{}\n", group.title, group.about);
        for chart in CHARTS.iter().filter(|chart| group.metrics.contains(&chart.metric)) {
            text += &format!("\n![{}](benchmarks/{}.svg)\n", chart.title, chart.name);
        }
        for kind in [Kind::Init, Kind::Pause, Kind::Hello] {
            if let Some(table) = table::one(results, kind, group.metrics) {
                text += &format!("\n{table}\n");
            }
        }
    }
    text
}

fn opening(results: &Results) -> String {
    let mut text = "# Benchmarks

This page is written by `cargo xtask bench --write-docs`, as root, in one run; do not edit it. `cargo xtask bench`
prints the tables for the machine that it runs on.

"
    .to_owned();
    let entry = |name: &str| results.programs.iter().find(|entry| entry.name == name);
    if let (Some(own), Some(other)) = (entry("mote pid1"), entry("tini-static")) {
        let exact = |entry: &Entry, metric| entry.exact.get(&metric).map_or(0, |exact| exact.value);
        let resident =
            |entry: &Entry| entry.noisy.get(&Metric::Resident).map_or(0, |spread| spread.median as u64);
        text += "| | pid1 | tini-static | factor |\n|---|---|---|---|\n";
        for (what, own, other) in [
            ("bytes of the file", exact(own, Metric::FileBytes), exact(other, Metric::FileBytes)),
            (
                "instructions to run `true`",
                exact(own, Metric::Instructions),
                exact(other, Metric::Instructions),
            ),
            ("resident kilobytes when idle", resident(own), resident(other)),
        ] {
            let factor = other.checked_div(own).unwrap_or(0);
            let (own, other) = (table::grouped(own), table::grouped(other));
            text += &format!("| {what} | {own} | {other} | {factor} |\n");
        }
    }
    let machine = &results.machine;
    text += &format!(
        "\n## The machine\n\n{} CPUs ({}, {}), Linux {}, {}.\n",
        machine.cpus, machine.model, machine.architecture, machine.kernel, machine.system
    );
    text
}

fn taking_part(results: &Results) -> String {
    let mut text = "## Programs\n\n| program | from | also needs a C library |\n|---|---|---|\n".to_owned();
    for entry in &results.programs {
        let dynamic = if entry.dynamic { "yes, not counted in any size here" } else { "" };
        text += &format!("| {} | {} | {dynamic} |\n", entry.name, entry.origin);
    }
    for left_out in &results.left_out {
        text += &format!("\nNot measured: {}: {}.\n", left_out.name, left_out.why);
    }
    text
}

fn method(results: &Results) -> String {
    let plan = &results.plan;
    let preferred = if results.preferred {
        "under the kernel's real-time scheduling policy, so that they do not wait for other processes"
    } else {
        "which it shares with other processes"
    };
    format!(
        "## Method

Every program runs as PID 1 of a PID namespace of its own, with `PATH` as its only environment variable. Each figure is
measured in rounds. A round measures all programs in turn and begins with a different one each time, so that other load
on the machine affects all programs alike. Timed processes stay on one CPU,
{preferred}.

Figures that repeat exactly are given as one number. All others are medians, with the quartiles in brackets: half of the
samples lie between them. Differences smaller than the quartile range are not significant, and times can only be
compared within this page. `target/bench/results.json` also has minimum, maximum and the number of samples.

- An image contains only the file; its size is that of manifest, configuration and compressed layer together.
- Instructions are counted by single-stepping, system calls by stopping at each, after the `execve` of the program.
  Children are not counted. An init runs `true`, hello runs until it exits, and pause until it sleeps.
- Wake-ups are voluntary context switches in {} s of idleness.
- Memory is taken from `/proc/PID/smaps_rollup` after each of {} starts. An init runs mote's pause as its command.
- The signal latency is the time from before `kill` until the command, which waits in `sigwait`, has read the same
  clock.
- For the time from SIGTERM to the end, an init runs mote's pause as its command, which exits at once.
- Orphans are {} processes whose parents have ended. One by one: each is created when the one before has been reaped;
  the time includes creating them and switching between processes. At once: all are zombies when their parent ends, and
  the time is measured from then until the last one has been reaped. The CPU time is that of PID 1 only. A pause runs no
  command, so another process in its namespace creates the orphans.
",
        plan.idle.as_secs(),
        plan.starts,
        table::grouped(plan.orphans.into())
    )
}
