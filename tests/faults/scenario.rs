//! The scenarios: what each program is made to do.

use std::time::Duration;

use anyhow::Result;
use mote_tests::terminal::Terminal;
use mote_tests::test_dir::{TestDir, with};
use mote_tests::{Launcher, Target};
use nix::sys::signal::Signal;

use crate::refusal::Refusal;
use crate::tracer::{Trace, Trigger};
use crate::{command, simple};

/// What is to be kept as long as the program runs.
pub(crate) struct Stage {
    pub(crate) target: Target,
    pub(crate) dir: TestDir,
    pub(crate) terminal: Option<Terminal>,
}

/// Something that a program is made to do.
pub(crate) struct Scenario {
    pub(crate) program: &'static str,
    pub(crate) name: &'static str,
    /// Its start.
    pub(crate) start: fn(&mut Stage, Launcher) -> Result<Launcher>,
    /// The status that it ends with if nothing is refused.
    pub(crate) status: i32,
    /// What it is sent, if COMMAND does not see to that.
    pub(crate) trigger: Option<Trigger>,
    /// The call from which on something is refused: what comes before is refused in another scenario, which takes
    /// less time.
    pub(crate) from: Option<&'static str>,
    /// Whether it tells what it does.
    pub(crate) talks: bool,
    /// Whether its timeouts expire, which it says.
    pub(crate) times_out: bool,
    /// How long nothing moves before nothing will.
    pub(crate) patience: Duration,
    /// Says whether a run went as it must.
    pub(crate) judge: fn(&Scenario, Option<Refusal>, &Trace) -> Result<()>,
}

/// COMMAND has its signal forwarded and ends with 7.
const ASKS: &str = "block ask=15 exit=7";
/// COMMAND does not end when it is asked to, and leaves someone behind who does not either.
const STUBBORN: &str = "block daemon [ ignore=15 doze=2 ] tell=15 despair exit=9";
/// The same, for a limit of a second.
const STUBBORN_FOR_LONG: &str = "block daemon [ ignore=15 doze=5 ] tell=15 despair exit=9";
/// COMMAND leaves behind someone who ends when he is asked to.
const LEAVES: &str = "block daemon [ hear=15 ] ask=15 exit=7";

/// COMMAND leaves a process behind that ends soon.
const LEAVES_FOR_A_MOMENT: &str = "block daemon [ doze=1 ] ask=15 exit=7";

/// The permission to signal every process (capabilities(7)).
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
        talks: false,
        times_out: false,
        patience: Duration::ZERO,
        judge: command::judge,
    }
}

impl Scenario {
    /// The status of an init in trouble of its own.
    pub(crate) fn trouble(&self) -> i32 {
        if self.program == "pid1" { 125 } else { 1 }
    }

    const fn judged_by(self, judge: fn(&Scenario, Option<Refusal>, &Trace) -> Result<()>) -> Self {
        Self { judge, ..self }
    }

    const fn talks(self) -> Self {
        Self { talks: true, ..self }
    }

    /// Waits for some seconds until its timeouts have expired.
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

/// The calls that pause and catatonit sleep in.
const SLEEPS: &[&str] = &["pause", "ppoll", "rt_sigtimedwait"];

const SCENARIOS: &[Scenario] = &[
    of("hello", "as_process_1", 0, |_, launcher| Ok(launcher.as_pid_1())).judged_by(simple::judge_hello),
    of("hello", "below_process_1", 0, |_, launcher| Ok(launcher.as_pid_2())).judged_by(simple::judge_hello),
    of("pause", "as_process_1", 0, |_, launcher| Ok(launcher.as_pid_1().zombies(2)))
        .sent(SLEEPS)
        .judged_by(simple::judge_pause),
    of("pause", "below_process_1", 0, |_, launcher| Ok(launcher.as_pid_2()))
        .sent(SLEEPS)
        .judged_by(simple::judge_pause),
    of("pause", "version", 0, |_, launcher| Ok(launcher.as_pid_2().argument("-v")))
        .judged_by(simple::judge_version),
    of("pid1", "as_process_1", 7, |stage, launcher| stage.plays(launcher.as_pid_1(), "", ASKS)),
    of("pid1", "below_process_1", 7, |stage, launcher| stage.plays(launcher.as_pid_2(), "", ASKS)),
    of("pid1", "children_are_ignored", 7, |stage, launcher| {
        stage.plays(launcher.as_pid_1().ignore(Signal::SIGCHLD).zombies(2), "", ASKS)
    }),
    of("pid1", "all_options", 7, |stage, launcher| {
        let options = "-u root:daemon -w / -e X=1 -p TERM -k -r USR1:USR2 -x 3";
        stage.plays(launcher.as_pid_2().env("PID1_OPTS", "-v").env("LISTEN_PID", "2"), options, ASKS)
    })
    .talks(),
    of("pid1", "group_by_name", 7, |stage, launcher| stage.plays(launcher.as_pid_1(), "-g daemon", ASKS)),
    of("pid1", "leftover", 7, |stage, launcher| stage.plays(launcher.as_pid_1(), "", LEAVES)),
    of("pid1", "leftover_below", 7, |stage, launcher| {
        stage.plays(launcher.as_pid_2().own_proc(), "", LEAVES)
    }),
    of("pid1", "no_time", 137, |stage, launcher| stage.plays(launcher.as_pid_1(), "-t 0", STUBBORN))
        .patient(),
    of("pid1", "no_time_below", 137, |stage, launcher| {
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
    // Without CAP_KILL, which takes the user's real ID.
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
    of("tini", "as_process_1", 7, |stage, launcher| stage.plays(launcher.as_pid_1(), "", ASKS)),
    of("tini", "all_options", 7, |stage, launcher| {
        stage.plays(launcher.as_pid_2(), "-s -g -w -p TERM -vvv -e 3", ASKS)
    })
    .talks(),
    of("tini", "below_process_1", 7, |stage, launcher| stage.plays(launcher.as_pid_2(), "-v", LEAVES))
        .talks(),
    of("tini", "terminal", 7, |stage, launcher| stage.plays_on_terminal(launcher.as_pid_1(), "", ASKS)),
    of("tini", "version", 0, |_, launcher| Ok(launcher.as_pid_1().argument("--version")))
        .judged_by(simple::judge_version),
    of("dumb-init", "as_process_1", 7, |stage, launcher| stage.plays(launcher.as_pid_1(), "", ASKS)),
    of("dumb-init", "verbose_below", 7, |stage, launcher| {
        stage.plays(launcher.as_pid_2(), "-v -r 10:12", LEAVES)
    })
    .talks(),
    of("dumb-init", "suspended", 7, |stage, launcher| {
        stage.plays(launcher.as_pid_2(), "-c", "block ask=20 exit=7")
    }),
    of("dumb-init", "terminal", 7, |stage, launcher| {
        stage.plays_on_terminal(launcher.as_pid_1(), "-v", ASKS)
    })
    .talks(),
    of("catatonit", "as_process_1", 7, |stage, launcher| {
        stage.plays(launcher.as_pid_1().env("LISTEN_PID", "1").env("WATCHDOG_PID", "1"), "", ASKS)
    }),
    of("catatonit", "below_process_1", 7, |stage, launcher| stage.plays(launcher.as_pid_2(), "-g", LEAVES)),
    of("catatonit", "terminal", 7, |stage, launcher| stage.plays_on_terminal(launcher.as_pid_1(), "", ASKS)),
    of("catatonit", "pauses", 0, |_, launcher| Ok(launcher.as_pid_1().block_all().argument("-P").zombies(2)))
        .sent(SLEEPS)
        .judged_by(simple::judge_pause),
    of("catatonit", "pauses_below", 0, |_, launcher| Ok(launcher.as_pid_2().block_all().argument("-P")))
        .sent(SLEEPS)
        .judged_by(simple::judge_pause),
];

impl Stage {
    /// An empty one.
    pub(crate) fn new(target: Target) -> Result<Self> {
        Ok(Self { target, dir: TestDir::new()?, terminal: None })
    }

    /// What the scenario starts.
    pub(crate) fn start(&mut self, scenario: &Scenario) -> Result<Launcher> {
        // What the tests are run with is not for the program.
        let launcher = ["PID1_OPTS", "LISTEN_PID", "TINI_SUBREAPER", "DUMB_INIT_DEBUG"]
            .into_iter()
            .fold(Launcher::of(self.target, scenario.program), Launcher::without_env);
        (scenario.start)(self, launcher)
    }

    /// The test child as COMMAND.
    fn plays(&self, launcher: Launcher, options: &str, steps: &str) -> Result<Launcher> {
        self.dir.play(launcher, options, steps)
    }

    /// The same with a terminal on standard input.
    fn plays_on_terminal(&mut self, launcher: Launcher, options: &str, steps: &str) -> Result<Launcher> {
        let (terminal, side) = Terminal::new()?;
        self.terminal = Some(terminal);
        self.dir.play(launcher.stdin(side).session(), options, steps)
    }
}
