//! What a program costs while nothing happens.

use std::thread;

use anyhow::{Context as _, Result};

use super::{Context, Figures};
use crate::bench::{
    metric::Metric,
    progress::Progress,
    running::Running,
    samples::Samples,
    subject::{Kind, Subject},
};

/// A start of its own for each sample: where the kernel puts the stack decides on a page.
pub(super) fn memory(context: &Context, subject: &Subject) -> Result<Figures> {
    let running = asleep(context, subject)?;
    let (resident, proportional) = running.memory()?;
    let tables = running.status()?.vmpte.context("no VmPTE")?;
    let figures =
        [(Metric::Resident, resident), (Metric::Proportional, proportional), (Metric::PageTables, tables)];
    Ok(figures.map(|(metric, kilobytes)| (metric, kilobytes as f64)).into())
}

/// The program as process 1, with a command that sleeps if it is an init, and asleep itself.
pub(super) fn asleep(context: &Context, subject: &Subject) -> Result<Running> {
    let sleeper = context.sleeper.to_str().context("not UTF-8")?;
    let running = Running::process_1(subject.start(&[sleeper]))?;
    match subject.kind {
        Kind::Init => running.settle_with(&context.sleeper)?,
        _ => running.settle()?,
    }
    Ok(running)
}

/// How often each wakes up while all sleep at the same time.
pub(super) fn wake_ups(context: &Context, subjects: &[Subject], samples: &mut Samples) -> Result<()> {
    let progress = Progress::new("wake-ups", 1);
    let sleepers = subjects.iter().filter(|subject| subject.kind != Kind::Hello);
    let sleepers = sleepers.map(|subject| Ok((subject, asleep(context, subject)?)));
    let sleepers = sleepers.collect::<Result<Vec<_>>>()?;
    let switches = || -> Result<Vec<u64>> {
        let each = sleepers.iter().map(|(_, running)| {
            running.status()?.voluntary_ctxt_switches.context("no voluntary_ctxt_switches")
        });
        each.collect()
    };
    let before = switches()?;
    thread::sleep(context.plan.idle);
    for (((subject, _), before), after) in sleepers.iter().zip(before).zip(switches()?) {
        samples.add(subject, vec![(Metric::WakeUps, (after - before) as f64)]);
    }
    progress.step();
    Ok(())
}
