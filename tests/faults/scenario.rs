//! The scenarios of each program.

use std::time::Duration;

use anyhow::Result;
use mote_tests::terminal::Terminal;
use mote_tests::test_dir::{TestDir, with};
use mote_tests::{Launcher, Target};
use nix::sys::signal::Signal;

use crate::refusal::Refusal;
use crate::tracer::{Trace, Trigger};
use crate::{judge, simple};

/// Keeps the surroundings of a program alive while it runs.
pub(crate) struct Stage {
    pub(crate) target: Target,
    pub(crate) dir: TestDir,
    pub(crate) terminal: Option<Terminal>,
}

/// A scenario.
pub(crate) struct Scenario {
    pub(crate) program: &'static str,
    pub(crate) name: &'static str,
    /// Arranges the start.
    pub(crate) start: fn(&mut Stage, Launcher) -> Result<Launcher>,
    /// Exit status if nothing is refused.
    pub(crate) status: i32,
    /// Signals from the tracer, unless the child sends them.
    pub(crate) trigger: Option<Trigger>,
    /// The first call that is refused. A faster scenario covers the calls before it.
    pub(crate) from: Option<&'static str>,
    /// Whether the program writes lines about its steps.
    pub(crate) is_verbose: bool,
    /// Whether its timeouts expire, which the init reports.
    pub(crate) times_out: bool,
    /// The time without a change after which no change will come.
    pub(crate) patience: Duration,
    /// Judges a run.
    pub(crate) judge: fn(&Scenario, Option<Refusal>, &Trace) -> Result<()>,
}

/// The child sends SIGTERM to the init, gets it back, and exits with 7.
const ASKS: &str = "block ask=15 exit=7";
/// The child ignores SIGTERM and leaves an orphan that ignores it for two seconds.
const STUBBORN: &str = "block daemon [ ignore=15 doze=2 ] tell=15 despair exit=9";
/// The same for a timeout of one second.
const STUBBORN_FOR_LONG: &str = "block daemon [ ignore=15 doze=5 ] tell=15 despair exit=9";
/// The child leaves an orphan that SIGTERM ends.
const LEAVES: &str = "block daemon [ hear=15 ] ask=15 exit=7";

/// The child leaves an orphan that exits after a second.
const LEAVES_FOR_A_MOMENT: &str = "block daemon [ doze=1 ] ask=15 exit=7";

/// The capability to signal every process (capabilities(7)).
const CAP_KILL: u8 = 5;

/// All scenarios of all programs.
pub(crate) fn all() -> &'static [Scenario] {
    SCENARIOS
}

const fn of(
    program: &'static str,
    name: &'static str,
    status: i32,
    start: fn(&mut Stage, Launcher) -> Result<Launcher>,
) -> Scenario {
    Scenario {
        program,
        name,
        start,
        status,
        trigger: None,
        from: None,
        is_verbose: false,
        times_out: false,
        patience: Duration::ZERO,
        judge: judge::judge,
    }
}

impl Scenario {
    /// Returns the exit status of the init's own failures.
    pub(crate) fn trouble(&self) -> i32 {
        if self.program == "pid1" { 125 } else { 1 }
    }

    const fn judged_by(self, judge: fn(&Scenario, Option<Refusal>, &Trace) -> Result<()>) -> Self {
        Self { judge, ..self }
    }

    const fn verbose(self) -> Self {
        Self { is_verbose: true, ..self }
    }

    /// Waits some seconds for the timeouts.
    const fn patient(self) -> Self {
        Self { times_out: true, patience: Duration::from_secs(3), ..self }
    }

    const fn from(self, call: &'static str) -> Self {
        Self { from: Some(call), ..self }
    }

    const fn sent(self, calls: &'static [&'static str]) -> Self {
        let signals = &[Signal::SIGTERM, Signal::SIGINT];
        Self { trigger: Some(Trigger { calls, signals }), ..self }
    }
}

/// Calls that pause and catatonit sleep in.
const SLEEPS: &[&str] = &["pause", "ppoll", "rt_sigtimedwait"];

const SCENARIOS: &[Scenario] = &[
    of("hello", "as_pid_1", 0, |_, launcher| Ok(launcher.as_pid_1())).judged_by(simple::judge_hello),
    of("hello", "not_as_pid_1", 0, |_, launcher| Ok(launcher.as_pid_2())).judged_by(simple::judge_hello),
    of("pause", "as_pid_1", 0, |_, launcher| Ok(launcher.as_pid_1().zombies(2)))
        .sent(SLEEPS)
        .judged_by(simple::judge_pause),
    of("pause", "not_as_pid_1", 0, |_, launcher| Ok(launcher.as_pid_2()))
        .sent(SLEEPS)
        .judged_by(simple::judge_pause),
    of("pause", "version", 0, |_, launcher| Ok(launcher.as_pid_2().argument("-v")))
        .judged_by(simple::judge_version),
    of("pid1", "as_pid_1", 7, |stage, launcher| stage.plays(launcher.as_pid_1(), "", ASKS)),
    of("pid1", "not_as_pid_1", 7, |stage, launcher| stage.plays(launcher.as_pid_2(), "", ASKS)),
    of("pid1", "children_are_ignored", 7, |stage, launcher| {
        stage.plays(launcher.as_pid_1().ignore(Signal::SIGCHLD).zombies(2), "", ASKS)
    }),
    of("pid1", "all_options", 7, |stage, launcher| {
        let options = "-u root:daemon -w / -e X=1 -p TERM -k -r USR1:USR2 -x 3";
        stage.plays(launcher.as_pid_2().env("PID1_OPTS", "-v").env("LISTEN_PID", "2"), options, ASKS)
    })
    .verbose(),
    of("pid1", "group_by_name", 7, |stage, launcher| stage.plays(launcher.as_pid_1(), "-g daemon", ASKS)),
    of("pid1", "leftover", 7, |stage, launcher| stage.plays(launcher.as_pid_1(), "", LEAVES)),
    of("pid1", "leftover_not_as_pid_1", 7, |stage, launcher| {
        stage.plays(launcher.as_pid_2().own_proc(), "", LEAVES)
    }),
    of("pid1", "no_time", 137, |stage, launcher| stage.plays(launcher.as_pid_1(), "-t 0", STUBBORN))
        .patient(),
    of("pid1", "no_time_not_as_pid_1", 137, |stage, launcher| {
        stage.plays(launcher.as_pid_2().own_proc(), "-t 0", STUBBORN)
    })
    .patient(),
    of("pid1", "deadlines", 137, |stage, launcher| {
        stage.plays(launcher.as_pid_1(), "-t 1", STUBBORN_FOR_LONG)
    })
    .patient()
    .from("kill"),
    of("pid1", "script_on_path", 7, |stage, launcher| {
        stage.dir.file("bin/greet", "exit 7\n", 0o755)?;
        let path = stage.dir.resolve("/nowhere:@bin");
        Ok(with(launcher.as_pid_1().env("PATH", path), ["greet"]))
    }),
    of("pid1", "terminal", 7, |stage, launcher| stage.plays_on_terminal(launcher.as_pid_1(), "", ASKS)),
    // Without CAP_KILL the init takes the user's uid as its real uid.
    of("pid1", "other_user", 7, |stage, launcher| {
        let launcher = launcher.as_pid_1().own_proc().block_all().drop_capability(CAP_KILL);
        stage.plays(launcher, "-u nobody", "expect=15 exit=7")
    })
    .sent(&["execve"]),
    of("pid1", "wait_all", 7, |stage, launcher| stage.plays(launcher.as_pid_1(), "-a", LEAVES_FOR_A_MOMENT)),
    of("pid1", "copy", 0, |stage, launcher| {
        let copy = stage.dir.file("copy", "old", 0o600)?;
        Ok(launcher.as_pid_1().argument("-c").argument(copy))
    })
    .judged_by(simple::judge_copy),
    of("pid1", "version", 0, |_, launcher| Ok(launcher.as_pid_1().argument("-V")))
        .judged_by(simple::judge_version),
    of("tini", "as_pid_1", 7, |stage, launcher| stage.plays(launcher.as_pid_1(), "", ASKS)),
    of("tini", "all_options", 7, |stage, launcher| {
        stage.plays(launcher.as_pid_2(), "-s -g -w -p TERM -vvv -e 3", ASKS)
    })
    .verbose(),
    of("tini", "not_as_pid_1", 7, |stage, launcher| stage.plays(launcher.as_pid_2(), "-v", LEAVES)).verbose(),
    of("tini", "terminal", 7, |stage, launcher| stage.plays_on_terminal(launcher.as_pid_1(), "", ASKS)),
    of("tini", "version", 0, |_, launcher| Ok(launcher.as_pid_1().argument("--version")))
        .judged_by(simple::judge_version),
    of("dumb-init", "as_pid_1", 7, |stage, launcher| stage.plays(launcher.as_pid_1(), "", ASKS)),
    of("dumb-init", "verbose_not_as_pid_1", 7, |stage, launcher| {
        stage.plays(launcher.as_pid_2(), "-v -r 10:12", LEAVES)
    })
    .verbose(),
    of("dumb-init", "suspended", 7, |stage, launcher| {
        stage.plays(launcher.as_pid_2(), "-c", "block ask=20 exit=7")
    }),
    of("dumb-init", "terminal", 7, |stage, launcher| {
        stage.plays_on_terminal(launcher.as_pid_1(), "-v", ASKS)
    })
    .verbose(),
    of("catatonit", "as_pid_1", 7, |stage, launcher| {
        stage.plays(launcher.as_pid_1().env("LISTEN_PID", "1").env("WATCHDOG_PID", "1"), "", ASKS)
    }),
    of("catatonit", "not_as_pid_1", 7, |stage, launcher| stage.plays(launcher.as_pid_2(), "-g", LEAVES)),
    of("catatonit", "terminal", 7, |stage, launcher| stage.plays_on_terminal(launcher.as_pid_1(), "", ASKS)),
    of("catatonit", "pauses", 0, |_, launcher| Ok(launcher.as_pid_1().block_all().argument("-P").zombies(2)))
        .sent(SLEEPS)
        .judged_by(simple::judge_pause),
    of("catatonit", "pauses_not_as_pid_1", 0, |_, launcher| {
        Ok(launcher.as_pid_2().block_all().argument("-P"))
    })
    .sent(SLEEPS)
    .judged_by(simple::judge_pause),
];

impl Stage {
    /// Makes an empty test directory.
    pub(crate) fn new(target: Target) -> Result<Self> {
        Ok(Self { target, dir: TestDir::new()?, terminal: None })
    }

    /// Returns the launcher of the scenario.
    pub(crate) fn start(&mut self, scenario: &Scenario) -> Result<Launcher> {
        // Variables of the test run must not reach the program.
        let launcher = ["PID1_OPTS", "LISTEN_PID", "TINI_SUBREAPER", "DUMB_INIT_DEBUG"]
            .into_iter()
            .fold(Launcher::of(self.target, scenario.program), Launcher::without_env);
        (scenario.start)(self, launcher)
    }

    /// Adds the test child with these steps.
    fn plays(&self, launcher: Launcher, options: &str, steps: &str) -> Result<Launcher> {
        self.dir.play(launcher, options, steps)
    }

    /// The same with a terminal as standard input.
    fn plays_on_terminal(&mut self, launcher: Launcher, options: &str, steps: &str) -> Result<Launcher> {
        let (terminal, side) = Terminal::new()?;
        self.terminal = Some(terminal);
        self.dir.play(launcher.stdin(side).session(), options, steps)
    }
}
