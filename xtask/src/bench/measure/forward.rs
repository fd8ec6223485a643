//! How long a signal is under way from an init to its command.

use anyhow::Result;
use nix::sys::signal::Signal;

use super::{Context, Figures, helper};
use crate::bench::{command, metric::Metric, running::Running, subject::Subject};

/// Several signals after one start, each sent when all sleep again.
pub(super) fn latency(context: &Context, subject: &Subject) -> Result<Figures> {
    let words = helper(&["hear"])?;
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let mut running = Running::process_1(subject.start(&words))?;
    running.line()?;
    let mut figures = Vec::new();
    for _ in 0..context.plan.signals {
        running.settle()?;
        let sent = command::now()?;
        running.signal(Signal::SIGUSR1)?;
        let heard: i64 = running.line()?.parse()?;
        figures.push((Metric::ForwardLatency, (heard - sent) as f64 / 1e3));
    }
    Ok(figures)
}
