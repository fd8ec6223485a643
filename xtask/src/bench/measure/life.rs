//! How long a program lives, and how long it takes to end.

use std::{process::Command, process::Stdio, time::Instant};

use anyhow::Result;
use nix::sys::signal::Signal;

use super::{Context, Figures, idle};
use crate::bench::{metric::Metric, running::Running, subject::Subject};

/// From the start of an init that runs `true`, or of a hello, to its end.
pub(super) fn whole(_: &Context, subject: &Subject) -> Result<Figures> {
    let mut start: Command = subject.start(&["true"]);
    start.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    let (running, begin) = Running::timed(start)?;
    let finish = running.finish()?;
    let life = (finish.end - begin).as_secs_f64() * 1e6;
    Ok(vec![(Metric::MinorFaults, finish.faults as f64), (Metric::Life, life)])
}

/// From a SIGTERM to the end of the program, whose command ends at once if it is an init.
pub(super) fn ending(context: &Context, subject: &Subject) -> Result<Figures> {
    let running = idle::asleep(context, subject)?;
    let begin = Instant::now();
    running.signal(Signal::SIGTERM)?;
    let end = running.finish()?.end;
    Ok(vec![(Metric::Ending, (end - begin).as_secs_f64() * 1e6)])
}
