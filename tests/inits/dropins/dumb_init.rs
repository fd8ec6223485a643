//! dumb-init's own ways: `-r`, `-v`, and the signals that stop jobs.

use anyhow::{Context, Result};
use mote_tests::test_dir::{TestDir, command_of, exits, send, with};
use mote_tests::{Launcher, Running, Suite, Target, process, until};

use crate::dropins::forward::listening;
use crate::dropins::reaping::until_it_waits;
use crate::init::{DUMB_INIT, Init, of, says, says_without_pids};

/// The message about a value that `-r` does not take.
pub(crate) const REWRITE_USAGE: &str = "Usage: -r option takes <signum>:<signum>, where <signum> is between 1 and 31.\n\
     This option can be specified multiple times.\n\
     Use --help for full usage.\n";

pub(crate) fn add(suite: Suite) -> Suite {
    let all = Target::all();
    let suite = of(suite, DUMB_INIT, "r_rewrites_a_signal", &all, rewrites);
    let suite = of(suite, DUMB_INIT, "r_0_drops_a_signal", &all, drops);
    let suite = of(suite, DUMB_INIT, "r_takes_every_pair_of_some_signals", &Target::native(), every_pair);
    let suite = of(suite, DUMB_INIT, "a_wrong_r_is_explained_and_command_does_not_run", &all, wrong);
    let suite = of(suite, DUMB_INIT, "v_says_what_it_does", &all, |target, init| {
        talks(init.start(target), "-v", "")?;
        talks(init.start(target), "--verbose", "")
    });
    let suite = of(suite, DUMB_INIT, "debug_in_the_environment_counts", &all, |target, init| {
        talks(init.start(target).env("DUMB_INIT_DEBUG", "1"), "", "[dumb-init] Running in debug mode.\n")
    });
    let suite = of(suite, DUMB_INIT, "other_values_in_the_environment_do_not_count", &all, |target, init| {
        ["0", "2", "", "10", "yes"].into_iter().try_for_each(|value| {
            exits(&with(init.start(target).env("DUMB_INIT_DEBUG", value), ["sh", "-c", "exit 7"]).run()?, 7)
        })
    });
    let suite = of(suite, DUMB_INIT, "v_tells_of_the_session", &all, session);
    let suite = of(suite, DUMB_INIT, "v_tells_of_rewriting", &all, rewriting_is_told);
    let suite = of(suite, DUMB_INIT, "signals_of_a_terminal_stop_command", &all, stops);
    let suite = of(suite, DUMB_INIT, "signals_of_a_terminal_stop_both_below_process_1", &all, stops_both);
    of(suite, DUMB_INIT, "signals_of_a_terminal_go_to_a_single_child_as_they_are", &all, single_child)
}

/// Sends signals one by one, and waits for what becomes of them.
fn becomes(launcher: Launcher, options: &str, pairs: &[(i32, i32)]) -> Result<()> {
    let (dir, running) = listening(launcher, options)?;
    let mut expected = Vec::new();
    for (sent, forwarded) in pairs {
        send(running.pid(), *sent)?;
        expected.push(*forwarded);
        dir.until_signals("", &expected).with_context(|| format!("{options}: {sent}"))?;
    }
    Ok(())
}

fn rewrites(target: Target, init: Init) -> Result<()> {
    for option in [
        "-r 15:3",
        "-r15:3",
        "--rewrite 15:3",
        "--rewrite=15:3",
        "--rew=15:3",
        "-cr 15:3",
        "-r TERM:QUIT",
        "-r SIGTERM:SIGQUIT",
        "-r 15:QUIT",
        "--rewrite=SIGTERM:3",
    ] {
        becomes(init.start(target), option, &[(15, 3), (10, 10)])?;
    }
    // One after the other, and not applied to its result.
    let options = "-r 15:2 -r 2:1 -r 10:12 -r 12:10 -r 1:9 -r 1:1";
    becomes(init.start(target), options, &[(15, 2), (2, 1), (10, 12), (12, 10), (1, 1)])?;
    becomes(init.start(target), "-r 20:10 -r 21:21", &[(20, 10), (21, 21)])
}

/// Signals are taken lowest number first, so SIGWINCH shows that the one before it was seen.
fn drops(target: Target, init: Init) -> Result<()> {
    for (option, signal) in [("-r 15:0", 15), ("--rewrite=1:0", 1), ("-r 20:0", 20), ("-r TERM:0", 15)] {
        let (dir, running) = listening(init.start(target), option)?;
        send(running.pid(), signal)?;
        send(running.pid(), 28)?;
        dir.until_signals("", &[28])?;
    }
    Ok(())
}

/// SIGKILL and SIGSTOP can be had as well, and are shown otherwise.
fn every_pair(target: Target, init: Init) -> Result<()> {
    let signals = [1, 2, 3, 6, 10, 11, 12, 13, 14, 15, 18, 28, 31];
    for to in signals {
        let options: String = signals.iter().map(|from| format!("-r {from}:{to} ")).collect();
        let pairs: Vec<(i32, i32)> = signals.iter().map(|from| (*from, to)).collect();
        becomes(init.start(target), &options, &pairs)?;
    }
    let (_scene, running) = listening(init.start(target), "-r 15:9")?;
    send(running.pid(), 15)?;
    exits(&running.wait()?, 137)
}

fn wrong(target: Target, init: Init) -> Result<()> {
    let dir = TestDir::new()?;
    for value in [
        "1",
        "a:b",
        "1:",
        ":1",
        "0:1",
        "32:1",
        "1:32",
        "1:-1",
        "-1:1",
        "",
        "15,2",
        "TERM",
        "TERM:",
        "TERM:NOPE",
        "NOPE:INT",
        "term:int",
        "RTMIN:1",
        "1:RTMIN",
    ] {
        let launcher = with(init.start(target).cwd(dir.path()), ["-r", value, "touch", "ran"]);
        says(&launcher.run()?, "", REWRITE_USAGE, 1).with_context(|| value.to_owned())?;
    }
    anyhow::ensure!(!dir.join("ran").exists(), "COMMAND ran");
    Ok(())
}

/// Without a session, of which the child speaks: then nobody knows who speaks first.
fn talks(launcher: Launcher, options: &str, first: &str) -> Result<()> {
    let dir = TestDir::new()?;
    let running = dir.start(launcher, &format!("{options} -c"), "block say=ready hear=10 exit=3")?;
    send(running.pid(), 10)?;
    let lines = "[dumb-init] Child spawned with PID N.\n\
                 [dumb-init] Received signal 10.\n\
                 [dumb-init] Forwarded signal 10 to children.\n\
                 [dumb-init] Received signal 17.\n\
                 [dumb-init] A child with PID N exited with exit status 3.\n\
                 [dumb-init] Forwarded signal 15 to children.\n\
                 [dumb-init] Child exited with status 3. Goodbye.\n";
    says_without_pids(&running.wait()?, "", &format!("{first}{lines}"), 3)
}

/// The lines of both, sorted.
fn session(target: Target, init: Init) -> Result<()> {
    let dir = TestDir::new()?;
    let running = dir.start(init.start(target), "-v", "block say=ready hear=10 die=9")?;
    send(running.pid(), 10)?;
    let mut outcome = running.wait()?;
    let mut lines: Vec<&[u8]> = outcome.stderr.split_inclusive(|byte| *byte == b'\n').collect();
    lines.sort_unstable();
    outcome.stderr = lines.concat();
    let expected = "[dumb-init] A child with PID N was terminated by signal 9.\n\
                    [dumb-init] Child exited with status 137. Goodbye.\n\
                    [dumb-init] Child spawned with PID N.\n\
                    [dumb-init] Forwarded signal 10 to children.\n\
                    [dumb-init] Forwarded signal 15 to children.\n\
                    [dumb-init] Received signal 10.\n\
                    [dumb-init] Received signal 17.\n\
                    [dumb-init] Unable to attach to controlling tty (errno=25).\n\
                    [dumb-init] Unable to detach from controlling tty (errno=25).\n\
                    [dumb-init] setsid complete.\n";
    says_without_pids(&outcome, "", expected, 137)
}

fn rewriting_is_told(target: Target, init: Init) -> Result<()> {
    let dir = TestDir::new()?;
    let options = "-v -c -r 10:12 -r 1:0";
    let running = dir.start(init.start(target), options, "block say=ready hear=12 exit=3")?;
    send(running.pid(), 1)?;
    send(running.pid(), 10)?;
    let lines = "[dumb-init] Child spawned with PID N.\n\
                 [dumb-init] Received signal 1.\n\
                 [dumb-init] Translating signal 1 to 0.\n\
                 [dumb-init] Not forwarding signal 0 to children (ignored).\n\
                 [dumb-init] Received signal 10.\n\
                 [dumb-init] Translating signal 10 to 12.\n\
                 [dumb-init] Forwarded signal 12 to children.\n\
                 [dumb-init] Received signal 17.\n\
                 [dumb-init] A child with PID N exited with exit status 3.\n\
                 [dumb-init] Forwarded signal 15 to children.\n\
                 [dumb-init] Child exited with status 3. Goodbye.\n";
    says_without_pids(&running.wait()?, "", lines, 3)
}

const STOPPING: [i32; 3] = [20, 21, 22];
const CONT: i32 = 18;

/// Waits until a process is stopped, or until it is not.
fn until_stopped(pid: i32, stopped: bool) -> Result<()> {
    let what = if stopped { "a stopped process" } else { "a process that is not stopped" };
    until(what, || Ok(((process::state(pid)? == 'T') == stopped).then_some(())))
}

/// COMMAND is told to end, and does.
fn ends(running: Running) -> Result<()> {
    send(running.pid(), 12)?;
    exits(&running.wait()?, 3)
}

/// PID 1 itself can't be stopped. What it tries discards a SIGCONT that has come but was not taken yet, as in the
/// program replaced, so that one comes later.
fn stops(target: Target, init: Init) -> Result<()> {
    for signal in STOPPING {
        let dir = TestDir::new()?;
        let running = dir.start(init.start(target), "", "block say=ready hear=12 exit=3")?;
        let command = command_of(&running)?;
        send(running.pid(), signal)?;
        until_stopped(command, true)?;
        until_it_waits(&running)?;
        send(running.pid(), CONT)?;
        until_stopped(command, false)?;
        dir.until_signals("", &[CONT])?;
        ends(running)?;
    }
    Ok(())
}

fn stops_both(target: Target, init: Init) -> Result<()> {
    for signal in STOPPING {
        let dir = TestDir::new()?;
        let running = dir.start(init.below(target), "", "block say=ready hear=12 exit=3")?;
        let command = command_of(&running)?;
        send(running.pid(), signal)?;
        until_stopped(command, true)?;
        until_stopped(running.pid(), true)?;
        send(running.pid(), CONT)?;
        until_stopped(running.pid(), false)?;
        until_stopped(command, false)?;
        until("the signal", || Ok((dir.signals("", 2)? == [CONT]).then_some(())))?;
        ends(running)?;
    }
    Ok(())
}

/// COMMAND blocks it, and is not stopped; dumb-init is.
fn single_child(target: Target, init: Init) -> Result<()> {
    for signal in STOPPING {
        let dir = TestDir::new()?;
        let running = dir.start(init.below(target), "-c", "block say=ready hear=12 exit=3")?;
        send(running.pid(), signal)?;
        until_stopped(running.pid(), true)?;
        until("the signal", || Ok((dir.signals("", 2)? == [signal]).then_some(())))?;
        send(running.pid(), CONT)?;
        until_stopped(running.pid(), false)?;
        until("the signal", || Ok((dir.signals("", 2)? == [signal, CONT]).then_some(())))?;
        ends(running)?;
    }
    Ok(())
}
