//! Runs a start under `ptrace(2)`: writes down every system call of the program and of the child that is to become
//! COMMAND, until that is executed, and refuses the ones that a test wants to be refused.
//!
//! Only those calls are counted and refused. COMMAND runs as if nothing were.

use std::io::Read;
use std::os::unix::process::CommandExt;
use std::process::{Child, Command};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};
use mote_tests::outcome::End;
use mote_tests::{Outcome, Target};
use nix::errno::Errno;
use nix::libc;
use nix::sys::ptrace::{self, Options};
use nix::sys::signal::{Signal, kill};
use nix::sys::wait::{WaitPidFlag, WaitStatus, waitpid};
use nix::unistd::Pid;

use crate::refusal::{Refusal, Who};
use crate::subject::{Step, Subject};
use crate::ticks::Ticks;

/// Who has not ended by then hangs. The longest scenario takes six seconds on an idle machine.
const DEADLINE: Duration = Duration::from_secs(60);

/// No scenario takes a quarter of these calls. Who makes so many runs in a loop.
const MOST_CALLS: usize = 20_000;

/// What is sent to the program when it first enters one of these calls, or when COMMAND was executed (`execve`).
pub(crate) struct Trigger {
    pub(crate) calls: &'static [&'static str],
    pub(crate) signals: &'static [Signal],
}

/// How a run is to be made.
pub(crate) struct Plan<'a> {
    pub(crate) target: Target,
    pub(crate) trigger: Option<&'a Trigger>,
    /// How long COMMAND waits in vain before it is told to give up, with nothing moving meanwhile.
    pub(crate) patience: Duration,
    pub(crate) refusal: Option<Refusal>,
}

/// A call that was made.
#[derive(Debug)]
pub(crate) struct Call {
    pub(crate) who: Who,
    pub(crate) name: &'static str,
}

/// What was seen of a run.
#[derive(Debug, Default)]
pub(crate) struct Trace {
    pub(crate) calls: Vec<Call>,
    /// How many calls were refused.
    pub(crate) refused: usize,
    /// Whether COMMAND was executed.
    pub(crate) executed: bool,
    /// Signals that went to somebody whom they must not.
    pub(crate) strays: Vec<String>,
    /// What is in the test directory at the end: name, mode and size of each file.
    pub(crate) files: Vec<String>,
    /// The end; none if it went to sleep for good, which nothing that it was sent has ended.
    pub(crate) outcome: Option<Outcome>,
}

/// Runs it to its end.
pub(crate) fn run(plan: &Plan, mut command: Command) -> Result<Trace> {
    // SAFETY: asking to be traced is one system call, which is safe between fork and exec.
    unsafe { command.pre_exec(|| ptrace::traceme().map_err(Into::into)) };
    // The thread that starts it is the one that traces it.
    let child = command.spawn().context("launcher")?;
    // What this process holds of a pipe would keep it open.
    drop(command);
    let outer = Pid::from_raw(i32::try_from(child.id())?);
    let mut tracer =
        Tracer { plan, outer, init: None, command: None, sent: false, end: None, trace: Trace::default() };
    let end = tracer.follow();
    if !matches!(end, Ok(Some(_))) {
        tracer.kill_all();
    }
    let mut trace = tracer.trace;
    trace.outcome = end?.map(|end| outcome(child, end)).transpose()?;
    Ok(trace)
}

fn outcome(child: Child, end: End) -> Result<Outcome> {
    let (mut stdout, mut stderr) = (Vec::new(), Vec::new());
    child.stdout.map(|mut stream| stream.read_to_end(&mut stdout)).transpose()?;
    child.stderr.map(|mut stream| stream.read_to_end(&mut stderr)).transpose()?;
    Ok(Outcome { stdout, stderr, end })
}

struct Tracer<'a> {
    plan: &'a Plan<'a>,
    /// The launcher, which may stay outside of a PID namespace.
    outer: Pid,
    /// The program.
    init: Option<Subject>,
    /// Its first child.
    command: Option<Subject>,
    /// Whether the trigger's signals were sent.
    sent: bool,
    /// How the program ended.
    end: Option<End>,
    trace: Trace,
}

impl Tracer<'_> {
    /// Goes on until the launcher has ended, and everything in the namespace with it; none if the program sleeps.
    fn follow(&mut self) -> Result<Option<End>> {
        let ticks = Ticks::new()?;
        let start = Instant::now();
        let mut last = start;
        loop {
            if let Some(status) = ticks.wait().context("waitpid")? {
                if !self.init.as_ref().is_some_and(Subject::only_dozes) {
                    last = Instant::now();
                }
                if let Some(end) = self.changed(status)? {
                    return Ok(Some(end));
                }
                ensure!(self.trace.calls.len() < MOST_CALLS, "it spins: {}", self.place());
                continue;
            }
            if self.sleeps_for_good() {
                return Ok(None);
            }
            if last.elapsed() > self.plan.patience && self.gives_up()? {
                last = Instant::now();
            }
            ensure!(start.elapsed() < DEADLINE, "it hangs: {}", self.place());
        }
    }

    /// Something has happened to a process. The end, if it was the launcher's.
    fn changed(&mut self, status: WaitStatus) -> Result<Option<End>> {
        let ended = match status {
            WaitStatus::Exited(pid, status) => Some((pid, End::Exited(status))),
            WaitStatus::Signaled(pid, signal, _) => Some((pid, End::Killed(signal))),
            _ => None,
        };
        if let Some((pid, end)) = ended {
            if self.is_init(pid) {
                self.end = Some(end);
            }
            return Ok((pid == self.outer).then(|| self.end.unwrap_or(end)));
        }
        match status {
            WaitStatus::PtraceSyscall(pid) => self.at_call(pid)?,
            WaitStatus::PtraceEvent(pid, _, libc::PTRACE_EVENT_EXEC) => self.executed(pid)?,
            WaitStatus::PtraceEvent(pid, ..) => self.go_on(pid, None)?,
            WaitStatus::Stopped(pid, signal) => self.stopped(pid, signal)?,
            other => bail!("{other:?}"),
        }
        Ok(None)
    }

    fn is_init(&self, pid: Pid) -> bool {
        self.init.as_ref().is_some_and(|init| init.pid == pid)
    }

    /// The program or its child.
    fn subject(&mut self, pid: Pid) -> Option<&mut Subject> {
        [&mut self.init, &mut self.command].into_iter().flatten().find(|subject| subject.pid == pid)
    }

    fn go_on(&mut self, pid: Pid, signal: Option<Signal>) -> Result<()> {
        let counts = self.subject(pid).is_some();
        gone(if counts { ptrace::syscall(pid, signal) } else { ptrace::cont(pid, signal) }).context("go on")
    }

    /// Somebody has begun, or gets a signal.
    fn stopped(&mut self, pid: Pid, signal: Signal) -> Result<()> {
        if pid == self.outer && signal == Signal::SIGTRAP && self.init.is_none() {
            let events = Options::PTRACE_O_TRACEFORK
                | Options::PTRACE_O_TRACEVFORK
                | Options::PTRACE_O_TRACECLONE
                | Options::PTRACE_O_TRACEEXEC
                | Options::PTRACE_O_TRACESYSGOOD
                | Options::PTRACE_O_EXITKILL;
            ptrace::setoptions(pid, events).context("setoptions")?;
            return self.go_on(pid, None);
        }
        if self.is_init(pid) && End::Killed(signal).is_fault() {
            // The kernel spares a PID 1 that is traced. It will be at fault again.
            return gone(ptrace::detach(pid, None)).context("detach");
        }
        // This one is how a child that is traced begins. Nobody gets one from outside.
        let begins = signal == Signal::SIGSTOP && !self.is_init(pid);
        if begins && self.init.is_some() && self.command.is_none() {
            self.command = Some(Subject::new(pid, Who::Child));
        }
        self.go_on(pid, (signal != Signal::SIGSTOP).then_some(signal))
    }

    fn executed(&mut self, pid: Pid) -> Result<()> {
        if self.init.is_none() {
            self.init = Some(Subject::new(pid, Who::Init));
            return self.go_on(pid, None);
        }
        self.trace.executed = true;
        if self.waits_for_command()
            && let Some(init) = self.init.as_ref().map(|init| init.pid)
        {
            self.send(init)?;
        }
        gone(ptrace::detach(pid, None)).context("detach")
    }

    /// A system call begins or ends.
    fn at_call(&mut self, pid: Pid) -> Result<()> {
        let Plan { target, trigger, refusal, .. } = *self.plan;
        let command = self.command.as_ref().map(|command| command.pid);
        let Some(subject) = self.subject(pid) else { return self.go_on(pid, None) };
        let who = subject.who;
        match subject.step(target, refusal, command)? {
            Step::Begins { name, refused, stray } => {
                self.trace.calls.push(Call { who, name });
                self.trace.refused += usize::from(refused);
                self.trace.strays.extend(stray);
                if who == Who::Init && trigger.is_some_and(|trigger| trigger.calls.contains(&name)) {
                    self.send(pid)?;
                }
            }
            Step::Ends { refused: Some("close_range") } => {
                // What it does instead is to make tens of thousands of calls, which would take seconds.
                if !self.waits_for_command() {
                    self.send(pid)?;
                }
                return gone(ptrace::detach(pid, None)).context("detach");
            }
            Step::Ends { .. } | Step::Gone => {}
        }
        self.go_on(pid, None)
    }

    /// Whether the trigger is COMMAND's execution.
    fn waits_for_command(&self) -> bool {
        self.plan.trigger.is_some_and(|trigger| trigger.calls.contains(&"execve"))
    }

    /// Sends what the program is to be sent, once.
    fn send(&mut self, pid: Pid) -> Result<()> {
        let signals = self.plan.trigger.filter(|_| !self.sent).map_or(&[][..], |trigger| trigger.signals);
        self.sent = true;
        signals.iter().try_for_each(|signal| kill(pid, *signal)).context("kill")
    }

    /// Whether the program sleeps, and no signal waits that would end that.
    fn sleeps_for_good(&self) -> bool {
        let has_command = self.trace.executed;
        self.plan.trigger.is_some()
            && self.sent
            && !has_command
            && self.init.as_ref().is_some_and(Subject::sleeps)
    }

    /// If both the program and COMMAND sleep, and nothing is on its way to either, COMMAND is told so.
    fn gives_up(&self) -> Result<bool> {
        let (Some(init), Some(command)) = (&self.init, &self.command) else { return Ok(false) };
        // What COMMAND has sent before it began to listen has reached the program. What that has then sent in turn, before
        // it went to sleep, has reached COMMAND.
        let sleeps = self.trace.executed && command.listens() && init.sleeps() && command.listens();
        if sleeps {
            gone(kill(command.pid, Signal::SIGUSR2)).context("kill")?;
        }
        Ok(sleeps)
    }

    /// Where it is, for people.
    fn place(&self) -> String {
        let last: Vec<_> = self.trace.calls.iter().rev().take(5).map(|call| (call.who, call.name)).collect();
        format!("the last calls are {last:?}; COMMAND runs: {}", self.trace.executed)
    }

    /// Ends whatever is left.
    fn kill_all(&self) {
        let init = self.init.as_ref().filter(|_| self.end.is_none()).map(|init| init.pid);
        for pid in [init, Some(self.outer)].into_iter().flatten() {
            let _ = kill(pid, Signal::SIGKILL);
        }
        let flags = WaitPidFlag::__WALL | WaitPidFlag::__WNOTHREAD;
        while let Ok(status) = waitpid(None, Some(flags)) {
            if let WaitStatus::PtraceEvent(pid, ..) | WaitStatus::Stopped(pid, _) = status {
                let _ = ptrace::cont(pid, None);
            }
        }
    }
}

/// Who was killed can't be told to go on.
fn gone(result: nix::Result<()>) -> nix::Result<()> {
    if result == Err(Errno::ESRCH) { Ok(()) } else { result }
}
