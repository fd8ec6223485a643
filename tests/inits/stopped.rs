//! A stop (Ctrl-Z) of COMMAND's process group, and the signals that end it.

use anyhow::{Context, Result};
use mote_tests::outcome::same;
use mote_tests::{Launcher, Running, Suite, Target, process, until};
use nix::libc::{SIGCONT, SIGHUP, SIGINT, SIGQUIT, SIGSTOP, SIGTERM, SIGTSTP, SIGUSR1, SIGUSR2, SIGWINCH};

use crate::fixture::{TestDir, below_1, command_of, exits, pid1, send, until_none_pending, until_state};

pub(crate) fn add(suite: Suite) -> Suite {
    let all = Target::all();
    suite
        .each("pid1::a_stopped_group_continues_after_sigterm", &all, |target| continues(target, "", SIGTERM))
        .each("pid1::a_stopped_group_continues_after_sigint", &all, |target| continues(target, "", SIGINT))
        .each("pid1::a_stopped_group_continues_after_sigquit", &all, |target| continues(target, "", SIGQUIT))
        .each("pid1::a_stopped_group_continues_after_sighup", &all, |target| continues(target, "", SIGHUP))
        .each("pid1::a_stopped_group_continues_after_a_signal_of_s", &all, |target| {
            continues(target, "-s USR1", SIGUSR1)
        })
        .each("pid1::a_stopped_group_continues_after_a_real_time_signal_of_s", &Target::native(), |target| {
            continues(target, "-s RTMIN+3", 37)
        })
        .each("pid1::a_stopped_group_stays_stopped_after_another_signal", &all, stays_stopped)
        .each("pid1::the_signal_after_rewriting_decides_on_sigcont", &all, rewritten)
        .each("pid1::k_sends_the_signal_and_sigcont_to_the_stopped_group", &all, whole_group)
        .each("pid1::a_stopped_shell_script_ends_by_sigterm", &all, script)
}

/// Starts a COMMAND with a job in the same process group, both of which stop. Returns it, COMMAND and the job.
fn stopped(launcher: Launcher, options: &str) -> Result<(TestDir, Running, i32, i32)> {
    let dir = TestDir::new()?;
    let steps = format!(
        "block fork [ name=job touch=@job hear={SIGTERM} ] await=@job say=ready kill={SIGSTOP} hear={SIGUSR2} exit=3"
    );
    let running = dir.start(launcher, options, &dir.resolve(&steps))?;
    let command = command_of(&running)?;
    let (job, _) = *process::children(command)?.first().context("no job")?;
    until_state(command, 'T')?;
    until_state(job, 'T')?;
    Ok((dir, running, command, job))
}

/// Waits for these signals, from the init of this ID.
fn until_signals(dir: &TestDir, name: &str, init: i32, expected: &[i32]) -> Result<()> {
    until(&format!("signals {expected:?}"), || Ok((dir.signals(name, init)? == expected).then_some(())))
        .with_context(|| format!("{name:?}: {:?}", dir.lines()))
}

fn continues(target: Target, options: &str, signal: i32) -> Result<()> {
    for (launcher, init) in [(pid1(target), 1), (below_1(target).as_pid_2(), 2)] {
        let (dir, running, _, _) = stopped(launcher, options)?;
        send(running.pid(), signal)?;
        // COMMAND takes the lower number first.
        until_signals(&dir, "", init, &[signal.min(SIGCONT), signal.max(SIGCONT)])?;
        until_signals(&dir, "job", init, &[SIGCONT])?;
        send(running.pid(), SIGUSR2)?;
        exits(&running.wait()?, 3)?;
    }
    Ok(())
}

fn stays_stopped(target: Target) -> Result<()> {
    let (dir, running, command, job) = stopped(pid1(target), "-r TERM:0")?;
    for signal in [SIGUSR1, SIGTSTP, SIGWINCH, SIGTERM] {
        send(running.pid(), signal)?;
        until_none_pending(running.pid())?;
        same((process::state(command)?, process::state(job)?), ('T', 'T'))
            .with_context(|| format!("signal {signal}"))?;
    }
    // COMMAND alone gets what is forwarded.
    send(running.pid(), SIGCONT)?;
    until("SIGCONT", || Ok(dir.signals("", 1)?.contains(&SIGCONT).then_some(())))?;
    same(process::state(job)?, 'T')?;
    send(running.pid(), SIGUSR2)?;
    exits(&running.wait()?, 3)
}

fn rewritten(target: Target) -> Result<()> {
    let (dir, running, command, job) = stopped(pid1(target), "-r TERM:WINCH -r USR1:INT")?;
    send(running.pid(), SIGTERM)?;
    until_none_pending(running.pid())?;
    same((process::state(command)?, process::state(job)?), ('T', 'T'))?;
    send(running.pid(), SIGUSR1)?;
    dir.until_signals("", &[SIGINT, SIGCONT, SIGWINCH])?;
    dir.until_signals("job", &[SIGCONT])?;
    send(running.pid(), SIGUSR2)?;
    exits(&running.wait()?, 3)
}

fn whole_group(target: Target) -> Result<()> {
    let (dir, running, _, _) = stopped(pid1(target), "-k")?;
    send(running.pid(), SIGINT)?;
    dir.until_signals("", &[SIGINT, SIGCONT])?;
    dir.until_signals("job", &[SIGINT, SIGCONT])?;
    send(running.pid(), SIGUSR2)?;
    exits(&running.wait()?, 3)
}

/// The shell acts on the signal when its job has ended, and the job ends only once it continues.
fn script(target: Target) -> Result<()> {
    let dir = TestDir::new()?;
    let script = dir.file(
        "script",
        dir.resolve(
            "#!/bin/sh\ntrap 'exit 9' TERM\n: > @ready\nkill -STOP 0\nwhile :; do sleep 0.01; done\n",
        ),
        0o755,
    )?;
    let running = pid1(target).argument(script).spawn()?;
    let command = command_of(&running)?;
    until_state(command, 'T')?;
    send(running.pid(), SIGTERM)?;
    exits(&running.wait()?, 9)
}
