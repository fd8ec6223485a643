//! The exit status: COMMAND's own, or 128 and the signal that killed it, after `-x`.

use anyhow::{Context, Result};
use mote_tests::{Case, Cpu, Suite};

use crate::scene::{Scene, exits, pid1, with, words};

pub(crate) fn add(suite: Suite) -> Suite {
    let all = Case::all();
    suite
        .each("pid1::passes_all_256_statuses_on", &all, every_status)
        .each("pid1::a_death_by_signal_n_is_status_128_n", &all, every_death)
        .each("pid1::x_maps_one_status_to_another", &all, maps)
        .each("pid1::x_alone_means_status_0", &all, maps_to_zero)
        .each("pid1::x_can_be_repeated", &all, maps_several)
        .each("pid1::x_maps_the_status_of_a_death_by_signal", &all, maps_deaths)
        .each("pid1::x_takes_all_256_statuses", &all, maps_all)
        .each("pid1::x_does_not_touch_its_own_statuses", &all, maps_only_commands)
}

fn script(case: Case, options: &str, script: &str) -> Result<i32> {
    let outcome = with(words(pid1(case), options), ["sh", "-c", script]).run()?;
    let mote_tests::outcome::End::Exited(status) = outcome.end else { anyhow::bail!("{outcome:?}") };
    exits(&outcome, status)?;
    Ok(status)
}

fn ends_with(case: Case, options: &str, command: &str, expected: i32) -> Result<()> {
    mote_tests::outcome::same(script(case, options, command)?, expected)
        .with_context(|| format!("{options} {command}"))
}

fn every_status(case: Case) -> Result<()> {
    (0..=255).try_for_each(|status| ends_with(case, "", &format!("exit {status}"), status))
}

/// SIGKILL and every other signal that ends a process that has not arranged for it.
fn every_death(case: Case) -> Result<()> {
    let spared = [17, 18, 19, 20, 21, 22, 23, 28];
    // The emulators have other numbers for the real-time ones.
    let highest = if case.cpu == Cpu::Native { 64 } else { 31 };
    let scene = Scene::new()?;
    for signal in (1..=highest).filter(|signal| !spared.contains(signal)) {
        exits(&scene.play(pid1(case), "", &format!("die={signal}"))?.run()?, 128 + signal)?;
    }
    Ok(())
}

fn maps(case: Case) -> Result<()> {
    ends_with(case, "-x 7:9", "exit 7", 9)?;
    ends_with(case, "-x 7:9", "exit 9", 9)?;
    ends_with(case, "-x 7:9", "exit 8", 8)?;
    ends_with(case, "-x 0:255", "exit 0", 255)?;
    ends_with(case, "-x 7:7", "exit 7", 7)?;
    ends_with(case, "-x 255:0", "exit 255", 0)
}

fn maps_to_zero(case: Case) -> Result<()> {
    ends_with(case, "-x 7", "exit 7", 0)?;
    ends_with(case, "-x 0", "exit 0", 0)?;
    ends_with(case, "-x 7", "exit 1", 1)
}

/// One mapping after another is not applied to its result.
fn maps_several(case: Case) -> Result<()> {
    let options = "-x 1:2 -x 2:3 -x 143 -x 9:8";
    for (status, expected) in [(1, 2), (2, 3), (3, 3), (143, 0), (9, 8), (0, 0)] {
        ends_with(case, options, &format!("exit {status}"), expected)?;
    }
    Ok(())
}

fn maps_deaths(case: Case) -> Result<()> {
    ends_with(case, "-x 143:0", "kill -TERM $$", 0)?;
    ends_with(case, "-x 137:1", "kill -KILL $$", 1)?;
    ends_with(case, "-x 130", "kill -TERM $$", 143)
}

fn maps_all(case: Case) -> Result<()> {
    let options: String = (0..=255).map(|status| format!("-x {status}:{} ", 255 - status)).collect();
    for status in [0, 1, 63, 64, 127, 128, 129, 200, 254, 255] {
        ends_with(case, &options, &format!("exit {status}"), 255 - status)?;
    }
    Ok(())
}

fn maps_only_commands(case: Case) -> Result<()> {
    let options = "-x 125:1 -x 126:2 -x 127:3";
    for (command, status) in [
        ("--nonsense", 125),
        ("-w /nonexistent true", 125),
        ("-u nobody-of-this-name true", 125),
        ("/etc", 126),
        ("/nonexistent", 127),
    ] {
        let outcome = words(words(pid1(case), options), command).run()?;
        mote_tests::outcome::same(outcome.end, mote_tests::outcome::End::Exited(status))
            .with_context(|| command.to_owned())?;
    }
    // The same ones, if they are COMMAND's.
    for (command, status) in [("exit 125", 1), ("exit 126", 2), ("exit 127", 3)] {
        ends_with(case, options, command, status)?;
    }
    Ok(())
}
