//! `-x` of pid1: another exit status in place of the child's.

use anyhow::{Context, Result, ensure};
use mote_tests::outcome::{End, same, text};
use mote_tests::test_dir::{exits, test_child, with, words};
use mote_tests::{Cpu, Suite, Target};

use crate::failure::run_fails;
use crate::fixture::pid1;
use crate::init::{Init, PID1, tests};

pub(crate) fn add(suite: Suite) -> Suite {
    tests!(suite;
        [PID1], Target::all() => x_maps_one_status_to_another, x_without_a_second_status_maps_to_0,
            x_is_repeatable_and_not_applied_to_its_result, x_maps_the_status_of_a_child_killed_by_a_signal,
            x_takes_all_256_statuses, x_does_not_map_the_statuses_of_pid1,
            x_does_not_map_the_statuses_of_pid1_while_zombies_are_reaped, x_maps_125_to_127_of_the_child,
            x_maps_125_to_127_of_the_child_while_orphans_exit)
}

fn script(target: Target, options: &str, script: &str) -> Result<i32> {
    let outcome = with(words(pid1(target), options), ["sh", "-c", script]).run()?;
    let End::Exited(status) = outcome.end else { anyhow::bail!("{outcome:?}") };
    let stderr = text(&outcome.stderr)?;
    let is_killed = script.starts_with("kill") && stderr.starts_with("pid1: sh: killed by SIG");
    ensure!(outcome.stdout.is_empty() && (stderr.is_empty() || is_killed), "{outcome:?}");
    Ok(status)
}

fn ends_with(target: Target, options: &str, command: &str, expected: i32) -> Result<()> {
    same(script(target, options, command)?, expected).with_context(|| format!("{options} {command}"))
}

fn x_maps_one_status_to_another(target: Target, _: Init) -> Result<()> {
    ends_with(target, "-x 7:9", "exit 7", 9)?;
    ends_with(target, "-x 7:9", "exit 9", 9)?;
    ends_with(target, "-x 7:9", "exit 8", 8)?;
    ends_with(target, "-x 0:255", "exit 0", 255)?;
    ends_with(target, "-x 7:7", "exit 7", 7)?;
    ends_with(target, "-x 255:0", "exit 255", 0)
}

fn x_without_a_second_status_maps_to_0(target: Target, _: Init) -> Result<()> {
    ends_with(target, "-x 7", "exit 7", 0)?;
    ends_with(target, "-x 0", "exit 0", 0)?;
    ends_with(target, "-x 7", "exit 1", 1)
}

fn x_is_repeatable_and_not_applied_to_its_result(target: Target, _: Init) -> Result<()> {
    let options = "-x 1:2 -x 2:3 -x 143 -x 9:8";
    for (status, expected) in [(1, 2), (2, 3), (3, 3), (143, 0), (9, 8), (0, 0)] {
        ends_with(target, options, &format!("exit {status}"), expected)?;
    }
    Ok(())
}

fn x_maps_the_status_of_a_child_killed_by_a_signal(target: Target, _: Init) -> Result<()> {
    ends_with(target, "-x 143:0", "kill -TERM $$", 0)?;
    ends_with(target, "-x 137:1", "kill -KILL $$", 1)?;
    ends_with(target, "-x 130", "kill -TERM $$", 143)
}

fn x_takes_all_256_statuses(target: Target, _: Init) -> Result<()> {
    let options: String = (0..=255).map(|status| format!("-x {status}:{} ", 255 - status)).collect();
    for status in [0, 1, 63, 64, 127, 128, 129, 200, 254, 255] {
        ends_with(target, &options, &format!("exit {status}"), 255 - status)?;
    }
    Ok(())
}

/// Options that would show if they were applied to the statuses of pid1.
const OWN: &str = "-x 125:0 -x 126:2 -x 127:3";

fn x_does_not_map_the_statuses_of_pid1(target: Target, _: Init) -> Result<()> {
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

fn x_does_not_map_the_statuses_of_pid1_while_zombies_are_reaped(target: Target, _: Init) -> Result<()> {
    for _ in 0..rounds(target) {
        run_fails(
            words(pid1(target).zombies(20), OWN).argument("/nonexistent"),
            127,
            "/nonexistent: not found",
        )?;
    }
    Ok(())
}

fn x_maps_125_to_127_of_the_child(target: Target, _: Init) -> Result<()> {
    for (command, status) in [("exit 125", 0), ("exit 126", 2), ("exit 127", 3)] {
        ends_with(target, OWN, command, status)?;
        ends_with(target, &format!("{OWN} -t 5 -u 0"), command, status)?;
    }
    // Without the other options.
    ends_with(target, "-x 127:4", "exit 127", 4)?;
    ends_with(target, "-x 127:4", "exit 126", 126)
}

/// Returns how often a race is tried.
fn rounds(target: Target) -> usize {
    if target.cpu == Cpu::Native { 100 } else { 20 }
}

/// Some orphans exit before the child, one while it does, and the last ones after it.
fn x_maps_125_to_127_of_the_child_while_orphans_exit(target: Target, _: Init) -> Result<()> {
    let child = test_child()?;
    for round in 0..rounds(target) {
        let (status, mapped) = [(125, 0), (126, 2), (127, 3)][round % 3];
        let steps = format!("orphans=3 [ ] pair [ exit=127 ] orphans=2 [ orphaned ] exit={status}");
        let start = words(words(pid1(target), OWN).argument(&child), &steps);
        exits(&start.run()?, mapped).with_context(|| format!("{status}"))?;
    }
    Ok(())
}
