//! A stop (Ctrl-Z) of COMMAND's process group, and the signals that end it.

use anyhow::{Context, Result};
use mote_tests::outcome::same;
use mote_tests::{Case, Running, Start, Suite, process, until};
use nix::libc::{SIGCONT, SIGHUP, SIGINT, SIGQUIT, SIGSTOP, SIGTERM, SIGTSTP, SIGUSR1, SIGUSR2, SIGWINCH};

use crate::scene::{Scene, below_1, command_of, exits, pid1, send, until_none_pending, until_state};

pub(crate) fn add(suite: Suite) -> Suite {
    let all = Case::all();
    suite
        .each("pid1::a_stopped_group_continues_after_sigterm", &all, |case| continues(case, "", SIGTERM))
        .each("pid1::a_stopped_group_continues_after_sigint", &all, |case| continues(case, "", SIGINT))
        .each("pid1::a_stopped_group_continues_after_sigquit", &all, |case| continues(case, "", SIGQUIT))
        .each("pid1::a_stopped_group_continues_after_sighup", &all, |case| continues(case, "", SIGHUP))
        .each("pid1::a_stopped_group_continues_after_a_signal_of_s", &all, |case| {
            continues(case, "-s USR1", SIGUSR1)
        })
        .each("pid1::a_stopped_group_continues_after_a_real_time_signal_of_s", &Case::native(), |case| {
            continues(case, "-s RTMIN+3", 37)
        })
        .each("pid1::a_stopped_group_stays_stopped_after_another_signal", &all, stays_stopped)
        .each("pid1::the_signal_after_rewriting_decides_on_sigcont", &all, rewritten)
        .each("pid1::k_sends_the_signal_and_sigcont_to_the_stopped_group", &all, whole_group)
        .each("pid1::a_stopped_shell_script_ends_by_sigterm", &all, script)
}

/// Starts a COMMAND with a job in the same process group, both of which stop. Returns it, COMMAND and the job.
fn stopped(start: Start, options: &str) -> Result<(Scene, Running, i32, i32)> {
    let scene = Scene::new()?;
    let steps = format!(
        "block fork [ name=job touch=@job hear={SIGTERM} ] await=@job say=ready kill={SIGSTOP} hear={SIGUSR2} exit=3"
    );
    let running = scene.start(start, options, &scene.resolve(&steps))?;
    let command = command_of(&running)?;
    let (job, _) = *process::children(command)?.first().context("no job")?;
    until_state(command, 'T')?;
    until_state(job, 'T')?;
    Ok((scene, running, command, job))
}

/// Waits for these signals, from the init of this ID.
fn until_signals(scene: &Scene, name: &str, init: i32, expected: &[i32]) -> Result<()> {
    until(&format!("signals {expected:?}"), || Ok((scene.signals(name, init)? == expected).then_some(())))
        .with_context(|| format!("{name:?}: {:?}", scene.lines()))
}

fn continues(case: Case, options: &str, signal: i32) -> Result<()> {
    for (start, init) in [(pid1(case), 1), (below_1(case).as_pid_2(), 2)] {
        let (scene, running, _, _) = stopped(start, options)?;
        send(running.pid(), signal)?;
        // COMMAND takes the lower number first.
        until_signals(&scene, "", init, &[signal.min(SIGCONT), signal.max(SIGCONT)])?;
        until_signals(&scene, "job", init, &[SIGCONT])?;
        send(running.pid(), SIGUSR2)?;
        exits(&running.wait()?, 3)?;
    }
    Ok(())
}

fn stays_stopped(case: Case) -> Result<()> {
    let (scene, running, command, job) = stopped(pid1(case), "-r TERM:0")?;
    for signal in [SIGUSR1, SIGTSTP, SIGWINCH, SIGTERM] {
        send(running.pid(), signal)?;
        until_none_pending(running.pid())?;
        same((process::state(command)?, process::state(job)?), ('T', 'T'))
            .with_context(|| format!("signal {signal}"))?;
    }
    // COMMAND alone gets what is forwarded.
    send(running.pid(), SIGCONT)?;
    until("SIGCONT", || Ok(scene.signals("", 1)?.contains(&SIGCONT).then_some(())))?;
    same(process::state(job)?, 'T')?;
    send(running.pid(), SIGUSR2)?;
    exits(&running.wait()?, 3)
}

fn rewritten(case: Case) -> Result<()> {
    let (scene, running, command, job) = stopped(pid1(case), "-r TERM:WINCH -r USR1:INT")?;
    send(running.pid(), SIGTERM)?;
    until_none_pending(running.pid())?;
    same((process::state(command)?, process::state(job)?), ('T', 'T'))?;
    send(running.pid(), SIGUSR1)?;
    scene.until_signals("", &[SIGINT, SIGCONT, SIGWINCH])?;
    scene.until_signals("job", &[SIGCONT])?;
    send(running.pid(), SIGUSR2)?;
    exits(&running.wait()?, 3)
}

fn whole_group(case: Case) -> Result<()> {
    let (scene, running, _, _) = stopped(pid1(case), "-k")?;
    send(running.pid(), SIGINT)?;
    scene.until_signals("", &[SIGINT, SIGCONT])?;
    scene.until_signals("job", &[SIGINT, SIGCONT])?;
    send(running.pid(), SIGUSR2)?;
    exits(&running.wait()?, 3)
}

/// The shell acts on the signal when its job has ended, and the job ends only once it continues.
fn script(case: Case) -> Result<()> {
    let scene = Scene::new()?;
    let script = scene.file(
        "script",
        scene.resolve(
            "#!/bin/sh\ntrap 'exit 9' TERM\n: > @ready\nkill -STOP 0\nwhile :; do sleep 0.01; done\n",
        ),
        0o755,
    )?;
    let running = pid1(case).argument(script).spawn()?;
    let command = command_of(&running)?;
    until_state(command, 'T')?;
    send(running.pid(), SIGTERM)?;
    exits(&running.wait()?, 9)
}
