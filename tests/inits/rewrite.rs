//! `-r` of pid1 and of dumb-init: another signal is forwarded in place of the one that arrives.

use anyhow::{Context, Result};
use mote_tests::signal::{
    SIGABRT, SIGALRM, SIGCONT, SIGHUP, SIGINT, SIGKILL, SIGPIPE, SIGQUIT, SIGSEGV, SIGSYS, SIGTERM, SIGTSTP,
    SIGTTIN, SIGUSR1, SIGUSR2, SIGWINCH, Signal,
};
use mote_tests::test_dir::{exits, send};
use mote_tests::{Suite, Target};

use crate::forward::{NEVER, listening};
use crate::init::{DUMB_INIT, Init, PID1, tests};

pub(crate) fn add(suite: Suite) -> Suite {
    let (all, native) = (Target::all(), Target::native());
    tests!(suite;
        [PID1, DUMB_INIT], all => a_signal_is_rewritten, a_signal_that_is_rewritten_to_0_is_dropped,
            rewriting_is_not_applied_to_its_result;
        [PID1, DUMB_INIT], native => each_signal_is_rewritten_to_each_of_several;
        [PID1], native => real_time_signals_are_rewritten;
        [DUMB_INIT], all => signals_that_stop_jobs_are_rewritten_and_do_not_stop_then;
    )
}

/// Sends signals one by one, and waits for those that they are rewritten to.
fn becomes(target: Target, init: Init, options: &str, pairs: &[(Signal, Signal)]) -> Result<()> {
    let (dir, running) = listening(init.start(target), options)?;
    let mut expected = Vec::new();
    for (sent, forwarded) in pairs {
        send(running.pid(), *sent)?;
        expected.extend(init.forwarded(*forwarded));
        dir.until_received("", 1, &expected).with_context(|| format!("{options}: {sent}"))?;
    }
    Ok(())
}

fn a_signal_is_rewritten(target: Target, init: Init) -> Result<()> {
    let common =
        ["-r TERM:QUIT", "-r SIGTERM:SIGQUIT", "-r 15:3", "-r TERM:3", "-r 15:SIGQUIT", "--rewrite=15:QUIT"];
    let of_dumb_init = ["-r15:3", "--rewrite 15:3", "--rew=15:3", "-cr 15:3", "--rewrite=SIGTERM:3"];
    let more: &[&str] = if init.name == "pid1" { &[] } else { &of_dumb_init };
    for option in common.iter().chain(more) {
        becomes(target, init, option, &[(SIGTERM, SIGQUIT), (SIGUSR1, SIGUSR1)])?;
    }
    // SIGCONT follows the signal that is forwarded, not the one that arrives.
    becomes(target, init, "-r HUP:TERM -r TERM:USR1", &[(SIGHUP, SIGTERM), (SIGTERM, SIGUSR1)])
}

/// The kernel returns the lowest number first, so that SIGWINCH shows that the signal before it was seen.
fn a_signal_that_is_rewritten_to_0_is_dropped(target: Target, init: Init) -> Result<()> {
    for (option, signal) in [
        ("-r TERM:0", SIGTERM),
        ("-r SIGTERM:0", SIGTERM),
        ("-r 15:0", SIGTERM),
        ("--rewrite=TERM:0", SIGTERM),
        ("--rewrite=1:0", SIGHUP),
        ("-r TSTP:0", SIGTSTP),
    ] {
        let (dir, running) = listening(init.start(target), option)?;
        send(running.pid(), signal)?;
        send(running.pid(), SIGWINCH)?;
        dir.until_received("", 1, &[SIGWINCH]).with_context(|| option.to_owned())?;
    }
    Ok(())
}

/// Of several replacements of a signal the last one counts.
fn rewriting_is_not_applied_to_its_result(target: Target, init: Init) -> Result<()> {
    let options = "-r TERM:INT -r INT:HUP -r USR1:USR2 -r USR2:USR1 -r HUP:KILL -r HUP:HUP";
    let pairs =
        [(SIGTERM, SIGINT), (SIGINT, SIGHUP), (SIGUSR1, SIGUSR2), (SIGUSR2, SIGUSR1), (SIGHUP, SIGHUP)];
    becomes(target, init, options, &pairs)
}

/// SIGKILL can't be logged, but the status shows it.
fn each_signal_is_rewritten_to_each_of_several(target: Target, init: Init) -> Result<()> {
    let is_known = |signal: &Signal| init.name == "pid1" || *signal <= SIGSYS;
    let signals: Vec<Signal> =
        Signal::all().filter(|signal| is_known(signal) && !NEVER.contains(signal)).collect();
    for to in [
        SIGHUP, SIGINT, SIGQUIT, SIGABRT, SIGUSR1, SIGSEGV, SIGUSR2, SIGPIPE, SIGALRM, SIGTERM, SIGCONT,
        SIGWINCH, SIGSYS,
    ] {
        let number = |signal: &Signal| format!("-r {}:{} ", signal.number(), to.number());
        let options: String = signals.iter().map(number).collect();
        let pairs: Vec<(Signal, Signal)> = signals.iter().map(|from| (*from, to)).collect();
        becomes(target, init, &options, &pairs)?;
    }
    let (_dir, running) = listening(init.start(target), "-r TERM:KILL")?;
    send(running.pid(), SIGTERM)?;
    exits(&running.wait()?, SIGKILL.status())
}

/// `RTMIN` is 34, as for `kill -l` and systemd.
fn real_time_signals_are_rewritten(target: Target, init: Init) -> Result<()> {
    let rtmin = Signal::rtmin;
    let options = "-r TERM:RTMIN+3 -r SIGRTMIN+1:HUP";
    becomes(target, init, options, &[(SIGTERM, rtmin(3)), (rtmin(1), SIGHUP), (rtmin(3), rtmin(3))])?;
    let options = "-r TERM:SIGRTMIN -r 64:RTMIN+30";
    becomes(target, init, options, &[(SIGTERM, rtmin(0)), (rtmin(30), rtmin(30))])?;
    let unnamed = (Signal::from(32), Signal::from(33));
    becomes(target, init, "-r USR1:64 -r 32:33", &[(SIGUSR1, rtmin(30)), unnamed])
}

/// Otherwise dumb-init sends SIGSTOP in their place.
fn signals_that_stop_jobs_are_rewritten_and_do_not_stop_then(target: Target, init: Init) -> Result<()> {
    becomes(target, init, "-r 20:10 -r 21:21", &[(SIGTSTP, SIGUSR1), (SIGTTIN, SIGTTIN)])
}
