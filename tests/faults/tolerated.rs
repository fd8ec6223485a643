//! All exceptions from the rule of [`crate::judge`], with their reasons.

use crate::refusal::{Refusal, When, Who};
use crate::scenario::Scenario;

/// A tolerated behaviour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum May {
    /// One signal is not forwarded, and the next one is.
    LoseTheFirst,
    /// No signal is forwarded. The init does everything else.
    LoseAll,
    /// The init exits before the child, with the status of its own failures.
    EndBefore,
    /// The child is killed by a signal that no process sent, perhaps before execve(2).
    DieOf(i32),
    /// The child does not run, and the init exits with this status.
    NotExecute(i32),
    /// The child does not run, and the line does not name the error.
    GiveNoReason,
    /// The init writes a warning.
    Warn,
    /// The init reports that a signal was not sent.
    ReportRefusal,
    /// The init reports that a timeout has expired.
    ReportTimeout,
}

/// The occurrences of a call that are refused.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Often {
    Once,
    Always,
    Either,
}

/// A row: the programs, none meaning all; calls; occurrences; tolerated behaviours; the reason.
type Row = (&'static [&'static str], &'static [&'static str], Often, &'static [May], &'static str);

const TABLE: &[Row] = &[
    (
        &["pid1"],
        &["execve"],
        Often::Either,
        &[May::NotExecute(126)],
        "126 is the documented status if COMMAND was found but can't be executed",
    ),
    (
        &["dumb-init"],
        &["execve", "mmap", "mmap2"],
        Often::Either,
        &[May::NotExecute(2)],
        "2 is dumb-init's status if COMMAND can't be executed",
    ),
    (
        &["dumb-init"],
        &["clone", "wait4"],
        Often::Either,
        &[May::GiveNoReason],
        "dumb-init's message, which scripts may match, contains no reason",
    ),
    (
        &[],
        &["kill"],
        Often::Once,
        &[May::LoseTheFirst, May::EndBefore, May::ReportRefusal, May::ReportTimeout],
        "a signal that the kernel refuses to send is lost; after a lost SIGKILL the init waits for another second \
         and exits",
    ),
    (
        &[],
        &["kill"],
        Often::Always,
        &[May::LoseAll, May::EndBefore, May::ReportRefusal, May::ReportTimeout],
        "an init that may not send signals reaps, and exits when its timeouts expire",
    ),
    (
        &[],
        &["rt_sigtimedwait"],
        Often::Either,
        &[May::LoseAll, May::ReportTimeout],
        "an init that can't wait for signals waits for its children, reaps, and exits with the child's status; a \
         filter refuses all calls, so the init waits for a child before it tries again",
    ),
    (
        &["pid1"],
        &["statx", "setresuid", "setresuid32"],
        Often::Either,
        &[May::LoseAll, May::LoseTheFirst, May::ReportRefusal],
        "an init that can't take the child's uid as its real uid may not signal the child",
    ),
    (
        &["pid1"],
        &["getpid", "openat", "read", "waitid"],
        Often::Either,
        &[May::ReportTimeout],
        "an init that can't tell that it is PID 1, or can't list its children, can't send them SIGTERM",
    ),
    (
        &["pid1"],
        &["getppid"],
        Often::Once,
        &[May::DieOf(15)],
        "a changed result means that the parent has died; a filter refuses all calls",
    ),
    (
        &["tini"],
        &["getpid"],
        Often::Either,
        &[May::Warn],
        "tini can't tell that it is PID 1, and warns that it is not",
    ),
    (
        &["dumb-init"],
        &["getpid"],
        Often::Either,
        &[May::DieOf(1)],
        "an init without its PID can't tell that it leads the session, and forwards the SIGHUP that TIOCNOTTY causes",
    ),
    (
        &["dumb-init"],
        &["rt_sigtimedwait"],
        Often::Once,
        &[May::DieOf(1)],
        "the SIGHUP that TIOCNOTTY causes stays pending and is forwarded; a filter refuses all calls",
    ),
];

/// Calls that must not fail before the child runs, the process that makes them, and the reason.
const FATAL: &[(&str, Who, &str)] = &[
    ("rt_sigprocmask", Who::Init, "signals that are not blocked are lost or end the init"),
    ("rt_sigprocmask", Who::Child, "the child would block every signal"),
    ("rt_sigaction", Who::Init, "an init that ignores SIGCHLD gets no exit status"),
    ("clone", Who::Init, "there is no child"),
];

/// Returns whether the child must not run, because the first or every such call is refused.
pub(crate) fn is_fatal(scenario: &Scenario, refusal: Refusal) -> bool {
    let is_first = matches!(refusal.when, When::Always | When::Once(1));
    let is_in = |(call, who, _): &(&str, Who, &str)| *call == refusal.call && refusal.who.covers(*who);
    is_first && scenario.from.is_none() && FATAL.iter().any(is_in)
}

/// Returns the tolerated behaviours of a scenario under a refusal.
pub(crate) fn of(scenario: &Scenario, refusal: Refusal) -> Vec<May> {
    let is_once = refusal.when != When::Always;
    let fits = |(programs, calls, often, ..): &&Row| {
        (programs.is_empty() || programs.contains(&scenario.program))
            && calls.contains(&refusal.call)
            && *often != (if is_once { Often::Always } else { Often::Once })
    };
    let mut all: Vec<May> = TABLE.iter().filter(fits).flat_map(|(_, _, _, may, _)| *may).copied().collect();
    // A trigger sends its signal once.
    if scenario.trigger.is_some() && all.contains(&May::LoseTheFirst) {
        all.push(May::LoseAll);
    }
    all
}
