//! The rule that every run of an init is judged by.

use std::io;

use anyhow::{Result, bail, ensure};
use mote_tests::Outcome;
use mote_tests::outcome::{End, text};
use nix::errno::Errno;

use crate::refusal::Refusal;
use crate::scenario::Scenario;
use crate::tolerated::{self, May};
use crate::tracer::Trace;

/// Checks that the child ran under an init that works, or that it did not run and the init reported the reason in one line.
pub(crate) fn judge(scenario: &Scenario, refusal: Option<Refusal>, trace: &Trace) -> Result<()> {
    let Some(outcome) = &trace.outcome else { bail!("the init sleeps") };
    let tolerated = refusal.map(|refusal| tolerated::of(scenario, refusal)).unwrap_or_default();
    let dies = |may: &May| matches!(may, May::DieOf(signal) if outcome.end == End::Exited(128 + signal));
    if tolerated.iter().any(dies) {
        return Ok(());
    }
    if trace.executed {
        let is_fatal = refusal.is_some_and(|refusal| tolerated::is_fatal(scenario, refusal));
        ensure!(!is_fatal, "the child ran, which it must not: {outcome:?}");
        return ran(scenario, &tolerated, outcome);
    }
    let Some(refusal) = refusal else { bail!("the child did not run: {outcome:?}") };
    did_not_run(scenario, refusal, &tolerated, outcome)
}

fn ran(scenario: &Scenario, tolerated: &[May], outcome: &Outcome) -> Result<()> {
    let is_tolerated = tolerated.iter().any(|may| match may {
        May::LoseTheFirst => outcome.end == End::Exited(8),
        May::LoseAll => outcome.end == End::Exited(9),
        May::EndBefore => outcome.end == End::Exited(scenario.trouble()),
        _ => false,
    });
    ensure!(outcome.end == End::Exited(scenario.status) || is_tolerated, "the child ran: {outcome:?}");
    let is_right = |line: &str| {
        (scenario.times_out || tolerated.contains(&May::ReportTimeout)) && is_timeout(line)
            || tolerated.contains(&May::ReportRefusal) && is_refused_kill(line)
    };
    let is_quiet = outcome.stdout.is_empty() && text(&outcome.stderr)?.lines().all(is_right);
    ensure!(
        scenario.is_verbose || is_quiet || tolerated.contains(&May::Warn),
        "unexpected output: {outcome:?}"
    );
    let refused = text(&outcome.stderr)?
        .lines()
        .filter(|line| is_refused_kill(line) && !line.ends_with("killed"))
        .count();
    ensure!(refused <= 1, "more than one report of a refused kill: {outcome:?}");
    Ok(())
}

/// Returns whether a line says that a timeout has expired.
fn is_timeout(line: &str) -> bool {
    line.starts_with("pid1: timeout after ") && line.ends_with(" to all processes")
}

/// Returns whether a line reports a signal that was not sent, or a child that can't be killed.
fn is_refused_kill(line: &str) -> bool {
    line.starts_with("pid1: ") && line.contains(" not sent: ")
        || line.starts_with("pid1: ") && line.ends_with(": can't be killed")
        || line.contains(" to send a signal: ")
}

/// Returns the description of an error in the C library.
fn explanation(errno: Errno) -> String {
    let text = io::Error::from_raw_os_error(errno as i32).to_string();
    text.split(" (os error").next().unwrap_or_default().to_owned()
}

fn did_not_run(scenario: &Scenario, refusal: Refusal, tolerated: &[May], outcome: &Outcome) -> Result<()> {
    let is_status = |status| outcome.end == End::Exited(status);
    let is_tolerated =
        tolerated.iter().any(|may| matches!(may, May::NotExecute(status) if is_status(*status)));
    ensure!(is_status(scenario.trouble()) || is_tolerated, "the child did not run: {outcome:?}");
    says_why(scenario, refusal, tolerated.contains(&May::GiveNoReason), outcome)
}

/// Checks that exactly one line has the form of the program's errors and names this error, and that only a verbose
/// program writes further lines.
pub(crate) fn says_why(
    scenario: &Scenario,
    refusal: Refusal,
    no_reason: bool,
    outcome: &Outcome,
) -> Result<()> {
    let errno = refusal.errno;
    let mut reasons = vec![format!("{errno:?}"), explanation(errno)];
    // An error without a name is written as its number.
    let number = errno as i32;
    reasons.extend([format!(": {number}"), format!("({number})")]);
    if refusal.call.starts_with("mmap") {
        reasons.extend(["no memory", "ENOMEM", "Cannot allocate memory"].map(str::to_owned));
    }
    // A text file whose shell can't be executed has the wrong format.
    if refusal.call == "execve" && scenario.name == "script_on_path" {
        reasons.push("ENOEXEC".to_owned());
    }
    if no_reason {
        reasons.push("Unable to fork. Exiting.".to_owned());
    }
    let prefix = match scenario.program {
        "pid1" => "pid1: ",
        "tini" => "[FATAL tini (",
        "dumb-init" => "[dumb-init] ",
        _ => "ERROR (catatonit:",
    };
    let stderr = text(&outcome.stderr)?;
    let is_why = |line: &str| line.starts_with(prefix) && reasons.iter().any(|reason| line.contains(reason));
    ensure!(stderr.lines().filter(|line| is_why(line)).count() == 1, "no line names the error: {outcome:?}");
    ensure!(scenario.is_verbose || stderr.lines().count() == 1, "further lines: {outcome:?}");
    Ok(())
}
