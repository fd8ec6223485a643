//! How each figure is taken. A measure is taken in rounds, and each round of it from every program in turn, so
//! that what the machine does meanwhile hits all alike.

mod cost;
mod forward;
mod idle;
mod life;
mod orphans;

use std::{env, path::PathBuf};

use anyhow::{Context as _, Result};

use super::{
    metric::Metric,
    plan::Plan,
    progress::Progress,
    samples::Samples,
    subject::{Kind, Subject},
};
use crate::platform::Platform;

/// What measures need to know.
pub(super) struct Context<'a> {
    pub(super) plan: &'a Plan,
    pub(super) platform: &'static Platform,
    /// The family's own pause, which as a command costs next to nothing.
    pub(super) sleeper: PathBuf,
}

/// What one round brings for one program.
type Figures = Vec<(Metric, f64)>;

struct Measure {
    /// What progress calls it.
    name: &'static str,
    of: &'static [Kind],
    rounds: fn(&Plan) -> u32,
    sample: fn(&Context, &Subject) -> Result<Figures>,
}

const ALL: &[Kind] = &[Kind::Init, Kind::Pause, Kind::Hello];
const SLEEPERS: &[Kind] = &[Kind::Init, Kind::Pause];

const INITS: &[Kind] = &[Kind::Init];
const MORTALS: &[Kind] = &[Kind::Init, Kind::Hello];

const MEASURES: [Measure; 8] = [
    Measure { name: "sizes", of: ALL, rounds: |_| 1, sample: cost::sizes },
    Measure { name: "instructions and calls", of: ALL, rounds: |plan| plan.counts, sample: cost::counts },
    Measure { name: "memory when idle", of: SLEEPERS, rounds: |plan| plan.starts, sample: idle::memory },
    Measure { name: "start to end", of: MORTALS, rounds: |plan| plan.lives, sample: life::whole },
    Measure { name: "SIGTERM to end", of: SLEEPERS, rounds: |plan| plan.endings, sample: life::ending },
    Measure { name: "forwarding", of: INITS, rounds: |plan| plan.forward_rounds, sample: forward::latency },
    Measure { name: "orphans", of: SLEEPERS, rounds: |plan| plan.orphan_rounds, sample: orphans::single },
    Measure {
        name: "orphans at once",
        of: SLEEPERS,
        rounds: |plan| plan.orphan_rounds,
        sample: orphans::burst,
    },
];

/// Takes all measures.
pub(super) fn all(context: &Context, subjects: &[Subject]) -> Result<Samples> {
    let mut samples = Samples::default();
    for measure in &MEASURES {
        let rounds = (measure.rounds)(context.plan);
        let takes_part = |subject: &&Subject| measure.of.contains(&subject.kind);
        let progress = Progress::new(measure.name, rounds);
        let taking_part: Vec<&Subject> = subjects.iter().filter(takes_part).collect();
        for round in 0..rounds as usize {
            // Nobody is always the one after the same other.
            let (before, after) = taking_part.split_at(round % taking_part.len());
            for subject in after.iter().chain(before) {
                let figures = (measure.sample)(context, subject)
                    .with_context(|| format!("{} of {}", measure.name, subject.name))?;
                samples.add(subject, figures);
            }
            progress.step();
        }
    }
    idle::wake_ups(context, subjects, &mut samples)?;
    ratios(subjects, &mut samples);
    Ok(samples)
}

/// How long each lived as a multiple of what this family's first of the kind took in the same round.
fn ratios(subjects: &[Subject], samples: &mut Samples) {
    for kind in MORTALS {
        let of_kind: Vec<&Subject> = subjects.iter().filter(|subject| subject.kind == *kind).collect();
        let Some(own) = of_kind.iter().find(|subject| subject.ours) else { continue };
        let own = samples.of(&own.name, Metric::Life).to_vec();
        for subject in of_kind {
            let lives = samples.of(&subject.name, Metric::Life).iter();
            let ratios = lives.zip(&own).map(|(life, own)| (Metric::LifeRatio, life / own)).collect();
            samples.add(subject, ratios);
        }
    }
}

/// The words that start this tool in a role.
fn helper(role: &[&str]) -> Result<Vec<String>> {
    let itself = env::current_exe()?.to_str().context("not UTF-8")?.to_owned();
    Ok([&itself, "bench-command"].into_iter().chain(role.iter().copied()).map(str::to_owned).collect())
}
