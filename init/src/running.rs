//! The life of an init after the start: from a signal that arrives to kill(2), and from the death of the child to the
//! exit. The steps stand in the order in which they happen.

use mote_rt::{
    Errno, Pid, Signal, SignalSet, WaitStatus, process,
    sys::{self, SigInfo, TimeVal, WaitId},
};

use crate::{
    children::for_each_child,
    decide::{Action, Event, Phase, Rules, State},
    policy::Policy,
    run::{EXIT_CANCELED, Init, ORPHAN_GRACE_SECS},
    signals::wait_for_signal,
};

/// Seconds that the kernel has to carry out SIGKILL.
const KILL_SECS: u32 = 1;

/// An init whose child was started.
pub(crate) struct Running<'a, P> {
    init: &'a mut Init<P>,
    /// The init itself, unless seccomp refuses to tell.
    me: Option<Pid>,
    child: Pid,
    /// Whether the child was seen to have executed a program.
    has_executed: bool,
    /// How the child ended.
    status: WaitStatus,
    state: State,
}

impl<'a, P: Policy> Running<'a, P> {
    /// Takes the settings, the init's own ID and that of the child.
    pub(crate) fn new(init: &'a mut Init<P>, me: Option<Pid>, child: Pid) -> Self {
        // The status if the child can't be killed.
        let status = WaitStatus::exited(EXIT_CANCELED);
        Self { init, me, child, has_executed: false, status, state: State::START }
    }

    /// Handles signals until it is time to exit.
    pub(crate) fn handle_signals(&mut self) {
        loop {
            let info = wait_for_signal();
            if let Some(event) = self.event(&info) {
                match self.state.decide(self.rules(), event) {
                    Action::Wait => {}
                    Action::Forward { signal, starts_timeout } => self.forward(signal, starts_timeout),
                    // Not decided without orphan termination, and then takes no bytes.
                    Action::TerminateAll if P::TERMINATES_ORPHANS => self.terminate_all(),
                    Action::KillAll if P::TERMINATES_ORPHANS => self.kill_all(),
                    Action::TerminateAll | Action::KillAll => {}
                    Action::Exit => return,
                }
            }
            self.init.policy.after_signal(info.signal);
        }
    }

    fn rules(&self) -> Rules {
        Rules {
            has_timeout: P::TERMINATES_ORPHANS && self.init.timeout.is_some(),
            terminates_orphans: P::TERMINATES_ORPHANS,
        }
    }

    /// Returns the event that a signal stands for, if any.
    fn event(&mut self, info: &SigInfo) -> Option<Event> {
        let signal = info.signal;
        // The init caused it itself, by writing to a pipe without a reader or to a file of maximum size. A message
        // about it would be the next write, and the kernel returns the own signals of a process before all others.
        if matches!(signal, Signal::PIPE | Signal::XFSZ) && self.me.is_some_and(|me| info.is_from(me)) {
            return None;
        }
        self.init.policy.on_signal(signal);
        match signal {
            Signal::CHLD => Some(self.reap()),
            // In the running phase it is a timer that was set before the start: timers survive execve(2).
            Signal::ALRM
                if P::TERMINATES_ORPHANS && info.is_from_kernel() && self.state.phase != Phase::Running =>
            {
                Some(Event::Timeout)
            }
            _ => self.rewritten(signal).map(Event::Signal),
        }
    }

    /// Returns the signal to forward in place of `signal`, if any.
    fn rewritten(&self, signal: Signal) -> Option<Signal> {
        let replacement = self.init.rewrite.get(signal);
        self.init.policy.on_rewrite(signal, replacement);
        replacement
    }

    /// Forwards a signal to the child or its process group.
    fn forward(&mut self, signal: Signal, starts_timeout: bool) {
        self.init.policy.on_forward(signal, self.child);
        if self.init.forwards_to_group {
            self.kill(Target::Group(self.child), signal);
        } else {
            self.kill(Target::Process(self.child), signal);
        }
        if P::TERMINATES_ORPHANS && starts_timeout {
            let _ = self.set_timer(self.step_secs());
        }
    }

    /// Reaps every zombie.
    fn reap(&mut self) -> Event {
        let mut child_ended = false;
        // setpgid(2) fails with EACCES once the child has executed a program.
        if !P::MAPS_EXEC_FAILURE && self.state.child_runs {
            self.has_executed |= sys::setpgid(Some(self.child)).is_err();
        }
        loop {
            let (pid, status) = match sys::wait4() {
                Ok(Some(reaped)) => reaped,
                Ok(None) => {
                    self.init.policy.on_reaped_all(true);
                    return Event::Reaped { child_ended };
                }
                Err(Errno::ECHILD) => {
                    self.init.policy.on_reaped_all(false);
                    return Event::NoChildren;
                }
                // Not for long: it has worked before the fork, and seccomp can't be changed from outside.
                Err(_) => continue,
            };
            // A child that is traced at its own request (PTRACE_TRACEME) is also reported when it stops.
            if status.is_stopped() {
                continue;
            }
            let is_child = pid == self.child;
            self.init.policy.on_reap(pid, status, is_child);
            if is_child {
                child_ended = true;
                self.status = status;
            }
        }
    }

    /// Seconds of each step of a shutdown.
    fn step_secs(&self) -> u32 {
        self.init.timeout.unwrap_or(ORPHAN_GRACE_SECS)
    }

    /// Sends SIGTERM to every process.
    fn terminate_all(&mut self) {
        self.signal_all(Signal::TERM);
        if self.set_timer(self.step_secs()).is_err() {
            // A process that ignores SIGTERM would stay permanently.
            self.state.phase = Phase::Killing;
            self.signal_all(Signal::KILL);
        }
    }

    /// Sends SIGKILL to every process.
    fn kill_all(&mut self) {
        self.signal_all(Signal::KILL);
        let _ = self.set_timer(KILL_SECS);
    }

    /// Arms the timer of a step.
    ///
    /// # Errors
    /// seccomp refuses it, twice.
    fn set_timer(&self, seconds: u32) -> Result<(), Errno> {
        // One microsecond more, since zero disarms the timer. It expires again every second, because the kernel drops
        // its signal while a SIGALRM of another process is pending.
        let first = TimeVal { seconds, microseconds: 1 };
        let interval = TimeVal { seconds: 1, microseconds: 0 };
        if sys::setitimer(first, interval).is_err() {
            sys::setitimer(first, interval)?;
        }
        // A SIGALRM of the step before may be pending, which would end this step. One that another process sent is sent
        // again.
        if seconds != 0
            && let Ok(info) = sys::sigtimedwait_zero(SignalSet::of(&[Signal::ALRM]))
            && !info.is_from_kernel()
        {
            sys::raise(Signal::ALRM);
        }
        Ok(())
    }

    /// Sends a signal to every process that the init is responsible for.
    fn signal_all(&self, signal: Signal) {
        // PID 1 is responsible for its whole PID namespace.
        if self.me == Some(Pid::INIT) {
            return self.kill(Target::All, signal);
        }
        // Elsewhere other processes are unrelated, except for the children and the child's process group. Once no child
        // is in the group, its ID may belong to an unrelated group.
        if self.state.child_runs || sys::waitid_nowait(WaitId::Group(self.child)).is_ok() {
            self.kill(Target::Group(self.child), signal);
        }
        for_each_child(self.init.standalone, |pid| {
            if pid != self.child && sys::getpgid(Some(pid)) != Some(self.child) {
                self.kill(Target::Process(pid), signal);
            }
        });
    }

    /// Sends a signal, and SIGCONT after SIGTERM. Failure is not fatal.
    fn kill(&self, target: Target, signal: Signal) {
        self.kill_once(target, signal);
        if P::CONTINUES_STOPPED && signal == Signal::TERM {
            self.kill_once(target, Signal::CONT);
        }
    }

    fn kill_once(&self, target: Target, signal: Signal) {
        let result = match target {
            Target::Process(pid) => sys::kill_process(pid, signal),
            Target::Group(group) => sys::kill_process_group(group, signal),
            Target::All => sys::kill_all(signal),
        };
        // The child may not have its group yet, or have left it.
        if result == Err(Errno::ESRCH) && (!P::TERMINATES_ORPHANS || self.state.child_runs) {
            let _ = sys::kill_process(self.child, signal);
        }
    }

    /// Exits with the child's status.
    #[inline(always)]
    pub(crate) fn exit(&self) -> ! {
        if let Some(signal) = P::EXIT_SIGNAL.and_then(|signal| self.rewritten(signal)) {
            self.init.policy.on_forward(signal, self.child);
            // The child was reaped, so its ID may belong to an unrelated process.
            if self.init.forwards_to_group {
                let _ = sys::kill_process_group(self.child, signal);
            }
        }
        let mut status = self.status.shell_status();
        // 125 to 127 of a child that executed nothing is the init's own status.
        if P::MAPS_EXEC_FAILURE || self.has_executed || !(EXIT_CANCELED..=127).contains(&status) {
            status = self.init.statuses.get(status);
        }
        self.init.policy.on_exit(status, self.status.terminating_signal());
        process::exit(status.into())
    }
}

/// A recipient of a signal.
#[derive(Clone, Copy)]
enum Target {
    Process(Pid),
    Group(Pid),
    All,
}
