//! The exit status: COMMAND's own, or 128 and the signal that killed it.

use anyhow::{Context, Result};
use mote_tests::test_dir::{TestDir, exits, with};
use mote_tests::{Suite, Target};

use crate::init::{Init, each};

pub(crate) fn add(suite: Suite) -> Suite {
    let (all, native) = (Target::all(), Target::native());
    let emulated = Target::emulated();
    let suite = each(suite, "passes_all_256_statuses_on", &native, |target, init| {
        (0..=255).try_for_each(|status| passes(target, init, status))
    });
    let suite = each(suite, "passes_statuses_on", &emulated, |target, init| {
        [0, 1, 2, 7, 63, 64, 125, 126, 127, 128, 143, 254, 255]
            .into_iter()
            .try_for_each(|status| passes(target, init, status))
    });
    let suite = each(suite, "a_death_by_signal_n_is_status_128_n", &native, |target, init| {
        dies(target, init, (1..=64).filter(|signal| !SPARED.contains(signal)))
    });
    // The emulators have other numbers for the real-time ones.
    let suite = each(suite, "a_death_by_a_classic_signal_n_is_status_128_n", &emulated, |target, init| {
        dies(target, init, [1, 2, 6, 9, 11, 15].into_iter())
    });
    each(suite, "has_the_status_of_command_and_not_of_orphans", &all, orphans)
}

/// By default they end nobody.
const SPARED: [i32; 8] = [17, 18, 19, 20, 21, 22, 23, 28];

fn passes(target: Target, init: Init, status: i32) -> Result<()> {
    let script = format!("exit {status}");
    exits(&with(init.start(target), ["--", "sh", "-c", &script]).run()?, status)
}

fn dies(target: Target, init: Init, mut signals: impl Iterator<Item = i32>) -> Result<()> {
    let dir = TestDir::new()?;
    signals.try_for_each(|signal| {
        exits(&dir.play(init.start(target), "", &format!("die={signal}"))?.run()?, 128 + signal)
    })
}

/// They die of COMMAND's death or just before, with another status.
fn orphans(target: Target, init: Init) -> Result<()> {
    let dir = TestDir::new()?;
    for round in 0..30 {
        for steps in ["pair [ exit=7 ] exit=3", "orphans=3 [ exit=7 ] exit=3", "daemon [ exit=7 ] exit=3"] {
            let outcome = dir.play(init.start(target), "", steps)?.run()?;
            exits(&outcome, 3).with_context(|| format!("{steps}, round {round}"))?;
        }
    }
    Ok(())
}
