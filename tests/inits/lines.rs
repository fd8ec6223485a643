//! Lines on standard error that come without `-v`.

use anyhow::{Context, Result};
use mote_tests::{Suite, Target, require};
use nix::libc::{SIGABRT, SIGHUP, SIGINT, SIGKILL, SIGSEGV, SIGSYS, SIGTERM, SIGUSR1};

use crate::fixture::{
    TestDir, below_1, both_steps, command_of, exits, killed_by, pid1, says, send, step, with, words,
};

pub(crate) fn add(suite: Suite) -> Suite {
    let (all, native) = (Target::all(), Target::native());
    suite
        .each("pid1::a_death_by_a_signal_that_pid1_did_not_send_is_reported", &all, own_deaths)
        .each("pid1::a_death_by_a_signal_of_another_process_is_reported", &all, killed_by_another)
        .each("pid1::a_death_by_a_forwarded_signal_is_not_reported", &all, forwarded)
        .each("pid1::a_death_by_another_signal_than_the_forwarded_one_is_reported", &all, another_signal)
        .each("pid1::a_death_by_a_signal_before_rewriting_is_reported", &all, before_rewriting)
        .each("pid1::a_death_that_x_maps_is_reported", &all, mapped)
        .each("pid1::a_death_is_reported_with_the_name_that_was_given", &all, name)
        .each("pid1::the_death_of_an_orphan_is_not_reported", &all, orphan)
        .each("pid1::a_signal_of_a_step_is_no_surprise", &all, terminated_by_step)
        .each("pid1::sigkill_for_orphans_is_reported_once_below_pid_1", &native, once)
        .each("pid1::a_refused_kill_is_reported_once_and_command_is_given_up", &native, given_up)
}

fn own_deaths(target: Target) -> Result<()> {
    for (signal, name) in [
        (SIGSEGV, "SIGSEGV"),
        (SIGKILL, "SIGKILL"),
        (SIGTERM, "SIGTERM"),
        (SIGHUP, "SIGHUP"),
        (SIGABRT, "SIGABRT"),
        (SIGSYS, "SIGSYS"),
    ] {
        let dir = TestDir::new()?;
        let outcome = dir.play(pid1(target), "", &format!("die={signal}"))?.run()?;
        says(&outcome, 128 + signal, &[killed_by(name)?])?;
    }
    Ok(())
}

fn killed_by_another(target: Target) -> Result<()> {
    let dir = TestDir::new()?;
    let running = dir.start(pid1(target), "-t 60", "say=ready sleep")?;
    send(command_of(&running)?, SIGKILL)?;
    says(&running.wait()?, 137, &[killed_by("SIGKILL")?])
}

fn forwarded(target: Target) -> Result<()> {
    for (options, sent, status) in [
        ("", SIGTERM, 128 + SIGTERM),
        ("-k", SIGTERM, 128 + SIGTERM),
        ("", SIGHUP, 128 + SIGHUP),
        ("-r TERM:SEGV", SIGTERM, 128 + SIGSEGV),
        ("-r TERM:KILL", SIGTERM, 128 + SIGKILL),
    ] {
        let dir = TestDir::new()?;
        let running = dir.start(pid1(target), options, "say=ready sleep")?;
        send(running.pid(), sent)?;
        exits(&running.wait()?, status).with_context(|| options.to_owned())?;
    }
    Ok(())
}

fn another_signal(target: Target) -> Result<()> {
    let dir = TestDir::new()?;
    let steps = format!("block say=ready hear={SIGUSR1} die={SIGSEGV}");
    let running = dir.start(pid1(target), "", &steps)?;
    send(running.pid(), SIGUSR1)?;
    says(&running.wait()?, 128 + SIGSEGV, &[killed_by("SIGSEGV")?])
}

fn before_rewriting(target: Target) -> Result<()> {
    let dir = TestDir::new()?;
    let steps = format!("block say=ready hear={SIGUSR1} die={SIGINT}");
    let running = dir.start(pid1(target), "-r INT:USR1", &steps)?;
    send(running.pid(), SIGINT)?;
    says(&running.wait()?, 128 + SIGINT, &[killed_by("SIGINT")?])
}

fn mapped(target: Target) -> Result<()> {
    let dir = TestDir::new()?;
    let outcome = dir.play(pid1(target), "-x 139:0", &format!("die={SIGSEGV}"))?.run()?;
    says(&outcome, 0, &[killed_by("SIGSEGV")?])
}

fn name(target: Target) -> Result<()> {
    for name in ["sh", "/bin/sh"] {
        let outcome = with(pid1(target), [name, "-c", "kill -SEGV $$"]).run()?;
        says(&outcome, 139, &[format!("{name}: killed by SIGSEGV")])?;
    }
    Ok(())
}

fn orphan(target: Target) -> Result<()> {
    let dir = TestDir::new()?;
    exits(&dir.play(pid1(target), "", &format!("daemon [ die={SIGSEGV} ] exit=3"))?.run()?, 3)
}

/// COMMAND ignores the forwarded SIGINT, and ends by the SIGTERM of the first step.
fn terminated_by_step(target: Target) -> Result<()> {
    let dir = TestDir::new()?;
    let running = dir.start(pid1(target), "-t 1", &format!("ignore={SIGINT} say=ready sleep"))?;
    send(running.pid(), SIGINT)?;
    says(&running.wait()?, 128 + SIGTERM, &[step(1, "SIGTERM")])
}

/// The child of a process that was killed becomes pid1's only then, and is killed in turn.
fn once(target: Target) -> Result<()> {
    require::root()?;
    let dir = TestDir::new()?;
    let steps = format!(
        "ignore={SIGTERM} daemon [ fork [ session fork [ session touch=@third sleep ] touch=@second sleep ] sleep ] \
         await=@second await=@third exit=3"
    );
    let start = below_1(target).as_pid_2().own_proc();
    let outcome = dir.play(start, "-t 1", &dir.resolve(&steps))?.run()?;
    says(&outcome, 3, &[step(1, "SIGKILL")])
}

/// seccomp refuses `kill`, so that nothing ends COMMAND.
fn given_up(target: Target) -> Result<()> {
    let dir = TestDir::new()?;
    let start = pid1(target).refuse("kill", "EPERM");
    let running = dir.start(start, "-t 1 -x 125:1", "say=ready sleep")?;
    for signal in [SIGUSR1, SIGTERM] {
        send(running.pid(), signal)?;
    }
    let outcome = running.wait()?;
    let [terminate, kill] = both_steps(1);
    let give_up = killed_by("")?.replace("killed by ", "can't be killed");
    says(&outcome, 125, &["SIGUSR1 not sent: EPERM".to_owned(), terminate, kill, give_up])?;
    // Without a stop signal it is only reported.
    let start = words(pid1(target).refuse("kill", "EPERM"), "-t 0");
    exits(&with(start, ["sh", "-c", "exit 7"]).run()?, 7)
}
