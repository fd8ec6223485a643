//! What can't be better than it is, and why: all exceptions from the rule that either COMMAND runs under an init that
//! works, or does not run and is told of in one line and by the status of an init in trouble.

use crate::refusal::{Refusal, When, Who};
use crate::scenario::Scenario;

/// What is tolerated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum May {
    /// A signal that should have been forwarded is lost, and the next one arrives.
    HearTheSecond,
    /// No signal arrives. Whatever else an init does, it does.
    HearNothing,
    /// It ends before COMMAND does, with the status of an init in trouble.
    EndBefore,
    /// COMMAND gets a signal that nobody sent, and ends by it, perhaps before it runs.
    DieOf(i32),
    /// COMMAND does not run, for which this is the status.
    NotExecute(i32),
    /// COMMAND does not run, and the line does not name the error.
    GiveNoReason,
    /// It warns of something.
    Warn,
    /// It reports that a signal was not sent.
    ReportRefusal,
    /// It reports that a timeout has expired.
    ReportTimeout,
}

/// How often a call is refused.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Often {
    Once,
    Always,
    Either,
}

/// A row: programs, or all; calls; how often they are refused; what may be; why.
type Row = (&'static [&'static str], &'static [&'static str], Often, &'static [May], &'static str);

const TABLE: &[Row] = &[
    (
        &["pid1"],
        &["execve"],
        Often::Either,
        &[May::NotExecute(126)],
        "126 is the documented status of a COMMAND that was found and can't be executed",
    ),
    (
        &["dumb-init"],
        &["execve", "mmap", "mmap2"],
        Often::Either,
        &[May::NotExecute(2)],
        "2 is dumb-init's own status of a COMMAND that can't be executed",
    ),
    (
        &["dumb-init"],
        &["clone", "wait4"],
        Often::Either,
        &[May::GiveNoReason],
        "dumb-init's own message, which scripts may know, has no reason in it",
    ),
    (
        &[],
        &["kill"],
        Often::Once,
        &[May::HearTheSecond, May::EndBefore, May::ReportRefusal, May::ReportTimeout],
        "a signal that the kernel does not let through is lost; if it was the SIGKILL of a shutdown, the init waits \
         for another second and ends, as nothing is left that it could do",
    ),
    (
        &[],
        &["kill"],
        Often::Always,
        &[May::HearNothing, May::EndBefore, May::ReportRefusal, May::ReportTimeout],
        "an init that may not signal reaps, and ends at its deadlines",
    ),
    (
        &[],
        &["rt_sigtimedwait"],
        Often::Either,
        &[May::HearNothing, May::ReportTimeout],
        "an init that can't hear signals waits for deaths, reaps, and ends as COMMAND did; no filter refuses the call \
         once, so that it waits for a death before it tries again",
    ),
    (
        &["pid1"],
        &["statx", "setresuid", "setresuid32"],
        Often::Either,
        &[May::HearNothing, May::HearTheSecond, May::ReportRefusal],
        "an init that can't take the real user ID of COMMAND may not signal it",
    ),
    (
        &["pid1"],
        &["getpid", "openat", "read", "waitid"],
        Often::Either,
        &[May::ReportTimeout],
        "an init that does not know that it is PID 1, or can't list its children, can't send them SIGTERM",
    ),
    (
        &["pid1"],
        &["getppid"],
        Often::Once,
        &[May::DieOf(15)],
        "another answer than before means that the parent has died; no filter gives one answer and then another",
    ),
    (
        &["tini"],
        &["getpid"],
        Often::Either,
        &[May::Warn],
        "who does not know that it is process 1 warns that it is not",
    ),
    (
        &["dumb-init"],
        &["getpid"],
        Often::Either,
        &[May::DieOf(1)],
        "who does not know its own number does not know that it leads the session, and forwards the hang-up that giving \
         up the terminal causes; what nobody is to get is a signal that is meant for the init itself",
    ),
    (
        &["dumb-init"],
        &["rt_sigtimedwait"],
        Often::Once,
        &[May::DieOf(1)],
        "the hang-up that giving up the terminal causes can't be taken away then, and is forwarded; no filter refuses \
         that and nothing else",
    ),
];

/// Calls without which COMMAND must not run, and whose: it would run, and nobody would see that anything is amiss.
const FATAL: &[(&str, Who, &str)] = &[
    ("rt_sigprocmask", Who::Init, "signals that do not wait are lost, or end the init"),
    ("rt_sigprocmask", Who::Child, "COMMAND would have every signal blocked"),
    ("rt_sigaction", Who::Init, "started with SIGCHLD ignored, an init hears of no death"),
    ("clone", Who::Init, "there is no COMMAND"),
];

/// Whether COMMAND must not run, refused for good or at the first time.
pub(crate) fn is_fatal(scenario: &Scenario, refusal: Refusal) -> bool {
    let is_first = matches!(refusal.when, When::Always | When::Once(1));
    let is_in = |(call, who, _): &(&str, Who, &str)| *call == refusal.call && refusal.who.covers(*who);
    is_first && scenario.from.is_none() && FATAL.iter().any(is_in)
}

/// What is tolerated of a scenario under a refusal.
pub(crate) fn of(scenario: &Scenario, refusal: Refusal) -> Vec<May> {
    let is_once = refusal.when != When::Always;
    let fits = |(programs, calls, often, ..): &&Row| {
        (programs.is_empty() || programs.contains(&scenario.program))
            && calls.contains(&refusal.call)
            && *often != (if is_once { Often::Always } else { Often::Once })
    };
    let mut all: Vec<May> = TABLE.iter().filter(fits).flat_map(|(_, _, _, may, _)| *may).copied().collect();
    // A signal of a trigger is sent once, so that there is no second to arrive.
    if scenario.trigger.is_some() && all.contains(&May::HearTheSecond) {
        all.push(May::HearNothing);
    }
    all
}
