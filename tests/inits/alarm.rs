//! SIGALRM, which is the signal of pid1's own timer: those of other processes and of other timers are not its own.

use std::thread;
use std::time::Duration;

use anyhow::{Result, ensure};
use mote_tests::outcome::same;
use mote_tests::signal::{SIGALRM, SIGCONT, SIGINT, SIGSTOP, SIGTERM, SIGUSR2, Signal};
use mote_tests::test_dir::{TestDir, exits, send};
use mote_tests::{Suite, Target, until};

use crate::fixture::{both_steps, says, until_state};
use crate::init::{Init, PID1, tests};

pub(crate) fn add(suite: Suite) -> Suite {
    let (all, native) = (Target::all(), Target::native());
    tests!(suite;
        [PID1], native => a_timer_whose_signal_was_dropped_expires_again,
            a_sigalrm_of_another_process_is_forwarded_though_the_timer_is_set,
            a_pending_sigalrm_of_an_earlier_timer_does_not_end_the_step;
        [PID1], all => a_sigalrm_of_a_timer_from_before_the_start_is_forwarded_and_starts_no_step;
    )
}

/// While a SIGALRM is pending the kernel drops another, which is the timer's here.
fn a_timer_whose_signal_was_dropped_expires_again(target: Target, init: Init) -> Result<()> {
    let dir = TestDir::new()?;
    let running = dir.start(init.start(target), "-t 1", "block say=ready hear")?;
    send(running.pid(), SIGTERM)?;
    dir.until_received("", 1, &[SIGTERM, SIGCONT])?;
    send(running.pid(), SIGSTOP)?;
    until_state(running.pid(), 'T')?;
    send(running.pid(), SIGALRM)?;
    thread::sleep(Duration::from_secs(2));
    send(running.pid(), SIGCONT)?;
    says(&running.wait()?, 137, &both_steps(1))
}

/// SIGINT, which sets the timer, is taken first. SIGCONT may be taken before and after SIGALRM, and is left out.
fn a_sigalrm_of_another_process_is_forwarded_though_the_timer_is_set(
    target: Target,
    init: Init,
) -> Result<()> {
    let dir = TestDir::new()?;
    let running = dir.start(init.start(target), "-t 60", "block say=ready hear=SIGUSR2 exit=3")?;
    send(running.pid(), SIGSTOP)?;
    until_state(running.pid(), 'T')?;
    for signal in [SIGINT, SIGALRM, SIGCONT] {
        send(running.pid(), signal)?;
    }
    until("both signals", || Ok((without_sigcont(&dir)? == [SIGINT, SIGALRM]).then_some(())))?;
    send(running.pid(), SIGUSR2)?;
    exits(&running.wait()?, 3)?;
    same(without_sigcont(&dir)?, vec![SIGINT, SIGALRM, SIGUSR2])
}

fn without_sigcont(dir: &TestDir) -> Result<Vec<Signal>> {
    Ok(dir.received("", 1)?.into_iter().filter(|signal| *signal != SIGCONT).collect())
}

/// SIGINT, which sets the timer, is taken first. The SIGALRM that is pending then is the kernel's, too, and would be taken
/// for that of the step.
fn a_pending_sigalrm_of_an_earlier_timer_does_not_end_the_step(target: Target, init: Init) -> Result<()> {
    let dir = TestDir::new()?;
    let launcher = init.start(target).expired_alarm().pending(SIGINT);
    let running = dir.start(launcher, "-t 300", "block say=ready hear=SIGUSR2 exit=3")?;
    until("SIGINT", || Ok(dir.received("", 1)?.contains(&SIGINT).then_some(())))?;
    send(running.pid(), SIGUSR2)?;
    exits(&running.wait()?, 3)?;
    same(without_sigcont(&dir)?, vec![SIGINT, SIGUSR2])
}

/// A timer outlives `execve`, and the child would have got its signal. With `-t` pid1 needs the timer itself.
fn a_sigalrm_of_a_timer_from_before_the_start_is_forwarded_and_starts_no_step(
    target: Target,
    init: Init,
) -> Result<()> {
    let dir = TestDir::new()?;
    let running = dir.start(init.start(target).alarm(1), "", "block say=ready hear=SIGALRM exit=3")?;
    exits(&running.wait()?, 3)?;
    same(dir.received("", 1)?, vec![SIGALRM])?;

    let dir = TestDir::new()?;
    let running = dir.start(init.start(target).alarm(1), "-t 0", "block say=ready hear=SIGUSR2 exit=3")?;
    thread::sleep(Duration::from_secs(2));
    send(running.pid(), SIGUSR2)?;
    exits(&running.wait()?, 3)?;
    let signals = dir.received("", 1)?;
    ensure!(signals == [SIGUSR2] || signals == [SIGALRM, SIGUSR2], "{signals:?}");
    Ok(())
}
