//! The programs under test, their capabilities, and how a test starts them.

use std::path::PathBuf;

use anyhow::{Result, bail};
use mote_tests::outcome::{End, text};
use mote_tests::signal::{SIGCONT, SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGTSTP, SIGTTIN, SIGTTOU, Signal};
use mote_tests::suite::name_of;
use mote_tests::variables::start_without_variables;
use mote_tests::{Cpu, Launcher, Outcome, Suite, Target, dist};

/// One of the programs, and its differences from the others.
#[derive(Clone, Copy)]
pub(crate) struct Init {
    /// The name of its file.
    pub(crate) name: &'static str,
    /// The option that has signals forwarded to the child alone. Empty if that is the default.
    pub(crate) alone: &'static str,
    /// The option that has signals forwarded to the child's process group. Empty if that is the default.
    pub(crate) group: &'static str,
    /// The option for as many messages as there are. `None` if there are messages about errors only.
    pub(crate) verbose: Option<&'static str>,
    /// The option that makes it a child subreaper. Empty if that is the default. `None` if there is none.
    pub(crate) subreaper: Option<&'static str>,
    /// The signals that it does not forward to the child alone, besides SIGCHLD and those that can't be caught.
    pub(crate) dropped: &'static [Signal],
    /// The forwarded signals that are followed by SIGCONT to the child's process group.
    pub(crate) continued: &'static [Signal],
    /// Whether the child starts with the signal mask and the ignored signals of the init.
    pub(crate) restores_signals: bool,
    /// Whether the child leads a session, and not a process group alone.
    pub(crate) leads_session: bool,
}

pub(crate) const PID1: Init = Init {
    name: "pid1",
    alone: "",
    group: "-k",
    verbose: Some("-v"),
    subreaper: Some(""),
    dropped: &[],
    continued: &[SIGHUP, SIGINT, SIGQUIT, SIGTERM],
    restores_signals: true,
    leads_session: false,
};

pub(crate) const TINI: Init = Init {
    name: "tini",
    alone: "",
    group: "-g",
    verbose: Some("-vvv"),
    subreaper: Some("-s"),
    dropped: &[SIGTTIN, SIGTTOU],
    continued: &[],
    restores_signals: true,
    leads_session: false,
};

pub(crate) const DUMB_INIT: Init = Init {
    name: "dumb-init",
    alone: "-c",
    group: "",
    verbose: Some("-v"),
    subreaper: None,
    dropped: &[],
    continued: &[],
    restores_signals: false,
    leads_session: true,
};

pub(crate) const CATATONIT: Init = Init {
    name: "catatonit",
    alone: "",
    group: "-g",
    verbose: None,
    subreaper: Some(""),
    dropped: &[SIGTSTP, SIGTTIN, SIGTTOU],
    continued: &[],
    restores_signals: true,
    leads_session: false,
};

pub(crate) const INITS: [Init; 4] = [PID1, TINI, DUMB_INIT, CATATONIT];

/// The inits that an emulator, which knows no child subreapers, can run below PID 1.
pub(crate) const WITHOUT_CATATONIT: [Init; 3] = [PID1, TINI, DUMB_INIT];

/// The inits whose child leads a process group in the init's own session.
pub(crate) const IN_SESSION: [Init; 3] = [PID1, TINI, CATATONIT];

impl Init {
    /// Returns a start as PID 1.
    pub(crate) fn start(self, target: Target) -> Launcher {
        start_without_variables(target, self.name).as_pid_1()
    }

    /// Returns a start as PID 2 of a namespace whose PID 1 does nothing. tini does not warn of it.
    pub(crate) fn below(self, target: Target) -> Launcher {
        start_without_variables(target, self.name).env("TINI_VERBOSITY", "0").as_pid_2()
    }

    /// Returns the file, behind the emulator if there must be one.
    pub(crate) fn itself(self, target: Target) -> Result<Vec<PathBuf>> {
        Ok(target.emulator()?.into_iter().chain([dist::file(target.platform, self.name)?]).collect())
    }

    /// Returns the name of the program in messages of getopt(3): the string that it was started with.
    pub(crate) fn path(self, target: Target) -> Result<String> {
        Ok(dist::file(target.platform, self.name)?.display().to_string())
    }

    /// Returns whether a long test is run in full. In emulators, which take most of the time, only pid1 is: the engine is
    /// the same in all inits.
    pub(crate) fn is_tested_in_full(self, target: Target) -> bool {
        target.cpu == Cpu::Native || self.name == "pid1"
    }

    /// Returns an option without a visible effect.
    pub(crate) fn harmless(self) -> &'static str {
        if self.group.is_empty() { self.alone } else { self.group }
    }

    /// Returns the signals that arrive at the child when one is forwarded.
    pub(crate) fn forwarded(self, signal: Signal) -> impl Iterator<Item = Signal> {
        [signal].into_iter().chain(self.continued.contains(&signal).then_some(SIGCONT))
    }

    /// Expects the status of a child that was killed by a signal which the init has not forwarded. pid1 alone says so.
    pub(crate) fn reports_kill(self, outcome: &Outcome, child: &str, signal: Signal) -> Result<()> {
        let line = format!("pid1: {child}: killed by {signal}\n");
        says(outcome, "", if self.name == "pid1" { &line } else { "" }, signal.status())
    }
}

/// Adds `test` for each of `inits` and `targets`, under the name of its function:
/// `inits::forward::sigterm_is_forwarded::tini::linux/amd64`.
pub(crate) fn test<F>(mut suite: Suite, inits: &[Init], targets: &[Target], test: F) -> Suite
where
    F: Fn(Target, Init) -> Result<()> + Copy + Send + 'static,
{
    for init in inits.iter().copied() {
        for target in targets.iter().copied() {
            let name = format!("{}::{}::{target}", name_of::<F>(), init.name);
            suite = suite.one(name, move || test(target, init));
        }
    }
    suite
}

/// Adds tests: `tests!(suite; INITS, all => first_test, second_test; [PID1], native => third_test)`.
macro_rules! tests {
    ($suite:expr; $($inits:expr, $targets:expr => $($test:ident),+);+ $(;)?) => {{
        let suite = $suite;
        $($(let suite = $crate::init::test(suite, &$inits, &$targets, $test);)+)+
        suite
    }};
}
pub(crate) use tests;

/// Expects this output and this status.
pub(crate) fn says(outcome: &Outcome, stdout: &str, stderr: &str, status: i32) -> Result<()> {
    let expected = Outcome { stdout: stdout.into(), stderr: stderr.into(), end: End::Exited(status) };
    outcome.is(&expected)
}

/// Expects this output and this status, with any process IDs: threads of an emulator take IDs as well. In the expected
/// output `N` stands for an ID that follows one of the words of [`BEFORE_PIDS`].
pub(crate) fn says_without_pids(outcome: &Outcome, stdout: &str, stderr: &str, status: i32) -> Result<()> {
    let Outcome { end, .. } = *outcome;
    let (out, err) = (without_pids(text(&outcome.stdout)?), without_pids(text(&outcome.stderr)?));
    let actual = Outcome { stdout: out.into(), stderr: err.into(), end };
    if says(&actual, stdout, stderr, status).is_err() {
        bail!("expected {stdout:?}, {stderr:?}, {status}\n     got {outcome:?}");
    }
    Ok(())
}

/// Strings that precede a process ID in messages.
const BEFORE_PIDS: [&str; 6] = ["tini (", "(catatonit:", "pid '", "pid: '", "pid=", "with PID "];

fn without_pids(text: &str) -> String {
    let mut text = text.to_owned();
    for word in BEFORE_PIDS {
        let mut parts = text.split(word);
        let first = parts.next().unwrap_or_default().to_owned();
        text = parts.fold(first, |whole, part| {
            let rest = part.trim_start_matches(|c: char| c.is_ascii_digit());
            let number = if rest.len() < part.len() { "N" } else { "" };
            format!("{whole}{word}{number}{rest}")
        });
    }
    text
}
