//! The measurements. Each consists of rounds, and each round measures all programs in turn, so that other load on the
//! machine affects all programs alike.

use std::{
    env,
    io::Write,
    path::Path,
    process::{Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context as _, Result};
use indicatif::{ProgressBar, ProgressIterator, ProgressStyle};
use nix::sys::signal::Signal;

use crate::{
    child,
    count::{self, Until},
    metric::Metric,
    running::Running,
    scheduling::in_new_pid_namespace,
    target::{Kind, Target},
};

/// Numbers of rounds, and the extent of a round.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Plan {
    pub(crate) rounds: usize,
    /// Rounds of measurements that take long.
    slow_rounds: usize,
    pub(crate) orphans: usize,
    pub(crate) idle: Duration,
}

impl Plan {
    /// Enough samples to compare the programs.
    pub(crate) const FULL: Self =
        Self { rounds: 200, slow_rounds: 7, orphans: 10_000, idle: Duration::from_secs(20) };

    /// Enough to see that everything works.
    pub(crate) const QUICK: Self =
        Self { rounds: 1, slow_rounds: 1, orphans: 100, idle: Duration::from_secs(2) };
}

struct Context<'a> {
    plan: &'a Plan,
    /// mote's pause, the child of an idle init.
    pause: String,
    /// This executable, the child of an init that has to do something.
    helper: String,
}

type Samples = Vec<(Metric, f64)>;

/// Name, programs that take part, number of rounds, and measurement of one program in one round.
type Measurement = (&'static str, &'static [Kind], fn(&Plan) -> usize, Sample);
type Sample = fn(&Context<'_>, &Target) -> Result<Samples>;

const ALL: &[Kind] = &[Kind::Init, Kind::Pause, Kind::Hello];
const SLEEPERS: &[Kind] = &[Kind::Init, Kind::Pause];
const MEASUREMENTS: [Measurement; 7] = [
    ("instructions and system calls", ALL, |plan| plan.slow_rounds, counts),
    ("memory when idle", SLEEPERS, |plan| plan.rounds, memory),
    ("start to exit", &[Kind::Init, Kind::Hello], |plan| plan.rounds, lifetime),
    ("SIGTERM to exit", SLEEPERS, |plan| plan.rounds, shutdown),
    ("signal to child", &[Kind::Init], |plan| plan.rounds, signal_latency),
    ("orphans one by one", SLEEPERS, |plan| plan.slow_rounds, orphans_one_by_one),
    ("orphans at once", SLEEPERS, |plan| plan.slow_rounds, orphans_at_once),
];

/// Adds the samples of all measurements to `targets`.
pub(crate) fn all(plan: &Plan, targets: &mut [Target]) -> Result<()> {
    let pause = targets.iter().find(|target| target.is_mote && target.kind == Kind::Pause);
    let pause = utf8(&pause.context("no pause")?.file.canonicalize()?)?;
    let context = Context { plan, pause, helper: utf8(&env::current_exe()?)? };
    for (name, kinds, rounds, sample) in MEASUREMENTS {
        let style = ProgressStyle::with_template("{msg:30} {wide_bar} {pos}/{len} {eta}")?;
        let progress = ProgressBar::no_length().with_message(name).with_style(style);
        let taking_part = targets.iter_mut().filter(|target| kinds.contains(&target.kind));
        let mut taking_part: Vec<&mut Target> = taking_part.collect();
        for _ in (0..rounds(plan)).progress_with(progress) {
            for target in &mut taking_part {
                let samples = sample(&context, target);
                let samples = samples.with_context(|| format!("can't measure {name} of {}", target.name))?;
                samples.into_iter().for_each(|(metric, sample)| target.add(metric, sample));
            }
            // Each program comes first in turn.
            taking_part.rotate_left(1);
        }
    }
    wake_ups(&context, targets)?;
    lifetime_ratios(targets);
    Ok(())
}

fn counts(_: &Context<'_>, target: &Target) -> Result<Samples> {
    let until = if target.kind == Kind::Pause { Until::Asleep } else { Until::Exit };
    let command = || {
        let mut command = target.command(&["true"]);
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        command
    };
    let instructions = in_new_pid_namespace(|| count::instructions(command(), until))?;
    let calls = in_new_pid_namespace(|| count::system_calls(command(), until))?;
    Ok(vec![(Metric::Instructions, instructions as f64), (Metric::SystemCalls, calls.len() as f64)])
}

/// Measures one start: the address of the stack, which is random, decides whether it takes another page.
fn memory(context: &Context<'_>, target: &Target) -> Result<Samples> {
    let running = idle(context, target)?;
    let samples = [
        (Metric::Resident, running.memory("Rss")?),
        (Metric::Proportional, running.memory("Pss")?),
        (Metric::PageTables, running.status()?.vmpte.context("no VmPTE")?),
    ];
    Ok(samples.map(|(metric, kilobytes)| (metric, kilobytes as f64)).into())
}

fn lifetime(_: &Context<'_>, target: &Target) -> Result<Samples> {
    let running = Running::pid_1(&mut target.command(&["true"]))?;
    let started = running.started;
    let exit = running.exit()?;
    let minor_faults = exit.minor_faults as f64;
    Ok(vec![(Metric::Lifetime, microseconds(exit.time - started)), (Metric::MinorFaults, minor_faults)])
}

fn shutdown(context: &Context<'_>, target: &Target) -> Result<Samples> {
    let running = idle(context, target)?;
    let start = Instant::now();
    running.signal(Signal::SIGTERM)?;
    Ok(vec![(Metric::Shutdown, microseconds(running.exit()?.time - start))])
}

/// Measures a few signals after one start.
fn signal_latency(context: &Context<'_>, target: &Target) -> Result<Samples> {
    let mut running = Running::pid_1(&mut target.command(&[&context.helper, "signal-times"]))?;
    running.line()?;
    let sample = |_| {
        running.settle()?;
        let sent = child::now()?;
        running.signal(Signal::SIGUSR1)?;
        let received: i64 = running.line()?.parse()?;
        Ok((Metric::SignalLatency, (received - sent) as f64 / 1e3))
    };
    (0..5).map(sample).collect()
}

fn orphans_one_by_one(context: &Context<'_>, target: &Target) -> Result<Samples> {
    orphans(context, target, "one-by-one", [Metric::OrphansOneByOne, Metric::OrphansOneByOneCpu])
}

fn orphans_at_once(context: &Context<'_>, target: &Target) -> Result<Samples> {
    orphans(context, target, "at-once", [Metric::OrphansAtOnce, Metric::OrphansAtOnceCpu])
}

fn orphans(context: &Context<'_>, target: &Target, role: &str, metrics: [Metric; 2]) -> Result<Samples> {
    let count = context.plan.orphans.to_string();
    let mut pid_1 = Running::pid_1(&mut target.command(&[&context.helper, role, &count]))?;
    // A pause starts no child: another process in its namespace creates the orphans.
    let mut beside = match target.kind {
        Kind::Pause => Some(pid_1.beside(Command::new(&context.helper).args([role, &count]))?),
        _ => None,
    };
    beside.as_mut().unwrap_or(&mut pid_1).line()?;
    pid_1.settle()?;
    let before = pid_1.cpu_time()?;
    let parent = beside.as_mut().unwrap_or(&mut pid_1);
    parent.input()?.write_all(b"\n")?;
    let nanoseconds: f64 = parent.line()?.parse()?;
    pid_1.settle()?;
    let cpu_time = pid_1.cpu_time()? - before;
    Ok(vec![(metrics[0], nanoseconds / 1e6), (metrics[1], cpu_time as f64 / 1e6)])
}

/// Counts the wake-ups of all programs while all are idle.
fn wake_ups(context: &Context<'_>, targets: &mut [Target]) -> Result<()> {
    let sleepers = targets.iter_mut().filter(|target| target.kind != Kind::Hello);
    let sleepers = sleepers.map(|target| {
        let running = idle(context, target)?;
        Ok((target, running.voluntary_switches()?, running))
    });
    let sleepers = sleepers.collect::<Result<Vec<_>>>()?;
    thread::sleep(context.plan.idle);
    for (target, before, running) in sleepers {
        target.add(Metric::WakeUps, (running.voluntary_switches()? - before) as f64);
    }
    Ok(())
}

/// Starts a program and waits until it is idle.
fn idle(context: &Context<'_>, target: &Target) -> Result<Running> {
    let running = Running::pid_1(&mut target.command(&[&context.pause]))?;
    if target.kind == Kind::Init {
        running.settle_child(Path::new(&context.pause))?;
    }
    running.settle()?;
    Ok(running)
}

/// Divides each lifetime by that of mote's first program of the kind in the same round.
fn lifetime_ratios(targets: &mut [Target]) {
    for targets in targets.chunk_by_mut(|one, next| one.kind == next.kind) {
        let own = targets.first().map_or(Vec::new(), |own| own.samples(Metric::Lifetime).to_vec());
        for target in targets {
            let lifetimes = target.samples(Metric::Lifetime).to_vec();
            lifetimes.iter().zip(&own).for_each(|(one, own)| target.add(Metric::LifetimeRatio, one / own));
        }
    }
}

fn microseconds(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1e6
}

fn utf8(path: &Path) -> Result<String> {
    Ok(path.to_str().with_context(|| format!("{} is not UTF-8", path.display()))?.to_owned())
}
