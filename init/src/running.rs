//! The life of an init after the start: from a signal that arrives to kill(2), and from the death of the child to the
//! exit. The steps stand in the order in which they happen.

use mote_rt::{
    Errno, Pid, Signal, SignalSet, ThinCStr, WaitStatus, process,
    sys::{self, SigInfo, WaitId},
};

use crate::{
    children::Children,
    decide::{Action, Event, Phase, Rules, State},
    permission::take_real_uid,
    policy::Policy,
    run::{EXIT_CANCELED, Init, ORPHAN_GRACE_SECS},
    signals::wait_for_signal,
    terminal, timer,
};

/// Seconds that the kernel has to carry out SIGKILL.
const KILL_SECS: u32 = 1;

/// Returns whether a signal ends most programs, so that it is followed by SIGCONT like a stop signal.
fn ends(signal: Signal) -> bool {
    matches!(signal, Signal::TERM | Signal::INT | Signal::QUIT | Signal::HUP)
}

/// An init whose child was started.
pub(crate) struct Running<'a, P> {
    init: &'a mut Init<P>,
    /// The init itself, unless seccomp refuses to tell.
    me: Option<Pid>,
    child: Pid,
    /// The name of the command.
    name: ThinCStr<'static>,
    /// How the child ended.
    status: Option<WaitStatus>,
    state: State,
    /// The signals that the init has sent.
    sent: SignalSet,
    /// Whether the init has taken the real user ID of another process.
    has_taken_uid: bool,
    /// Whether it was reported that the kernel refuses to send a signal.
    has_reported_refusal: bool,
}

impl<'a, P: Policy> Running<'a, P> {
    /// Takes the settings, the init's own ID, that of the child and the name of the command.
    pub(crate) fn new(init: &'a mut Init<P>, me: Option<Pid>, child: Pid, name: ThinCStr<'static>) -> Self {
        Self {
            init,
            me,
            child,
            name,
            status: None,
            state: State::START,
            sent: SignalSet::EMPTY,
            has_taken_uid: false,
            has_reported_refusal: false,
        }
    }

    /// Handles signals until it is time to exit.
    pub(crate) fn handle_signals(&mut self) {
        loop {
            let info = wait_for_signal(P::TERMINATES_ORPHANS && self.state.phase != Phase::Running);
            if let Some(event) = self.event(&info) {
                match self.state.decide(self.rules(), event) {
                    Action::Wait => {}
                    Action::Forward { signal, starts_timeout } => self.forward(signal, starts_timeout),
                    // The others are not decided without orphan termination, and then take no bytes.
                    Action::TerminateAll if P::TERMINATES_ORPHANS => self.terminate_all(),
                    Action::KillAll if P::TERMINATES_ORPHANS => {
                        self.kill_all();
                        self.init.policy.on_timeout(Signal::KILL, self.step_secs());
                    }
                    Action::KillOrphans if P::TERMINATES_ORPHANS => self.kill_all(),
                    Action::TerminateAll | Action::KillAll | Action::KillOrphans => {}
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
            waits_for_orphans: P::TERMINATES_ORPHANS && self.init.waits_for_orphans,
            stop_signals: self.init.stop_signals,
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
        self.sent.insert(signal);
        if self.init.forwards_to_group {
            self.signal_group(signal);
        } else {
            self.kill(Target::Process(self.child), signal);
        }
        // A shell and its jobs may be stopped together (Ctrl-Z).
        if P::CONTINUES_STOPPED && (self.init.stop_signals.contains(signal) || ends(signal)) {
            self.signal_group(Signal::CONT);
        }
        if P::TERMINATES_ORPHANS && starts_timeout {
            let _ = timer::arm(self.step_secs());
        }
        self.init.policy.on_forward(signal, self.child);
    }

    /// Reaps every zombie.
    fn reap(&mut self) -> Event {
        let mut child_ended = false;
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
                self.status = Some(status);
                if let Some(signal) = status.terminating_signal()
                    && !self.sent.contains(signal)
                {
                    self.init.policy.on_killed(self.name, signal);
                }
            }
        }
    }

    /// Seconds of each step of a shutdown.
    fn step_secs(&self) -> u32 {
        self.init.timeout.unwrap_or(ORPHAN_GRACE_SECS)
    }

    /// Sends SIGTERM to every process.
    fn terminate_all(&mut self) {
        if P::TAKES_UID && self.me == Some(Pid::INIT) {
            self.ensure_permission(Signal::TERM);
        }
        self.signal_all(Signal::TERM);
        self.signal_all(Signal::CONT);
        if timer::arm(self.step_secs()).is_err() {
            // A process that ignores SIGTERM would stay permanently.
            self.state.phase = Phase::Killing;
            self.signal_all(Signal::KILL);
        }
        if self.state.child_runs {
            self.init.policy.on_timeout(Signal::TERM, self.step_secs());
        }
    }

    /// Sends SIGKILL to every process.
    fn kill_all(&mut self) {
        self.signal_all(Signal::KILL);
        let _ = timer::arm(KILL_SECS);
    }

    /// Sends a signal to every process that the init is responsible for.
    fn signal_all(&mut self, signal: Signal) {
        self.sent.insert(signal);
        // PID 1 is responsible for its whole PID namespace.
        if self.me == Some(Pid::INIT) {
            self.kill(Target::All, signal);
            return;
        }
        // Elsewhere other processes are unrelated, except for the children and the child's process group. Once no child
        // is in the group, its ID may belong to an unrelated group.
        if self.state.child_runs || sys::waitid_nowait(WaitId::Group(self.child)).is_ok() {
            self.signal_group(signal);
        }
        for pid in Children::of_caller(self.init.standalone) {
            if pid != self.child && sys::getpgid(Some(pid)) != Some(self.child) {
                self.kill(Target::Process(pid), signal);
            }
        }
    }

    /// Sends a signal to the child's process group, and to the child, if it has no group yet or has left it.
    fn signal_group(&mut self, signal: Signal) {
        let has_group = self.kill(Target::Group(self.child), signal);
        // A child that makes its group itself may have done so since.
        if self.state.child_runs && (!has_group || sys::getpgid(Some(self.child)) != Some(self.child)) {
            self.kill(Target::Process(self.child), signal);
        }
    }

    /// Sends a signal. Failure is not fatal. Returns whether the recipient exists.
    fn kill(&mut self, target: Target, signal: Signal) -> bool {
        let mut result = target.kill(signal);
        if result == Err(Errno::EPERM) {
            let other = if let Target::Process(pid) = target { pid } else { self.child };
            self.take_uid(other);
            result = target.kill(signal);
        }
        self.report_refusal(signal, result);
        result != Err(Errno::ESRCH)
    }

    /// Ensures that `kill(-1)` will reach the children. It succeeds even if it may not signal them.
    fn ensure_permission(&mut self, signal: Signal) {
        for pid in Children::of_caller(self.init.standalone) {
            if sys::may_signal(pid) == Err(Errno::EPERM) {
                self.take_uid(pid);
                self.report_refusal(signal, sys::may_signal(pid));
            }
        }
    }

    /// Takes the real user ID of another process, once.
    fn take_uid(&mut self, other: Pid) {
        if P::TAKES_UID && !self.has_taken_uid {
            self.has_taken_uid = true;
            take_real_uid(other);
        }
    }

    /// Reports, once, that the kernel refuses to send a signal.
    fn report_refusal(&mut self, signal: Signal, result: Result<(), Errno>) {
        if let Err(error) = result
            && error != Errno::ESRCH
            && !self.has_reported_refusal
        {
            self.has_reported_refusal = true;
            self.init.policy.on_kill_refused(signal, error);
        }
    }

    /// Exits with the child's status.
    #[inline(always)]
    pub(crate) fn exit(&mut self) -> ! {
        if let Some(signal) = P::EXIT_SIGNAL.and_then(|signal| self.rewritten(signal)) {
            // The child was reaped, so its ID may belong to an unrelated process.
            if self.init.forwards_to_group {
                let _ = sys::kill_process_group(self.child, signal);
            }
            self.init.policy.on_forward(signal, self.child);
        }
        let mut status = EXIT_CANCELED;
        match self.status {
            None => self.init.policy.on_give_up(self.name),
            Some(child) => {
                status = child.shell_status();
                // Otherwise it is the init's own status.
                if self.init.has_executed() {
                    status = self.init.statuses.get(status);
                }
            }
        }
        if self.init.policy.hands_terminal_over() && self.me != Some(Pid::INIT) {
            terminal::take_from(Some(self.child));
        }
        self.init.policy.on_exit(status, self.status.and_then(WaitStatus::terminating_signal));
        process::exit(status.into())
    }
}

/// Recipients of a signal.
#[derive(Clone, Copy)]
enum Target {
    Process(Pid),
    Group(Pid),
    All,
}

impl Target {
    fn kill(self, signal: Signal) -> Result<(), Errno> {
        match self {
            Self::Process(pid) => sys::kill_process(pid, signal),
            Self::Group(group) => sys::kill_process_group(group, signal),
            Self::All => sys::kill_all(signal),
        }
    }
}
