//! `-s`: further stop signals.

use anyhow::{Context, Result};
use mote_tests::{Suite, Target};
use nix::libc::{SIGCHLD, SIGCONT, SIGHUP, SIGINT, SIGKILL, SIGQUIT, SIGSTOP, SIGTERM, SIGUSR1};

use crate::ending::{goes_on, starts};
use crate::fixture::{TestDir, both_steps, pid1, says, send, words};

pub(crate) fn add(suite: Suite) -> Suite {
    let all = Target::all();
    suite
        .each("pid1::sigquit_does_not_start_the_timeout", &all, |target| {
            goes_on(target, "-t 0", &[(SIGQUIT, &[SIGQUIT, SIGCONT])])
        })
        .each("pid1::s_quit_starts_the_timeout", &all, |target| starts(target, "-t 0 -s QUIT", &[SIGQUIT]))
        .each("pid1::s_takes_names_and_numbers", &all, names)
        .each("pid1::s_adds_to_sigterm_and_sigint", &all, |target| {
            starts(target, "-t 0 -s QUIT", &[SIGTERM, SIGINT])
        })
        .each("pid1::s_is_repeatable", &all, |target| {
            starts(target, "-t 0 -s QUIT -s HUP -s USR1", &[SIGQUIT, SIGHUP, SIGUSR1])
        })
        .each("pid1::s_takes_every_signal_that_is_forwarded", &Target::native(), every_signal)
        .each("pid1::s_counts_after_rewriting", &all, rewritten)
        .each("pid1::s_without_t_starts_no_timeout", &all, |target| {
            goes_on(target, "-s QUIT", &[(SIGQUIT, &[SIGQUIT, SIGCONT])])
        })
        .each("pid1::s_refuses_what_is_no_signal", &all, refused)
}

fn names(target: Target) -> Result<()> {
    for option in ["-s USR1", "-s SIGUSR1", "-s 10", "-sUSR1", "--stop USR1", "--stop=10"] {
        starts(target, &format!("-t 0 {option}"), &[SIGUSR1])?;
    }
    Ok(())
}

/// SIGALRM, which is pid1's own timer as well, included.
fn every_signal(target: Target) -> Result<()> {
    for signal in (1..=64).filter(|signal| ![SIGKILL, SIGSTOP, SIGCHLD].contains(signal)) {
        let dir = TestDir::new()?;
        // COMMAND blocks all signals, so that only SIGKILL ends it.
        let running = dir.start(pid1(target), &format!("-t 0 -s {signal}"), "block say=ready sleep")?;
        send(running.pid(), signal)?;
        says(&running.wait()?, 137, &both_steps(0)).with_context(|| format!("signal {signal}"))?;
    }
    Ok(())
}

fn rewritten(target: Target) -> Result<()> {
    starts(target, "-t 0 -r HUP:USR1 -s USR1", &[SIGHUP])?;
    goes_on(target, "-t 0 -r USR1:HUP -s USR1", &[(SIGUSR1, &[SIGHUP, SIGCONT])])
}

fn refused(target: Target) -> Result<()> {
    for value in ["0", "65", "NONE", "TERM:INT", "SIG", "RTMIN+31", "TERM,"] {
        let line = format!("-s: {value}: bad value; see pid1 --help");
        says(&words(pid1(target), &format!("-s {value} true")).run()?, 125, &[line])?;
    }
    Ok(())
}
