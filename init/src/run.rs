//! The life of an init, from the start of the child to the exit. The steps stand in the order in which they happen.

use mote_rt::{
    Command, Environment, Errno, Pid, Signal, SignalSet, Standalone, ThinCStr, WaitStatus, execvp, process,
    sys::{self, ForkResult, SigInfo, TimeVal, WaitId},
    text,
};

use crate::{
    children::for_each_child,
    decide::{Action, Event, Phase, Rules, State},
    policy::{Policy, Step},
    signals::{self, InheritedSignals, wait_for_signal},
    table::{RewriteTable, StatusTable},
};

/// An init: the settings that a command line changes.
// In this order no other zero is next to the tables, and they are filled with zeros by words: 385 instructions less.
#[repr(C)]
pub struct Init<P> {
    /// The differences from other inits.
    pub policy: P,
    /// Seconds that the child has after a stop signal before every process gets SIGTERM, and then again before SIGKILL.
    /// `None`: the child has no timeout, and orphans have [`ORPHAN_GRACE_SECS`].
    pub timeout: Option<u32>,
    /// Whether signals are forwarded to the child's process group.
    pub forwards_to_group: bool,
    /// The environment of the child.
    pub env: Environment,
    standalone: Standalone,
    /// The signal to forward in place of each signal.
    pub rewrite: RewriteTable,
    /// The exit status in place of each status of the child.
    pub statuses: StatusTable,
}

/// The exit status of an init that failed itself, as in other tools that run a command (`EXIT_CANCELED` of coreutils).
pub const EXIT_CANCELED: u8 = 125;

/// Seconds that orphans have after SIGTERM if there is no timeout.
pub const ORPHAN_GRACE_SECS: u32 = 4;

/// Seconds that the kernel has to carry out SIGKILL.
const KILL_SECS: u32 = 1;

/// The directories of a command without `PATH`.
fn default_path() -> ThinCStr<'static> {
    text!("/usr/local/bin:/bin:/usr/bin")
}

impl<P: Policy> Init<P> {
    /// Returns an init without a timeout that forwards every signal and exits with the child's own status.
    #[inline(always)]
    pub fn new(standalone: Standalone, policy: P, env: Environment) -> Self {
        Self {
            policy,
            timeout: None,
            forwards_to_group: false,
            env,
            rewrite: RewriteTable::default(),
            statuses: StatusTable::default(),
            standalone,
        }
    }

    /// Runs the command as a child, waits for its end and for that of its orphans if the policy says so, and exits with
    /// its status.
    pub fn run(&mut self, command: Command) -> ! {
        let me = sys::getpid();
        let inherited = self.setup(Step::Signals, InheritedSignals::block(self.standalone));
        self.policy.before_fork(me);
        self.check_timer();
        let name = command.name();
        let child = self.fork(me, inherited, command);
        self.policy.after_fork(self.standalone, name, child);

        let status = WaitStatus::exited(EXIT_CANCELED);
        let mut running = Running { init: self, me, child, has_executed: false, status, state: State::START };
        running.handle_signals();
        running.exit()
    }

    /// Unwraps the result of a step that must not fail.
    #[inline(always)]
    fn setup<T>(&self, step: Step, result: Result<T, Errno>) -> T {
        match result {
            Ok(value) => value,
            Err(error) => self.policy.setup_failed(step, error),
        }
    }

    /// Fails before the child is there if seccomp refuses the timer that its timeout needs. The timer is not armed.
    #[inline(always)]
    fn check_timer(&self) {
        if P::TERMINATES_ORPHANS && self.timeout.is_some() {
            let disarmed = TimeVal { seconds: 0, microseconds: 0 };
            self.setup(Step::Timer, sys::setitimer(disarmed, disarmed));
        }
    }

    /// Creates the child, which executes the command, and returns its ID.
    #[inline(always)]
    fn fork(&mut self, me: Option<Pid>, inherited: InheritedSignals, command: Command) -> Pid {
        // Where seccomp refuses to reap there must be no child. Zombies from before the start are reaped on the way.
        let forked = sys::reap_zombies().and_then(|()| sys::fork(self.standalone));
        match self.setup(Step::Child, forked) {
            ForkResult::Child => self.execute(me, inherited, command),
            ForkResult::Parent(child) => {
                // Both processes do this. Whichever is first, no signal finds the child without its group.
                if P::SETS_PROCESS_GROUP {
                    let _ = sys::setpgid(Some(child));
                }
                child
            }
        }
    }

    /// Executes the command, in the child.
    #[inline(always)]
    fn execute(&mut self, init: Option<Pid>, inherited: InheritedSignals, mut command: Command) -> ! {
        if P::SETS_PROCESS_GROUP {
            let _ = sys::setpgid(None);
        }
        self.policy.pre_exec(self.standalone, &mut self.env, init);
        let restored = if P::RESTORES_SIGNALS {
            inherited.restore(self.standalone)
        } else {
            signals::reset(self.standalone)
        };
        self.setup(Step::Signals, restored);
        let error = execvp(&mut command, &self.env, default_path());
        self.policy.exec_failed(command.name(), error)
    }
}

/// An init whose child was started.
struct Running<'a, P> {
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

impl<P: Policy> Running<'_, P> {
    /// Handles signals until it is time to exit.
    fn handle_signals(&mut self) {
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
    #[inline(always)]
    fn event(&mut self, info: &SigInfo) -> Option<Event> {
        let signal = info.signal;
        // The init caused it itself, by writing to a pipe without a reader or to a file of maximum size. A message about
        // it would be the next write, and the kernel returns the own signals of a process before all others.
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
    #[inline(always)]
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
    #[inline(always)]
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
    #[inline(always)]
    fn terminate_all(&mut self) {
        self.signal_all(Signal::TERM);
        if self.set_timer(self.step_secs()).is_err() {
            // A process that ignores SIGTERM would stay permanently.
            self.state.phase = Phase::Killing;
            self.signal_all(Signal::KILL);
        }
    }

    /// Sends SIGKILL to every process.
    #[inline(always)]
    fn kill_all(&mut self) {
        self.signal_all(Signal::KILL);
        let _ = self.set_timer(KILL_SECS);
    }

    /// Arms the timer of a step.
    ///
    /// # Errors
    /// seccomp refuses it, twice.
    #[inline(never)]
    fn set_timer(&self, seconds: u32) -> Result<(), Errno> {
        // One microsecond more, since zero disarms the timer. It expires again every second, because the kernel drops its
        // signal while a SIGALRM of another process is pending.
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
    #[inline(never)]
    fn signal_all(&self, signal: Signal) {
        // PID 1 is responsible for its whole PID namespace.
        if self.me == Some(Pid::INIT) {
            return self.kill(Target::All, signal);
        }
        // Elsewhere other processes are unrelated, except for the children and the child's process group. Once no child is
        // in the group, its ID may belong to an unrelated group.
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
    #[inline(never)]
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
    fn exit(&self) -> ! {
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
