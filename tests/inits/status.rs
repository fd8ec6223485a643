//! The exit status: the child's own, or 128 and the number of the signal that killed it.

use anyhow::{Context, Result};
use mote_tests::signal::{
    SIGCHLD, SIGCONT, SIGSTOP, SIGSYS, SIGTSTP, SIGTTIN, SIGTTOU, SIGURG, SIGWINCH, Signal,
};
use mote_tests::test_dir::{TestDir, exits, test_child, with};
use mote_tests::{Cpu, Suite, Target};

use crate::init::{INITS, Init, tests};

pub(crate) fn add(suite: Suite) -> Suite {
    tests!(suite;
        INITS, Target::all() => each_of_the_256_statuses_is_passed_on, a_child_killed_by_signal_n_is_status_128_n)
}

/// Signals that kill no process by default.
const HARMLESS: [Signal; 8] = [SIGCHLD, SIGCONT, SIGSTOP, SIGTSTP, SIGTTIN, SIGTTOU, SIGURG, SIGWINCH];

fn each_of_the_256_statuses_is_passed_on(target: Target, init: Init) -> Result<()> {
    let some = [0, 1, 2, 7, 63, 64, 125, 126, 127, 128, 143, 254, 255];
    let is_tried = |status: &i32| init.is_tested_in_full(target) || some.contains(status);
    (0..=255).filter(is_tried).try_for_each(|status| {
        exits(&with(init.start(target), ["--", "sh", "-c", &format!("exit {status}")]).run()?, status)
    })
}

/// The emulators have other numbers for the real-time signals.
fn a_child_killed_by_signal_n_is_status_128_n(target: Target, init: Init) -> Result<()> {
    let dir = TestDir::new()?;
    let child = test_child()?.display().to_string();
    let is_known = |signal: &Signal| target.cpu == Cpu::Native || *signal <= SIGSYS;
    for signal in Signal::all().filter(|signal| is_known(signal) && !HARMLESS.contains(signal)) {
        let outcome = dir.play(init.start(target), "", &format!("die={signal}"))?.run()?;
        init.reports_kill(&outcome, &child, signal).with_context(|| signal.to_string())?;
    }
    Ok(())
}
