//! Comparing what two programs showed.

use anyhow::{Result, ensure};

use crate::observe::observe;
use crate::scenario::Scenario;

/// Plays an entry with the peer and with ours: they show the same, but for the lines that the entry names.
pub(crate) fn compare(scenario: &Scenario) -> Result<()> {
    let theirs_path = scenario.peer.theirs()?;
    let theirs = observe(scenario, &theirs_path)?;
    let (expected_theirs, expected_ours) = match &scenario.difference {
        Some((_, theirs, ours)) => (theirs.clone(), ours.clone()),
        None => (Vec::new(), Vec::new()),
    };
    let Some(ours_path) = scenario.peer.ours()? else {
        let again = observe(scenario, &theirs_path)?;
        ensure!(theirs == again, "the peer\n{}once more\n{}", show(&theirs), show(&again));
        ensure!(expected_theirs.iter().all(|line| theirs.contains(line)), "the peer\n{}", show(&theirs));
        ensure!(!expected_ours.iter().any(|line| theirs.contains(line)), "the peer\n{}", show(&theirs));
        return Ok(());
    };
    let ours = observe(scenario, &ours_path)?;
    let differs = (without(&theirs, &ours), without(&ours, &theirs));
    ensure!(
        differs == (expected_theirs.clone(), expected_ours.clone()),
        "only the peer\n{}only ours\n{}expected of the peer\n{}expected of ours\n{}the peer\n{}ours\n{}",
        show(&differs.0),
        show(&differs.1),
        show(&expected_theirs),
        show(&expected_ours),
        show(&theirs),
        show(&ours),
    );
    // The same lines in another order are no difference that an entry could name.
    let common = |mine: &[String], only: &[String]| without(mine, only);
    ensure!(
        common(&theirs, &differs.0) == common(&ours, &differs.1),
        "in another order\n{}ours\n{}",
        show(&theirs),
        show(&ours)
    );
    Ok(())
}

/// The lines of `lines` that `others` has not, or has less often.
fn without(lines: &[String], others: &[String]) -> Vec<String> {
    let mut others = others.to_vec();
    let mut rest = Vec::new();
    for line in lines {
        match others.iter().position(|other| other == line) {
            Some(index) => drop(others.swap_remove(index)),
            None => rest.push(line.clone()),
        }
    }
    rest
}

fn show(lines: &[String]) -> String {
    lines.iter().map(|line| format!("    {line}\n")).collect()
}
