//! The life of an init: start COMMAND, then take events and act until nothing is left.

use mote_rt::{
    Errno,
    env::Environment,
    process,
    signal::{self, SigSet, Signal},
    stack::CommandLine,
    sys::{self, Origin, Pid, Which},
};

use crate::{
    map::Map,
    policy::{Policy, Step},
    report::TROUBLE,
    signals::{Exchange, next_signal},
    spawn,
    step::{Action, Event, Phase, Rules, State},
};

/// An init: how it is to behave, and how far it is.
///
/// The large members come last, so that the others are near its address.
#[repr(C)]
pub struct Init<P> {
    /// Its ways.
    pub policy: P,
    /// Seconds that COMMAND has to end once it was asked to, and then again everything. `None`: COMMAND may take
    /// as long as it likes, and what remains after it has 4 seconds.
    pub timeout: Option<u32>,
    /// Whether signals go to COMMAND's whole process group.
    pub group: bool,
    /// COMMAND's environment.
    pub env: Environment,
    me: Pid,
    child: Pid,
    /// Whether COMMAND was seen to have been executed.
    has_run: bool,
    /// How COMMAND ended, as `wait(2)` encodes it.
    status: u32,
    state: State,
    /// What is forwarded in place of a signal; 0 for nothing.
    pub rewrite: Map,
    /// The status to end with in place of COMMAND's own.
    pub exits: Map,
}

/// Seconds for what remains after COMMAND if nothing was said about it.
const REST: u32 = 4;

/// What the clock sends.
const CLOCK: SigSet = signal::set_of(&[Signal::ALRM]);

/// How `wait(2)` encodes, in the lowest byte, that a child has not ended but was stopped.
const STOPPED: u8 = 0x7f;

/// Seconds that the kernel is given to carry out SIGKILL.
const LAST: u32 = 1;

impl<P: Policy> Init<P> {
    /// One that changes nothing about signals and statuses, and sets no limit.
    #[inline(always)]
    pub const fn new(policy: P, env: Environment) -> Self {
        Self {
            policy,
            timeout: None,
            group: false,
            env,
            me: 0,
            child: 0,
            has_run: false,
            status: (TROUBLE as u32) << 8,
            state: State::START,
            rewrite: Map::new(),
            exits: Map::new(),
        }
    }

    /// Runs COMMAND until it, and with it what the policy says, is gone, and ends as it did.
    pub fn run(&mut self, line: CommandLine) -> ! {
        self.me = sys::getpid();
        let mut signals = Exchange::of(P::SIGNALS);
        signals.swap(&self.policy);
        self.policy.enlist(self.me);
        if P::GRACE && self.timeout.is_some() {
            // It does not ring yet. Where a filter refuses that there is no limit to be kept.
            self.must(Step::Clock, sys::set_alarm(0, 0));
        }
        // First of all it reaps those who were dead before we started: where a filter refuses that there must be no child.
        self.child = self.must(Step::Child, sys::reap_all().and_then(|()| sys::fork()));
        if self.policy.leads_group() {
            // Both sides do this: whoever comes first, no signal finds COMMAND without its group.
            let _ = sys::lead_group(self.child);
        }
        if self.child == 0 {
            self.become_command(&mut signals, line);
        }
        self.policy.started(line.name(), self.child);

        loop {
            let (signal, origin) = next_signal(P::SIGNALS);
            let event = self.event(signal, &origin);
            if self.take(event) {
                break;
            }
            self.policy.done(signal);
        }

        if P::PARTING != Signal::NONE {
            let parting = self.rewrite(P::PARTING);
            if parting != Signal::NONE {
                self.policy.forwards(parting, self.child);
                // COMMAND's own number may already be a stranger's.
                if self.group {
                    let _ = sys::kill(-self.child, parting);
                }
            }
        }
        // As `wait(2)` encodes it: the signal that killed COMMAND in seven bits, or else its exit status above.
        let signal = self.status as u8 & 0x7f;
        let status = if signal == 0 { (self.status >> 8) as u8 } else { signal | 128 };
        // What kept COMMAND from running is no status of its own.
        let is_own = P::MAPS_FAILURES || self.has_run || !(125..=127).contains(&status);
        let status = if is_own { self.exits.get(status) } else { status };
        self.policy.ends(status, Signal::new(signal));
        process::end(status.into())
    }

    /// What comes before COMMAND, and must not fail.
    #[inline(always)]
    fn must<T>(&self, step: Step, result: Result<T, Errno>) -> T {
        match result {
            Ok(value) => value,
            Err(error) => self.policy.not_started(step, error),
        }
    }

    /// In the child.
    #[inline(always)]
    fn become_command(&mut self, signals: &mut Exchange, line: CommandLine) -> ! {
        self.policy.prepare(&mut self.env, self.me);
        if P::KEEPS_SIGNALS {
            signals.swap(&self.policy);
        } else {
            self.must(Step::Signals, sys::reset_signals());
        }
        spawn::execute(&self.policy, &self.env, line)
    }

    /// What a signal means.
    fn event(&mut self, signal: Signal, origin: &Origin) -> Event {
        // A line of ours that nobody reads, or that there is no room for: another about this would bring the same again,
        // which the kernel hands out before anything that came from others.
        if matches!(signal, Signal::PIPE | Signal::XFSZ) && origin.pid() == self.me {
            return Event::Signal(Signal::NONE);
        }
        self.policy.received(signal);
        match signal {
            Signal::CHLD => self.reap(),
            // While no clock of ours runs it is one that was set before we started, which outlives `execve`.
            Signal::ALRM if P::GRACE && origin.is_kernel() && self.state.phase != Phase::Running => {
                Event::Deadline
            }
            signal => Event::Signal(self.rewrite(signal)),
        }
    }

    fn rewrite(&self, signal: Signal) -> Signal {
        let to = Signal::new(self.rewrite.get(signal.number()));
        self.policy.rewritten(signal, to);
        to
    }

    /// Reaps all who are dead.
    fn reap(&mut self) -> Event {
        let mut command_gone = false;
        // The kernel lets us set the group of a child until that has executed a program.
        if !P::MAPS_FAILURES && self.state.command_runs {
            self.has_run |= sys::lead_group(self.child).is_err();
        }
        loop {
            let dead = match sys::wait() {
                Ok(dead) => dead,
                Err(Errno::ECHILD) => {
                    self.policy.drained(true);
                    return Event::Alone;
                }
                // Not for long: it worked before we forked, and nobody can put a filter on us from outside.
                Err(_) => continue,
            };
            if dead.pid == 0 {
                self.policy.drained(false);
                return Event::Reaped { command_gone };
            }
            // It asked us to trace it, so that we hear of what stops it. It is not dead.
            if dead.status as u8 == STOPPED {
                continue;
            }
            let is_command = dead.pid == self.child;
            self.policy.reaped(&dead, is_command);
            if is_command {
                command_gone = true;
                self.status = dead.status;
            }
        }
    }

    /// Takes an event and does what is to be done about it. True if that is to end.
    fn take(&mut self, event: Event) -> bool {
        let mut seconds = self.timeout.unwrap_or(REST);
        let rules = Rules { limited: P::GRACE && self.timeout.is_some(), grace: P::GRACE };
        match self.state.step(rules, event) {
            Action::Wait => return false,
            Action::End => return true,
            Action::Forward { signal, limit } => {
                self.forward(signal);
                if limit {
                    self.set_clock(seconds);
                }
                return false;
            }
            // What comes now is never decided without grace.
            Action::Ask | Action::Kill if !P::GRACE => return false,
            Action::Ask => self.everything(Signal::TERM),
            Action::Kill => {
                self.everything(Signal::KILL);
                seconds = LAST;
            }
        }
        if !self.set_clock(seconds) {
            // Who does not end by himself would stay for ever.
            self.state.phase = Phase::Killed;
            self.everything(Signal::KILL);
        }
        false
    }

    /// Sets the clock anew. False if that is refused, and then again.
    fn set_clock(&self, seconds: u32) -> bool {
        // A microsecond more, since none at all is never.
        if sys::set_alarm(seconds, 1).is_err() && sys::set_alarm(seconds, 1).is_err() {
            return false;
        }
        // It may have rung since it was last set, and that would be taken for this time. What somebody else has sent is
        // sent again.
        if seconds != 0
            && let Ok((_, origin)) = sys::pending_signal(CLOCK)
            && !origin.is_kernel()
        {
            sys::raise(Signal::ALRM);
        }
        true
    }

    /// Sends a signal to COMMAND, or to its group.
    fn forward(&self, signal: Signal) {
        self.policy.forwards(signal, self.child);
        self.send(if self.group { -self.child } else { self.child }, signal);
    }

    /// Sends a signal to everything that is ours.
    fn everything(&self, signal: Signal) {
        // Process 1 has nothing but its own in its namespace.
        if self.me == 1 {
            return self.send(-1, signal);
        }
        // Elsewhere the others are strangers, but for our children, and for COMMAND's group as long as one of them is
        // in it: later its number could be a stranger's.
        if self.state.command_runs || sys::has_child(Which::Group(self.child)) {
            self.send(-self.child, signal);
        }
        sys::for_each_child(|pid| {
            if pid != self.child && sys::group_of(pid) != self.child {
                self.send(pid, signal);
            }
        });
    }

    /// Sends a signal. Nothing that goes wrong with that is fatal.
    fn send(&self, target: Pid, signal: Signal) {
        let mut signal = signal;
        loop {
            // COMMAND may have no group yet, or have left it.
            if sys::kill(target, signal) == Err(Errno::ESRCH) && (!P::GRACE || self.state.command_runs) {
                let _ = sys::kill(self.child, signal);
            }
            if !P::RESUMES || signal != Signal::TERM {
                break;
            }
            signal = Signal::CONT;
        }
    }
}
