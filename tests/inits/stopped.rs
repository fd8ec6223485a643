//! A process group that was stopped (Ctrl-Z), and the signals that pid1 lets SIGCONT follow.

use anyhow::{Context, Result};
use mote_tests::outcome::same;
use mote_tests::signal::{
    SIGCONT, SIGHUP, SIGINT, SIGQUIT, SIGSTOP, SIGTERM, SIGTSTP, SIGUSR1, SIGUSR2, SIGWINCH, Signal,
};
use mote_tests::test_dir::{TestDir, child_of, exits, send};
use mote_tests::{Launcher, Running, Suite, Target, process, until};

use crate::fixture::{until_none_pending, until_state};
use crate::init::{Init, PID1, tests};

pub(crate) fn add(suite: Suite) -> Suite {
    let (all, native) = (Target::all(), Target::native());
    tests!(suite;
        [PID1], all => a_stopped_group_continues_after_each_signal_that_ends_programs,
            a_stopped_group_continues_after_a_signal_of_s,
            a_stopped_group_stays_stopped_after_other_signals,
            sigcont_depends_on_the_signal_after_rewriting,
            k_sends_the_signal_and_sigcont_to_the_stopped_group,
            a_stopped_child_is_killed_by_sigterm, a_stopped_shell_script_handles_sigterm;
        [PID1], native => a_stopped_group_continues_after_a_real_time_signal_of_s;
    )
}

/// Starts a child with a job in the same process group, both of which stop. Returns it, the child and the job.
fn stopped(launcher: Launcher, options: &str) -> Result<(TestDir, Running, i32, i32)> {
    let dir = TestDir::new()?;
    let steps = "block fork [ name=job touch=@job hear=SIGTERM ] await=@job say=ready \
                 kill=SIGSTOP hear=SIGUSR2 exit=3";
    let running = dir.start(launcher, options, &dir.resolve(steps))?;
    let child = child_of(&running)?;
    let (job, _) = *process::children(child)?.first().context("no job")?;
    until_state(child, 'T')?;
    until_state(job, 'T')?;
    Ok((dir, running, child, job))
}

fn continues(target: Target, init: Init, options: &str, signal: Signal) -> Result<()> {
    for (launcher, pid) in [(init.start(target), 1), (init.below(target), 2)] {
        let (dir, running, _, _) = stopped(launcher, options)?;
        send(running.pid(), signal)?;
        // The child takes the lower number first.
        dir.until_received("", pid, &[signal.min(SIGCONT), signal.max(SIGCONT)])?;
        dir.until_received("job", pid, &[SIGCONT])?;
        send(running.pid(), SIGUSR2)?;
        exits(&running.wait()?, 3)?;
    }
    Ok(())
}

fn a_stopped_group_continues_after_each_signal_that_ends_programs(target: Target, init: Init) -> Result<()> {
    [SIGTERM, SIGINT, SIGQUIT, SIGHUP].into_iter().try_for_each(|signal| continues(target, init, "", signal))
}

fn a_stopped_group_continues_after_a_signal_of_s(target: Target, init: Init) -> Result<()> {
    continues(target, init, "-s USR1", SIGUSR1)
}

fn a_stopped_group_continues_after_a_real_time_signal_of_s(target: Target, init: Init) -> Result<()> {
    continues(target, init, "-s RTMIN+3", Signal::rtmin(3))
}

fn a_stopped_group_stays_stopped_after_other_signals(target: Target, init: Init) -> Result<()> {
    let (dir, running, child, job) = stopped(init.start(target), "-r TERM:0")?;
    for signal in [SIGUSR1, SIGTSTP, SIGWINCH, SIGTERM] {
        send(running.pid(), signal)?;
        until_none_pending(running.pid())?;
        same((process::state(child)?, process::state(job)?), ('T', 'T'))
            .with_context(|| signal.to_string())?;
    }
    // The child alone gets a SIGCONT that is forwarded.
    send(running.pid(), SIGCONT)?;
    until("SIGCONT", || Ok(dir.received("", 1)?.contains(&SIGCONT).then_some(())))?;
    same(process::state(job)?, 'T')?;
    send(running.pid(), SIGUSR2)?;
    exits(&running.wait()?, 3)
}

fn sigcont_depends_on_the_signal_after_rewriting(target: Target, init: Init) -> Result<()> {
    let (dir, running, child, job) = stopped(init.start(target), "-r TERM:WINCH -r USR1:INT")?;
    send(running.pid(), SIGTERM)?;
    until_none_pending(running.pid())?;
    same((process::state(child)?, process::state(job)?), ('T', 'T'))?;
    send(running.pid(), SIGUSR1)?;
    dir.until_received("", 1, &[SIGINT, SIGCONT, SIGWINCH])?;
    dir.until_received("job", 1, &[SIGCONT])?;
    send(running.pid(), SIGUSR2)?;
    exits(&running.wait()?, 3)
}

fn k_sends_the_signal_and_sigcont_to_the_stopped_group(target: Target, init: Init) -> Result<()> {
    let (dir, running, _, _) = stopped(init.start(target), "-k")?;
    send(running.pid(), SIGINT)?;
    dir.until_received("", 1, &[SIGINT, SIGCONT])?;
    dir.until_received("job", 1, &[SIGINT, SIGCONT])?;
    send(running.pid(), SIGUSR2)?;
    exits(&running.wait()?, 3)
}

fn a_stopped_child_is_killed_by_sigterm(target: Target, init: Init) -> Result<()> {
    let dir = TestDir::new()?;
    let running = dir.start(init.start(target), "", "say=ready sleep")?;
    let child = child_of(&running)?;
    send(child, SIGSTOP)?;
    until_state(child, 'T')?;
    send(running.pid(), SIGTERM)?;
    exits(&running.wait()?, SIGTERM.status())
}

/// The shell runs its trap when its job has ended, and the job ends only once it continues.
fn a_stopped_shell_script_handles_sigterm(target: Target, init: Init) -> Result<()> {
    let dir = TestDir::new()?;
    let content = "#!/bin/sh\ntrap 'exit 9' TERM\n: > @ready\nkill -STOP 0\nwhile :; do sleep 0.01; done\n";
    let script = dir.file("script", dir.resolve(content), 0o755)?;
    let running = init.start(target).argument(script).spawn()?;
    until_state(child_of(&running)?, 'T')?;
    send(running.pid(), SIGTERM)?;
    exits(&running.wait()?, 9)
}
