//! The long run: new inputs for as long as is asked for.

use std::env;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use clap::Parser;
use xtask::exit::unknown;

use crate::engine::{Engine, Failure, corpus, coverage};
use crate::targets::{KINDS, Kind};

/// Makes inputs and tries them.
#[derive(Parser)]
struct Arguments {
    /// What is fuzzed; everything, if nothing is named
    targets: Vec<String>,
    /// How long, for each
    #[arg(long)]
    seconds: u64,
    /// What inputs depend on
    #[arg(long)]
    seed: u64,
    /// Put the smallest inputs that reach as much into the corpus
    #[arg(long)]
    keep: bool,
}

pub(crate) fn run() -> Result<ExitCode> {
    let arguments = Arguments::parse_from(env::args_os().skip(1));
    let mut code = ExitCode::SUCCESS;
    for kind in chosen(&arguments.targets)? {
        if !fuzz(kind, &arguments)? {
            code = ExitCode::FAILURE;
        }
    }
    Ok(code)
}

fn chosen(names: &[String]) -> Result<Vec<&'static Kind>> {
    let find = |name: &String| {
        let kind = KINDS.iter().find(|kind| kind.name == name);
        kind.ok_or_else(|| unknown("target", name, KINDS.iter().map(|kind| kind.name)))
    };
    if names.is_empty() { Ok(KINDS.iter().collect()) } else { names.iter().map(find).collect() }
}

/// True if no rule was broken.
fn fuzz(kind: &'static Kind, arguments: &Arguments) -> Result<bool> {
    let Arguments { seconds, seed, keep, .. } = arguments;
    let mut target = kind.target(kind.host())?;
    let known = corpus::load(kind.name).unwrap_or_default();
    let mut engine = Engine::new(&mut target, known.iter().map(|(_, input)| input.clone()).collect(), *seed);
    let start = Instant::now();
    let mut count = 0_u64;
    let mut failure = None;
    for (name, input) in &known {
        count += 1;
        if let Err(found) = engine.replay(input) {
            failure = Some((format!("the corpus's {name}"), found));
        }
    }
    while failure.is_none() && start.elapsed() < Duration::from_secs(*seconds) {
        count += 1;
        failure =
            engine.step().err().map(|found| (format!("a new input after {:.1?}", start.elapsed()), found));
    }
    let took = start.elapsed().as_secs_f64();
    println!(
        "{}: {count} inputs in {took:.0} s ({:.0} a second) from {} of the corpus, seed {seed}; {} inputs lead to \
         {} edges, by how often",
        kind.name,
        count as f64 / took,
        known.len(),
        engine.inputs.len(),
        engine.seen.count(),
    );
    if let Some((origin, Failure { input, error })) = failure {
        let file = corpus::keep(kind.name, &input)?;
        println!("{}: {origin} broke a rule: {error:#}", kind.name);
        println!("    \"{}\"\n    is kept as {}", input.escape_ascii(), file.display());
        return Ok(false);
    }
    if *keep && coverage::is_there() {
        let staying = known.iter().filter(|(name, _)| !corpus::is_made(name));
        let inputs = engine.minimised(staying.map(|(_, input)| input.as_slice()));
        corpus::replace(kind.name, &inputs).context("can't write the corpus")?;
        println!("{}: {} inputs, beside those with names, reach as much", kind.name, inputs.len());
    }
    Ok(true)
}
