//! One scenario with one error: first without a refusal, then with each call refused.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::sync::{Mutex, PoisonError};

use anyhow::{Context, Result, bail, ensure};
use mote_tests::{Target, require};
use nix::errno::Errno;

use crate::refusal::{Refusal, When, Who};
use crate::scenario::{Scenario, Stage};
use crate::tracer::{self, Plan, Trace};

/// Numbers of refusals and scenarios of a platform.
#[derive(Default)]
struct Counts {
    refusals: usize,
    scenarios: BTreeSet<(&'static str, &'static str)>,
}

static COUNTS: Mutex<BTreeMap<&'static str, Counts>> = Mutex::new(BTreeMap::new());

/// Runs a scenario with all refusals of one error.
pub(crate) fn run(scenario: &'static Scenario, target: Target, errno: Errno) -> Result<()> {
    require::root()?;
    let plain = observe(scenario, target, None)?;
    (scenario.judge)(scenario, None, &plain).with_context(|| format!("without a refusal: {plain:?}"))?;
    let (mut refused, mut wrong) = (0, Vec::new());
    for refusal in refusals(scenario, &plain, errno) {
        let result = observe(scenario, target, Some(refusal)).and_then(|trace| {
            refused += usize::from(trace.refused > 0);
            ensure!(trace.strays.is_empty(), "{:?}", trace.strays);
            (scenario.judge)(scenario, Some(refusal), &trace)
        });
        if let Err(error) = result {
            wrong.push(format!("{refusal}: {error:#}"));
        }
    }
    count(scenario, target, refused);
    if wrong.is_empty() { Ok(()) } else { bail!("{} of {refused}:\n{}", wrong.len(), wrong.join("\n")) }
}

/// Runs a scenario once.
pub(crate) fn observe(scenario: &Scenario, target: Target, refusal: Option<Refusal>) -> Result<Trace> {
    let mut stage = Stage::new(target)?;
    let command = stage.start(scenario)?.command()?;
    let Scenario { trigger, patience, .. } = scenario;
    let plan = Plan { target, trigger: trigger.as_ref(), patience: *patience, refusal };
    let mut trace = tracer::run(&plan, command)?;
    trace.files = files(stage.dir.path())?;
    Ok(trace)
}

fn files(directory: &Path) -> Result<Vec<String>> {
    let describe = |entry: fs::DirEntry| -> Result<String> {
        let metadata = entry.metadata()?;
        let name = entry.file_name().display().to_string();
        Ok(format!("{name} {:o} {}", metadata.permissions().mode() & 0o7777, metadata.len()))
    };
    let mut files = fs::read_dir(directory)?.map(|entry| describe(entry?)).collect::<Result<Vec<_>>>()?;
    files.sort();
    Ok(files)
}

/// Returns all refusals of one error.
fn refusals(scenario: &Scenario, plain: &Trace, errno: Errno) -> Vec<Refusal> {
    let mut refusals = Vec::new();
    let mut counts: BTreeMap<(Who, &'static str), usize> = BTreeMap::new();
    let mut counted = BTreeSet::new();
    let mut begun = scenario.from.is_none();
    for call in &plain.calls {
        begun |= scenario.from == Some(call.name);
        let count = counts.entry((call.who, call.name)).or_default();
        *count += 1;
        if begun {
            let (who, name) = (call.who, call.name);
            refusals.push(Refusal { who, call: name, when: When::Once(*count), errno });
            counted.insert((who, name));
        }
    }
    for &(who, call) in &counted {
        refusals.push(Refusal { who, call, when: When::Always, errno });
        if who == Who::Child && counted.contains(&(Who::Init, call)) {
            refusals.push(Refusal { who: Who::Both, call, when: When::Always, errno });
        }
    }
    refusals
}

fn count(scenario: &Scenario, target: Target, refused: usize) {
    let mut counts = COUNTS.lock().unwrap_or_else(PoisonError::into_inner);
    let counts = counts.entry(target.platform.docker).or_default();
    counts.refusals += refused;
    counts.scenarios.insert((scenario.program, scenario.name));
}

/// Prints how much was tried.
pub(crate) fn tell_counts() {
    for (platform, Counts { refusals, scenarios }) in
        COUNTS.lock().unwrap_or_else(PoisonError::into_inner).iter()
    {
        println!("faults: {platform}: {refusals} refusals in {} scenarios", scenarios.len());
    }
}
