//! `-s`: further stop signals.

use anyhow::{Context, Result};
use mote_tests::signal::{SIGCHLD, SIGCONT, SIGHUP, SIGINT, SIGKILL, SIGQUIT, SIGSTOP, SIGTERM, SIGUSR1};
use mote_tests::{Signal, Suite, Target};

use crate::ending::{goes_on, starts};
use crate::fixture::{TestDir, both_steps, pid1, says, send};

pub(crate) fn add(suite: Suite) -> Suite {
    let all = &Target::all();
    suite
        .test(all, sigquit_is_no_stop_signal_without_s)
        .test(all, s_adds_to_sigterm_and_sigint)
        .test(all, s_takes_names_and_numbers)
        .test(&Target::native(), s_takes_every_signal_that_is_forwarded)
        .test(all, a_signal_counts_after_rewriting)
        .test(all, s_without_t_starts_no_timeout)
}

fn sigquit_is_no_stop_signal_without_s(target: Target) -> Result<()> {
    goes_on(target, "-t 0", &[(SIGQUIT, &[SIGQUIT, SIGCONT])])
}

fn s_adds_to_sigterm_and_sigint(target: Target) -> Result<()> {
    let signals = [SIGQUIT, SIGHUP, SIGUSR1, SIGTERM, SIGINT];
    starts(target, "-t 0 -s QUIT -s HUP -s USR1", &signals)
}

fn s_takes_names_and_numbers(target: Target) -> Result<()> {
    for option in ["-s USR1", "-s SIGUSR1", "-s 10", "-sUSR1", "--stop USR1", "--stop=10"] {
        starts(target, &format!("-t 0 {option}"), &[SIGUSR1]).with_context(|| option.to_owned())?;
    }
    Ok(())
}

/// pid1's own timer sends SIGALRM as well.
fn s_takes_every_signal_that_is_forwarded(target: Target) -> Result<()> {
    for signal in Signal::all().filter(|signal| ![SIGKILL, SIGSTOP, SIGCHLD].contains(signal)) {
        let dir = TestDir::new()?;
        let options = format!("-t 0 -s {}", signal.number());
        // Only SIGKILL ends a child that blocks all signals.
        let running = dir.start(pid1(target), &options, "block say=ready sleep")?;
        send(running.pid(), signal)?;
        says(&running.wait()?, 137, &both_steps(0)).with_context(|| signal.to_string())?;
    }
    Ok(())
}

fn a_signal_counts_after_rewriting(target: Target) -> Result<()> {
    starts(target, "-t 0 -r HUP:USR1 -s USR1", &[SIGHUP])?;
    goes_on(target, "-t 0 -r USR1:HUP -s USR1", &[(SIGUSR1, &[SIGHUP, SIGCONT])])
}

fn s_without_t_starts_no_timeout(target: Target) -> Result<()> {
    goes_on(target, "-s QUIT", &[(SIGQUIT, &[SIGQUIT, SIGCONT])])
}
