//! The settings of an init, and the start of its child.

use core::sync::atomic::Ordering;

use mote_rt::{
    Command, Environment, Errno, Pid, Signal, SignalSet, Standalone, ThinCStr, execvp,
    sys::{self, ForkResult},
    text,
};

use crate::{
    policy::{Policy, Step},
    running::Running,
    signals::{self, InheritedSignals},
    table::{RewriteTable, StatusTable},
    terminal, timer,
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
    /// Whether the init waits for orphans that remain after the child, until a stop signal arrives.
    pub waits_for_orphans: bool,
    /// The signals that ask the child to end.
    pub stop_signals: SignalSet,
    /// The environment of the child.
    pub env: Environment,
    pub(crate) standalone: Standalone,
    /// The signal to forward in place of each signal.
    pub rewrite: RewriteTable,
    /// The exit status in place of each status of the child.
    pub statuses: StatusTable,
}

/// The exit status of an init that failed itself, as in other tools that run a command (`EXIT_CANCELED` of coreutils).
pub const EXIT_CANCELED: u8 = 125;

/// Seconds that orphans have after SIGTERM if there is no timeout.
pub const ORPHAN_GRACE_SECS: u32 = 4;

/// The signals that ask the child to end, if the command line adds none.
const STOP_SIGNALS: SignalSet = SignalSet::of(&[Signal::TERM, Signal::INT]);

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
            waits_for_orphans: false,
            stop_signals: STOP_SIGNALS,
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

        let mut running = Running::new(self, me, child, name);
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
            self.setup(Step::Timer, timer::disarm());
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
        if self.policy.hands_terminal_over() {
            // Not if the init runs in the background of a shell, which needs the terminal itself.
            terminal::take_from(sys::getpgid(init));
        }
        self.policy.pre_exec(self.standalone, &mut self.env, init);
        let restored = if P::RESTORES_SIGNALS {
            inherited.restore(self.standalone)
        } else {
            signals::reset(self.standalone)
        };
        self.setup(Step::Signals, restored);
        self.set_has_executed(true);
        let error = execvp(&mut command, &self.env, default_path());
        self.set_has_executed(false);
        self.policy.exec_failed(command.name(), error)
    }

    /// Returns whether the child has executed the command. Without the flag it is taken for granted.
    pub(crate) fn has_executed(&self) -> bool {
        self.policy.has_executed().is_none_or(|flag| flag.load(Ordering::Relaxed))
    }

    fn set_has_executed(&self, value: bool) {
        if let Some(flag) = self.policy.has_executed() {
            flag.store(value, Ordering::Relaxed);
        }
    }
}
