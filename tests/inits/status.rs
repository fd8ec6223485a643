//! The exit status: COMMAND's own, or 128 and the signal that killed it, after `-x`.

use anyhow::{Context, Result, ensure};
use mote_tests::outcome::{End, same, text};
use mote_tests::{Cpu, Suite, Target};
use nix::sys::signal::Signal;

use crate::failure::{fails, run_fails};
use crate::fixture::{TestDir, exits, pid1, test_child, with, words};

pub(crate) fn add(suite: Suite) -> Suite {
    let all = Target::all();
    suite
        .each("pid1::passes_all_256_statuses_on", &all, every_status)
        .each("pid1::a_death_by_signal_n_is_status_128_n", &all, every_death)
        .each("pid1::x_maps_one_status_to_another", &all, maps)
        .each("pid1::x_alone_means_status_0", &all, maps_to_zero)
        .each("pid1::x_can_be_repeated", &all, maps_several)
        .each("pid1::x_maps_the_status_of_a_death_by_signal", &all, maps_deaths)
        .each("pid1::x_takes_all_256_statuses", &all, maps_all)
        .each("pid1::x_does_not_touch_its_own_statuses", &all, not_its_own)
        .each("pid1::x_does_not_touch_its_own_statuses_while_others_die", &all, not_its_own_in_a_race)
        .each("pid1::x_maps_125_to_127_of_command", &all, maps_own_numbers)
        .each("pid1::x_maps_125_to_127_of_command_while_an_orphan_dies", &all, maps_in_a_race)
}

fn script(target: Target, options: &str, script: &str) -> Result<i32> {
    let outcome = with(words(pid1(target), options), ["sh", "-c", script]).run()?;
    let End::Exited(status) = outcome.end else { anyhow::bail!("{outcome:?}") };
    let stderr = text(&outcome.stderr)?;
    let is_death = script.starts_with("kill") && stderr.starts_with("pid1: sh: killed by SIG");
    ensure!(outcome.stdout.is_empty() && (stderr.is_empty() || is_death), "{outcome:?}");
    Ok(status)
}

fn ends_with(target: Target, options: &str, command: &str, expected: i32) -> Result<()> {
    same(script(target, options, command)?, expected).with_context(|| format!("{options} {command}"))
}

fn every_status(target: Target) -> Result<()> {
    (0..=255).try_for_each(|status| ends_with(target, "", &format!("exit {status}"), status))
}

/// SIGKILL and every other signal that ends a process that has not arranged for it.
fn every_death(target: Target) -> Result<()> {
    let spared = [17, 18, 19, 20, 21, 22, 23, 28];
    // The emulators have other numbers for the real-time ones.
    let highest = if target.cpu == Cpu::Native { 64 } else { 31 };
    let dir = TestDir::new()?;
    for signal in (1..=highest).filter(|signal| !spared.contains(signal)) {
        let outcome = dir.play(pid1(target), "", &format!("die={signal}"))?.run()?;
        let name = match Signal::try_from(signal) {
            Ok(signal) => signal.to_string(),
            Err(_) if signal < 34 => format!("SIG{signal}"),
            Err(_) => format!("SIGRTMIN+{}", signal - 34),
        };
        let message = format!("{}: killed by {name}", test_child()?.display());
        fails(&outcome, 128 + signal, &message)?;
    }
    Ok(())
}

fn maps(target: Target) -> Result<()> {
    ends_with(target, "-x 7:9", "exit 7", 9)?;
    ends_with(target, "-x 7:9", "exit 9", 9)?;
    ends_with(target, "-x 7:9", "exit 8", 8)?;
    ends_with(target, "-x 0:255", "exit 0", 255)?;
    ends_with(target, "-x 7:7", "exit 7", 7)?;
    ends_with(target, "-x 255:0", "exit 255", 0)
}

fn maps_to_zero(target: Target) -> Result<()> {
    ends_with(target, "-x 7", "exit 7", 0)?;
    ends_with(target, "-x 0", "exit 0", 0)?;
    ends_with(target, "-x 7", "exit 1", 1)
}

/// One mapping after another is not applied to its result.
fn maps_several(target: Target) -> Result<()> {
    let options = "-x 1:2 -x 2:3 -x 143 -x 9:8";
    for (status, expected) in [(1, 2), (2, 3), (3, 3), (143, 0), (9, 8), (0, 0)] {
        ends_with(target, options, &format!("exit {status}"), expected)?;
    }
    Ok(())
}

fn maps_deaths(target: Target) -> Result<()> {
    ends_with(target, "-x 143:0", "kill -TERM $$", 0)?;
    ends_with(target, "-x 137:1", "kill -KILL $$", 1)?;
    ends_with(target, "-x 130", "kill -TERM $$", 143)
}

fn maps_all(target: Target) -> Result<()> {
    let options: String = (0..=255).map(|status| format!("-x {status}:{} ", 255 - status)).collect();
    for status in [0, 1, 63, 64, 127, 128, 129, 200, 254, 255] {
        ends_with(target, &options, &format!("exit {status}"), 255 - status)?;
    }
    Ok(())
}

/// Options that map the statuses of pid1, and would show if they were applied to them.
const OWN: &str = "-x 125:0 -x 126:2 -x 127:3";

fn not_its_own(target: Target) -> Result<()> {
    for (command, status, message) in [
        ("--nonsense", 125, "--nonsense: unknown option; see pid1 --help"),
        ("", 125, "COMMAND missing; see pid1 --help"),
        ("-w /nonexistent true", 125, "/nonexistent: ENOENT"),
        ("-u nobody-of-this-name true", 125, "nobody-of-this-name: unknown user"),
        ("/etc", 126, "/etc: EACCES"),
        ("/nonexistent", 127, "/nonexistent: not found"),
        ("nonexistent-command", 127, "nonexistent-command: not found"),
    ] {
        run_fails(words(words(pid1(target), OWN), command), status, message)?;
        // Nor if the options come in another order.
        if !command.is_empty() && !command.starts_with("--") {
            let (options, name) = command.rsplit_once(' ').unwrap_or(("", command));
            run_fails(words(words(words(pid1(target), options), OWN), name), status, message)?;
        }
    }
    Ok(())
}

fn not_its_own_in_a_race(target: Target) -> Result<()> {
    for _ in 0..rounds(target) {
        run_fails(
            words(pid1(target).zombies(20), OWN).argument("/nonexistent"),
            127,
            "/nonexistent: not found",
        )?;
    }
    Ok(())
}

fn maps_own_numbers(target: Target) -> Result<()> {
    for (command, status) in [("exit 125", 0), ("exit 126", 2), ("exit 127", 3)] {
        ends_with(target, OWN, command, status)?;
        ends_with(target, &format!("{OWN} -t 5 -u 0"), command, status)?;
    }
    // Without the other options.
    ends_with(target, "-x 127:4", "exit 127", 4)?;
    ends_with(target, "-x 127:4", "exit 126", 126)
}

/// So often is a race tried.
fn rounds(target: Target) -> usize {
    if target.cpu == Cpu::Native { 100 } else { 20 }
}

/// An orphan dies before, another one while COMMAND does, and the last ones outlive it.
fn maps_in_a_race(target: Target) -> Result<()> {
    let child = test_child()?;
    for round in 0..rounds(target) {
        let (status, mapped) = [(125, 0), (126, 2), (127, 3)][round % 3];
        let steps = format!("orphans=3 [ ] pair [ exit=127 ] orphans=2 [ orphaned ] exit={status}");
        let start = words(words(pid1(target), OWN).argument(&child), &steps);
        exits(&start.run()?, mapped).with_context(|| format!("{status}"))?;
    }
    Ok(())
}
