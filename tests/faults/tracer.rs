//! Runs a program under ptrace(2): notes every system call of the program, and of its child until execve(2), and
//! refuses the calls that a test chooses. The tracer detaches from the child at execve(2).

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

/// A run that takes longer hangs. The longest scenario takes six seconds on an idle machine.
const DEADLINE: Duration = Duration::from_secs(60);

/// A run with more calls spins. No scenario makes a quarter of them.
const MOST_CALLS: usize = 20_000;

/// Signals to the program when it first enters one of these calls, or, for `execve`, when the child has executed it.
pub(crate) struct Trigger {
    pub(crate) calls: &'static [&'static str],
    pub(crate) signals: &'static [Signal],
}

/// A run to make.
pub(crate) struct Plan<'a> {
    pub(crate) target: Target,
    pub(crate) trigger: Option<&'a Trigger>,
    /// The time without a change after which the child gets SIGUSR2, on which it gives up waiting.
    pub(crate) patience: Duration,
    pub(crate) refusal: Option<Refusal>,
}

/// A system call.
#[derive(Debug)]
pub(crate) struct Call {
    pub(crate) who: Who,
    pub(crate) name: &'static str,
}

/// The record of a run.
#[derive(Debug, Default)]
pub(crate) struct Trace {
    pub(crate) calls: Vec<Call>,
    /// The number of refused calls.
    pub(crate) refused: usize,
    /// Whether the child was executed.
    pub(crate) executed: bool,
    /// Signals to unrelated processes.
    pub(crate) strays: Vec<String>,
    /// Name, mode and size of each file in the test directory at the end.
    pub(crate) files: Vec<String>,
    /// The outcome; `None` if the program sleeps and the trigger's signals have not ended it.
    pub(crate) outcome: Option<Outcome>,
}

/// Runs a program to its end.
pub(crate) fn run(plan: &Plan, mut command: Command) -> Result<Trace> {
    // SAFETY: PTRACE_TRACEME is one system call, which is allowed between fork and exec.
    unsafe { command.pre_exec(|| ptrace::traceme().map_err(Into::into)) };
    // Only the thread that starts it can trace it.
    let child = command.spawn().context("launcher")?;
    // This process's ends of the pipes would keep them open.
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
    /// The launcher, which may be outside of the PID namespace.
    outer: Pid,
    /// The program.
    init: Option<Subject>,
    /// Its first child.
    command: Option<Subject>,
    /// Whether the trigger's signals were sent.
    sent: bool,
    /// The end of the program.
    end: Option<End>,
    trace: Trace,
}

impl Tracer<'_> {
    /// Follows the processes until the launcher has ended, and the PID namespace with it. Returns `None` if the program
    /// sleeps.
    fn follow(&mut self) -> Result<Option<End>> {
        let ticks = Ticks::new()?;
        let start = Instant::now();
        let mut last = start;
        loop {
            if let Some(status) = ticks.wait().context("waitpid")? {
                if !self.init.as_ref().is_some_and(Subject::only_polls) {
                    last = Instant::now();
                }
                if let Some(end) = self.changed(status)? {
                    return Ok(Some(end));
                }
                ensure!(self.trace.calls.len() < MOST_CALLS, "the program spins: {}", self.place());
                continue;
            }
            if self.sleeps_on() {
                return Ok(None);
            }
            if last.elapsed() > self.plan.patience && self.gives_up()? {
                last = Instant::now();
            }
            ensure!(start.elapsed() < DEADLINE, "the program hangs: {}", self.place());
        }
    }

    /// Handles a change of a process. Returns the end of the launcher.
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

    /// Returns the program or its child.
    fn subject(&mut self, pid: Pid) -> Option<&mut Subject> {
        [&mut self.init, &mut self.command].into_iter().flatten().find(|subject| subject.pid == pid)
    }

    fn go_on(&mut self, pid: Pid, signal: Option<Signal>) -> Result<()> {
        let counts = self.subject(pid).is_some();
        gone(if counts { ptrace::syscall(pid, signal) } else { ptrace::cont(pid, signal) }).context("go on")
    }

    /// Handles a stop by a signal, which is also how a traced child begins.
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
            // The kernel does not kill a traced PID 1 for a fault. Detached, it repeats the fault.
            return gone(ptrace::detach(pid, None)).context("detach");
        }
        // A traced child begins with SIGSTOP. No scenario sends one.
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

    /// Handles the begin or the end of a system call.
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
                // The fallback closes tens of thousands of descriptors, which would take seconds under ptrace(2).
                if !self.waits_for_command() {
                    self.send(pid)?;
                }
                return gone(ptrace::detach(pid, None)).context("detach");
            }
            Step::Ends { .. } | Step::Gone => {}
        }
        self.go_on(pid, None)
    }

    /// Returns whether the trigger is the child's execve(2).
    fn waits_for_command(&self) -> bool {
        self.plan.trigger.is_some_and(|trigger| trigger.calls.contains(&"execve"))
    }

    /// Sends the trigger's signals, once.
    fn send(&mut self, pid: Pid) -> Result<()> {
        let signals = self.plan.trigger.filter(|_| !self.sent).map_or(&[][..], |trigger| trigger.signals);
        self.sent = true;
        signals.iter().try_for_each(|signal| kill(pid, *signal)).context("kill")
    }

    /// Returns whether the program sleeps although the trigger's signals were sent.
    fn sleeps_on(&self) -> bool {
        let has_command = self.trace.executed;
        self.plan.trigger.is_some()
            && self.sent
            && !has_command
            && self.init.as_ref().is_some_and(Subject::sleeps)
    }

    /// Sends SIGUSR2 to the child if both it and the program sleep and no signal is pending for either.
    fn gives_up(&self) -> Result<bool> {
        let (Some(init), Some(command)) = (&self.init, &self.command) else { return Ok(false) };
        // The child waits, so its signals have reached the program; the program sleeps, so its signals have reached the
        // child: look at the child once more.
        let sleeps = self.trace.executed && command.listens() && init.sleeps() && command.listens();
        if sleeps {
            gone(kill(command.pid, Signal::SIGUSR2)).context("kill")?;
        }
        Ok(sleeps)
    }

    /// Describes the last calls.
    fn place(&self) -> String {
        let last: Vec<_> = self.trace.calls.iter().rev().take(5).map(|call| (call.who, call.name)).collect();
        format!("the last calls are {last:?}; the child runs: {}", self.trace.executed)
    }

    /// Kills the remaining processes.
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

/// Ignores ESRCH, the error of a process that was killed.
fn gone(result: nix::Result<()>) -> nix::Result<()> {
    if result == Err(Errno::ESRCH) { Ok(()) } else { result }
}
