//! How fast a process 1 is rid of what others leave behind.

use std::{io::Write, process::Command};

use anyhow::Result;

use super::{Context, Figures, helper};
use crate::bench::{
    metric::Metric,
    running::Running,
    subject::{Kind, Subject},
};

/// Made one by one.
pub(super) fn single(context: &Context, subject: &Subject) -> Result<Figures> {
    reaped(context, subject, "single", [Metric::SingleOrphans, Metric::SingleOrphansCpu])
}

/// All at once.
pub(super) fn burst(context: &Context, subject: &Subject) -> Result<Figures> {
    reaped(context, subject, "burst", [Metric::BurstOrphans, Metric::BurstOrphansCpu])
}

fn reaped(context: &Context, subject: &Subject, role: &str, metrics: [Metric; 2]) -> Result<Figures> {
    let words = helper(&[role, &context.plan.orphans.to_string()])?;
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let mut running = Running::process_1(subject.start(&words))?;
    // A pause runs nothing: orphans come from another process in its namespace.
    let mut beside = None;
    if subject.kind == Kind::Pause {
        running.settle()?;
        let mut command = Command::new(words[0]);
        command.args(&words[1..]);
        beside = Some(running.beside(command)?);
    }
    let maker = beside.as_mut().unwrap_or(&mut running);
    maker.line()?;
    running.settle()?;
    let before = running.cpu_time()?;
    let maker = beside.as_mut().unwrap_or(&mut running);
    maker.input()?.write_all(b"\n")?;
    let nanoseconds: f64 = maker.line()?.parse()?;
    running.settle()?;
    let used = running.cpu_time()? - before;
    Ok(vec![(metrics[0], nanoseconds / 1e6), (metrics[1], used as f64 / 1e6)])
}
