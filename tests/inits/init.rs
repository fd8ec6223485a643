//! The programs under test, their capabilities, and how a test starts them.

use anyhow::{Result, bail};
use mote_tests::outcome::{End, text};
use mote_tests::suite::name_of;
use mote_tests::variables::start_without_variables;
use mote_tests::{Launcher, Outcome, Suite, Target, dist};

/// One of the programs, and where its ways are not those of the others.
#[derive(Clone, Copy)]
pub(crate) struct Init {
    /// The name of its file.
    pub(crate) name: &'static str,
    /// The option with which signals go to COMMAND alone, if that is not so anyway.
    pub(crate) alone: &'static str,
    /// The option with which they go to its process group, if that is not so anyway.
    pub(crate) group: &'static str,
    /// The signals that it does not forward to COMMAND alone.
    pub(crate) dropped: &'static [i32],
    /// The option with which it adopts orphans below PID 1, if it can at all, and does not do so anyway.
    pub(crate) adopts: Option<&'static str>,
}

pub(crate) const TINI: Init =
    Init { name: "tini", alone: "", group: "-g", dropped: &[21, 22], adopts: Some("-s") };

pub(crate) const DUMB_INIT: Init =
    Init { name: "dumb-init", alone: "-c", group: "", dropped: &[], adopts: None };

pub(crate) const CATATONIT: Init =
    Init { name: "catatonit", alone: "", group: "-g", dropped: &[20, 21, 22], adopts: Some("") };

pub(crate) const INITS: [Init; 3] = [TINI, DUMB_INIT, CATATONIT];

impl Init {
    /// A start as PID 1.
    pub(crate) fn start(self, target: Target) -> Launcher {
        self.anywhere(target).as_pid_1()
    }

    /// A start as process 2 of a namespace whose PID 1 does nothing.
    pub(crate) fn below(self, target: Target) -> Launcher {
        self.anywhere(target).as_pid_2()
    }

    fn anywhere(self, target: Target) -> Launcher {
        start_without_variables(target, self.name)
    }

    /// An option that changes nothing that a silent COMMAND shows.
    pub(crate) fn harmless(self) -> &'static str {
        if self.group.is_empty() { self.alone } else { self.group }
    }

    /// What it is called in its own messages: the word that it was started with.
    pub(crate) fn path(self, target: Target) -> Result<String> {
        Ok(dist::file(target.platform, self.name)?.display().to_string())
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

/// Adds a test for each program and target: `tini::name::linux/amd64`.
pub(crate) fn each(
    suite: Suite,
    name: &str,
    targets: &[Target],
    test: fn(Target, Init) -> Result<()>,
) -> Suite {
    INITS.into_iter().fold(suite, |suite, init| of(suite, init, name, targets, test))
}

/// The same for one of them.
pub(crate) fn of(
    suite: Suite,
    init: Init,
    name: &str,
    targets: &[Target],
    test: fn(Target, Init) -> Result<()>,
) -> Suite {
    targets.iter().copied().fold(suite, |suite, target| {
        suite.one(format!("{}::{name}::{target}", init.name), move || test(target, init))
    })
}

/// It left with this status and wrote exactly this.
pub(crate) fn says(outcome: &Outcome, stdout: &str, stderr: &str, status: i32) -> Result<()> {
    let expected = Outcome { stdout: stdout.into(), stderr: stderr.into(), end: End::Exited(status) };
    outcome.is(&expected)
}

/// The same, whatever processes are numbered: an emulator has threads, which take numbers as well. In what is
/// expected, `N` stands for a number that follows one of the words.
pub(crate) fn says_without_pids(outcome: &Outcome, stdout: &str, stderr: &str, status: i32) -> Result<()> {
    let Outcome { end, .. } = *outcome;
    let (out, err) = (without_pids(text(&outcome.stdout)?), without_pids(text(&outcome.stderr)?));
    let actual = Outcome { stdout: out.into(), stderr: err.into(), end };
    if says(&actual, stdout, stderr, status).is_err() {
        bail!("expected {stdout:?}, {stderr:?}, {status}\n     got {outcome:?}");
    }
    Ok(())
}

/// What stands in front of the number of a process.
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
