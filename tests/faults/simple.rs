//! The rules for programs without a child.

use anyhow::{Result, bail, ensure};
use mote_tests::outcome::End;
use nix::sys::signal::Signal;

use crate::judge::says_why;
use crate::refusal::Refusal;
use crate::scenario::Scenario;
use crate::tracer::Trace;

/// Checks that hello's status says whether every byte was written.
pub(crate) fn judge_hello(_: &Scenario, _: Option<Refusal>, trace: &Trace) -> Result<()> {
    let Some(outcome) = &trace.outcome else { bail!("the program sleeps") };
    let is_true = match outcome.end {
        End::Exited(0) => outcome.stdout == b"Hello, World!\n",
        end => outcome.stdout.is_empty() || is_fault(end),
    };
    ensure!(is_true && outcome.stderr.is_empty(), "{outcome:?}");
    Ok(())
}

/// Checks that the version is on standard output, or that the status is a failure.
pub(crate) fn judge_version(scenario: &Scenario, _: Option<Refusal>, trace: &Trace) -> Result<()> {
    let Some(outcome) = &trace.outcome else { bail!("the program sleeps") };
    let is_true = match outcome.end {
        End::Exited(0) => outcome.stdout.starts_with(scenario.program.as_bytes()),
        end => outcome.stdout.is_empty() || is_fault(end),
    };
    ensure!(is_true && outcome.stderr.is_empty(), "{outcome:?}");
    Ok(())
}

/// Checks that the file is a copy of the program, or that it is unchanged and one line says why, and that no other
/// file exists.
pub(crate) fn judge_copy(scenario: &Scenario, refusal: Option<Refusal>, trace: &Trace) -> Result<()> {
    let Some(outcome) = &trace.outcome else { bail!("the program sleeps") };
    if outcome.end == End::Exited(0) {
        let is_copy =
            matches!(&trace.files[..], [file] if file.starts_with("copy 755 ") && !file.ends_with(" 3"));
        ensure!(
            is_copy && outcome.stdout.is_empty() && outcome.stderr.is_empty(),
            "{outcome:?} {:?}",
            trace.files
        );
        return Ok(());
    }
    ensure!(trace.files == ["copy 600 3"], "{:?}", trace.files);
    if is_fault(outcome.end) {
        return Ok(());
    }
    ensure!(outcome.end == End::Exited(scenario.trouble()), "{outcome:?}");
    let Some(refusal) = refusal else { bail!("{outcome:?}") };
    says_why(scenario, refusal, false, outcome)
}

/// Returns whether the program ended by a fault, since every exit was refused. The launcher's PID 1 reports it as a shell
/// does, by 128 plus the number of the signal.
fn is_fault(end: End) -> bool {
    end.is_fault() || matches!(end, End::Exited(132 | 133 | 135 | 139))
}

/// Checks that pause ended after the signals, or sleeps. catatonit, with an option to do the same, may report an error.
pub(crate) fn judge_pause(scenario: &Scenario, refusal: Option<Refusal>, trace: &Trace) -> Result<()> {
    let Some(outcome) = &trace.outcome else {
        ensure!(refusal.is_some(), "the program sleeps");
        return Ok(());
    };
    if let Some(refusal) = refusal.filter(|_| outcome.end == End::Exited(1)) {
        return says_why(scenario, refusal, false, outcome);
    }
    // A signal without a handler has no effect on PID 1 and ends other processes.
    let by_default = matches!(outcome.end, End::Killed(Signal::SIGTERM | Signal::SIGINT));
    let is_unhandled = by_default && refusal.is_some_and(|refusal| refusal.call == "rt_sigaction");
    ensure!(outcome.end == End::Exited(0) || is_unhandled, "{outcome:?}");
    ensure!(outcome.stdout.is_empty() && outcome.stderr.is_empty(), "{outcome:?}");
    Ok(())
}
