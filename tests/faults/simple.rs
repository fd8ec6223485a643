//! What is right for the programs that start nobody.

use anyhow::{Result, bail, ensure};
use mote_tests::outcome::End;
use nix::sys::signal::Signal;

use crate::command::says_why;
use crate::refusal::Refusal;
use crate::scenario::Scenario;
use crate::tracer::Trace;

/// hello says by its status whether every byte was written.
pub(crate) fn judge_hello(_: &Scenario, _: Option<Refusal>, trace: &Trace) -> Result<()> {
    let Some(outcome) = &trace.outcome else { bail!("it sleeps") };
    let is_told = match outcome.end {
        End::Exited(0) => outcome.stdout == b"Hello, World!\n",
        end => outcome.stdout.is_empty() || is_fault(end),
    };
    ensure!(is_told && outcome.stderr.is_empty(), "{outcome:?}");
    Ok(())
}

/// A version is on standard output, or the status says that it is not.
pub(crate) fn judge_version(scenario: &Scenario, _: Option<Refusal>, trace: &Trace) -> Result<()> {
    let Some(outcome) = &trace.outcome else { bail!("it sleeps") };
    let is_told = match outcome.end {
        End::Exited(0) => outcome.stdout.starts_with(scenario.program.as_bytes()),
        end => outcome.stdout.is_empty() || is_fault(end),
    };
    ensure!(is_told && outcome.stderr.is_empty(), "{outcome:?}");
    Ok(())
}

/// The file is a copy of the program, or it is unchanged and one line says why. No other file is left.
pub(crate) fn judge_copy(scenario: &Scenario, refusal: Option<Refusal>, trace: &Trace) -> Result<()> {
    let Some(outcome) = &trace.outcome else { bail!("it sleeps") };
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

/// Whether it was not let go, and ran into what follows its last call. PID 1 of the launcher's tells it as a shell
/// does.
fn is_fault(end: End) -> bool {
    end.is_fault() || matches!(end, End::Exited(132 | 133 | 135 | 139))
}

/// pause ends when it is told to, or sleeps. catatonit, which may do what pause does, says what it can't.
pub(crate) fn judge_pause(scenario: &Scenario, refusal: Option<Refusal>, trace: &Trace) -> Result<()> {
    let Some(outcome) = &trace.outcome else {
        ensure!(refusal.is_some(), "it sleeps");
        return Ok(());
    };
    if let Some(refusal) = refusal.filter(|_| outcome.end == End::Exited(1)) {
        return says_why(scenario, refusal, false, outcome);
    }
    // Below PID 1 a signal without a handler ends it as well.
    let by_default = matches!(outcome.end, End::Killed(Signal::SIGTERM | Signal::SIGINT));
    let is_unhandled = by_default && refusal.is_some_and(|refusal| refusal.call == "rt_sigaction");
    ensure!(outcome.end == End::Exited(0) || is_unhandled, "{outcome:?}");
    ensure!(outcome.stdout.is_empty() && outcome.stderr.is_empty(), "{outcome:?}");
    Ok(())
}
