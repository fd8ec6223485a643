//! `docs/benchmarks.md` and the charts in it.

use std::fs;

use anyhow::Result;

use super::{
    group::GROUPS,
    metric::Metric,
    plan::Plan,
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
    let mut text = format!("{}\n{}\n{}", opening(results), taking_part(results), method(&results.plan));
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
    let mut text =
        "# Benchmarks\n\nWritten by `cargo xtask bench --write-docs`, as root, in one run: don't edit it. \
                    `cargo xtask bench` shows the same on your machine.\n\n"
            .to_owned();
    let entry = |name: &str| results.programs.iter().find(|entry| entry.name == name);
    if let (Some(own), Some(other)) = (entry("mote pid1"), entry("tini-static")) {
        let exact = |entry: &Entry, metric| entry.exact.get(&metric).map_or(0, |exact| exact.value);
        let resident =
            |entry: &Entry| entry.noisy.get(&Metric::Resident).map_or(0, |spread| spread.median as u64);
        for (what, own, other) in [
            ("The file has", exact(own, Metric::FileBytes), exact(other, Metric::FileBytes)),
            (
                "Instructions for `true`:",
                exact(own, Metric::Instructions),
                exact(other, Metric::Instructions),
            ),
            ("Resident kilobytes when idle:", resident(own), resident(other)),
        ] {
            let factor = other.checked_div(own).unwrap_or(0);
            let (own, other) = (table::grouped(own), table::grouped(other));
            text += &format!("- {what} {own} for pid1, {other} for tini-static: {factor} times as much.\n");
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
    let mut text = "## Who takes part\n\n".to_owned();
    for entry in &results.programs {
        let library =
            if entry.dynamic { "; needs the C library on top, which no figure of size counts" } else { "" };
        text += &format!("- {}: {}{library}\n", entry.name, entry.origin);
    }
    for left_out in &results.left_out {
        text += &format!("- left out: {}, since {}\n", left_out.name, left_out.why);
    }
    text
}

fn method(plan: &Plan) -> String {
    format!(
        "## How it is measured

Every program runs as process 1 of a PID namespace of its own, with `PATH` as its only variable. A measure is taken in
rounds, each of which takes it from all programs in turn and begins with another one, so that whatever else the machine
does hits all alike. What repeats exactly stands alone; of the rest there are medians, with the quartiles in
brackets: half of the samples lie between them. Differences that are smaller than those ranges mean nothing, and times
are good for comparing within this page only. `results.json` has minimum, maximum and the number of samples as well.

- The image holds the file alone; its size is that of manifest, configuration and compressed layer together.
- Instructions are counted by single steps, system calls by stops at each, after the `execve` that made the process what
  it is. A child counts for itself. An init runs `true`, hello runs to its end, pause until it sleeps.
- Wake-ups are voluntary context switches in {} s of idleness.
- Memory is that of `/proc/PID/smaps_rollup` after each of {} starts: the kernel puts the stack somewhere else each
  time, which may take a page more. An init's command is our pause here.
- Orphans are {} processes whose parents have ended. One by one: the next is made when the one before is gone, so most
  of that time is `fork`. At once: they are dead when their parent ends, from which the clock runs until the last is
  gone. CPU time is what process 1 itself used. Where pause is process 1, another process in its namespace makes them.
- Latency runs from before `kill` to when the command, which waits in `sigtimedwait`, has read the same clock.
- SIGTERM to end: an init's command is our pause, which ends at once.
",
        plan.idle.as_secs(),
        plan.starts,
        table::grouped(plan.orphans.into())
    )
}
