//! Lines on standard error that come without `-v`.

use anyhow::{Context, Result};
use mote_tests::signal::{SIGABRT, SIGHUP, SIGINT, SIGKILL, SIGSEGV, SIGSYS, SIGTERM, SIGUSR1};
use mote_tests::{Suite, Target, require};

use crate::fixture::{
    TestDir, below_1, both_steps, child_of, exits, killed_by, pid1, says, send, step, with, words,
};

pub(crate) fn add(suite: Suite) -> Suite {
    let (all, native) = (&Target::all(), &Target::native());
    suite
        .test(all, a_signal_that_pid1_did_not_send_is_reported)
        .test(all, a_signal_of_another_process_is_reported)
        .test(all, a_forwarded_signal_is_not_reported)
        .test(all, another_signal_than_the_forwarded_one_is_reported)
        .test(all, the_signal_before_rewriting_is_reported)
        .test(all, a_signal_is_reported_in_spite_of_x)
        .test(all, the_report_has_the_name_of_the_command_line)
        .test(all, the_end_of_an_orphan_is_not_reported)
        .test(all, sigterm_of_a_step_is_not_reported_again)
        .test(native, below_pid_1_sigkill_for_orphans_is_reported_once)
        .test(native, a_refused_kill_is_reported_once_and_the_child_is_given_up)
}

fn a_signal_that_pid1_did_not_send_is_reported(target: Target) -> Result<()> {
    for signal in [SIGSEGV, SIGKILL, SIGTERM, SIGHUP, SIGABRT, SIGSYS] {
        let dir = TestDir::new()?;
        let outcome = dir.play(pid1(target), "", &format!("die={signal}"))?.run()?;
        says(&outcome, signal.status(), &[killed_by(&signal.to_string())?])?;
    }
    Ok(())
}

fn a_signal_of_another_process_is_reported(target: Target) -> Result<()> {
    let dir = TestDir::new()?;
    let running = dir.start(pid1(target), "-t 60", "say=ready sleep")?;
    send(child_of(&running)?, SIGKILL)?;
    says(&running.wait()?, 137, &[killed_by("SIGKILL")?])
}

fn a_forwarded_signal_is_not_reported(target: Target) -> Result<()> {
    for (options, sent, forwarded) in [
        ("", SIGTERM, SIGTERM),
        ("-k", SIGTERM, SIGTERM),
        ("", SIGHUP, SIGHUP),
        ("-r TERM:SEGV", SIGTERM, SIGSEGV),
        ("-r TERM:KILL", SIGTERM, SIGKILL),
    ] {
        let dir = TestDir::new()?;
        let running = dir.start(pid1(target), options, "say=ready sleep")?;
        send(running.pid(), sent)?;
        exits(&running.wait()?, forwarded.status()).with_context(|| options.to_owned())?;
    }
    Ok(())
}

fn another_signal_than_the_forwarded_one_is_reported(target: Target) -> Result<()> {
    let dir = TestDir::new()?;
    let running = dir.start(pid1(target), "", "block say=ready hear=SIGUSR1 die=SIGSEGV")?;
    send(running.pid(), SIGUSR1)?;
    says(&running.wait()?, SIGSEGV.status(), &[killed_by("SIGSEGV")?])
}

fn the_signal_before_rewriting_is_reported(target: Target) -> Result<()> {
    let dir = TestDir::new()?;
    let running = dir.start(pid1(target), "-r INT:USR1", "block say=ready hear=SIGUSR1 die=SIGINT")?;
    send(running.pid(), SIGINT)?;
    says(&running.wait()?, SIGINT.status(), &[killed_by("SIGINT")?])
}

fn a_signal_is_reported_in_spite_of_x(target: Target) -> Result<()> {
    let dir = TestDir::new()?;
    let outcome = dir.play(pid1(target), "-x 139:0", "die=SIGSEGV")?.run()?;
    says(&outcome, 0, &[killed_by("SIGSEGV")?])
}

fn the_report_has_the_name_of_the_command_line(target: Target) -> Result<()> {
    for name in ["sh", "/bin/sh"] {
        let outcome = with(pid1(target), [name, "-c", "kill -SEGV $$"]).run()?;
        says(&outcome, 139, &[format!("{name}: killed by SIGSEGV")])?;
    }
    Ok(())
}

fn the_end_of_an_orphan_is_not_reported(target: Target) -> Result<()> {
    let dir = TestDir::new()?;
    exits(&dir.play(pid1(target), "", "daemon [ die=SIGSEGV ] exit=3")?.run()?, 3)
}

/// The child ignores the forwarded SIGINT, and is killed by the SIGTERM of the first step.
fn sigterm_of_a_step_is_not_reported_again(target: Target) -> Result<()> {
    let dir = TestDir::new()?;
    let running = dir.start(pid1(target), "-t 1", "ignore=SIGINT say=ready sleep")?;
    send(running.pid(), SIGINT)?;
    says(&running.wait()?, SIGTERM.status(), &[step(1, "SIGTERM")])
}

/// A child of an orphan is reparented when that is killed, and is then killed in turn.
fn below_pid_1_sigkill_for_orphans_is_reported_once(target: Target) -> Result<()> {
    require::root()?;
    let dir = TestDir::new()?;
    let steps = "ignore=SIGTERM \
         daemon [ fork [ session fork [ session touch=@third sleep ] touch=@second sleep ] sleep ] \
         await=@second await=@third exit=3";
    let launcher = below_1(target).as_pid_2().own_proc();
    let outcome = dir.play(launcher, "-t 1", &dir.resolve(steps))?.run()?;
    says(&outcome, 3, &[step(1, "SIGKILL")])
}

/// `kill` is refused by seccomp.
fn a_refused_kill_is_reported_once_and_the_child_is_given_up(target: Target) -> Result<()> {
    let dir = TestDir::new()?;
    let launcher = pid1(target).refuse("kill", "EPERM");
    let running = dir.start(launcher, "-t 1 -x 125:1", "say=ready sleep")?;
    for signal in [SIGUSR1, SIGTERM] {
        send(running.pid(), signal)?;
    }
    let outcome = running.wait()?;
    let [terminate, kill] = both_steps(1);
    let give_up = killed_by("")?.replace("killed by ", "can't be killed");
    says(&outcome, 125, &["SIGUSR1 not sent: EPERM".to_owned(), terminate, kill, give_up])?;
    // Without a stop signal it is only reported.
    let launcher = words(pid1(target).refuse("kill", "EPERM"), "-t 0");
    exits(&with(launcher, ["sh", "-c", "exit 7"]).run()?, 7)
}
