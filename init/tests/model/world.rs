//! The init and the kernel together, and the events that are possible next.
//!
//! The decisions are the real ones, of `mote_init::decide`. `running.rs` performs them with system calls, and is therefore
//! written a second time here: [`World::event`] is `Running::event`, [`World::reap`] is `Running::reap`, [`World::next`] is
//! the loop in `Running::handle_signals`, and [`World::take`] is that loop's body.

use std::hash::{Hash, Hasher};

use mote_init::decide::{Action, Event, Phase, Rules, State};
use mote_rt::Signal;

use crate::kernel::{Alarm, Kernel, Life, Role, Timer, Waited};

/// The settings and the surroundings of an init.
#[derive(Clone, Debug)]
pub(crate) struct Case<const N: usize> {
    /// The processes, the child first.
    pub(crate) roles: [Role; N],
    pub(crate) rules: Rules,
    pub(crate) is_pid_1: bool,
    /// The signals that other processes may send to the init, at any time and any number of times.
    pub(crate) arrivals: Vec<Signal>,
    /// The signal to forward in place of each signal; `None` drops it.
    pub(crate) rewrite: Vec<(Signal, Option<Signal>)>,
    /// Whether the timer may expire after a signal was taken and before the timer is set again because of it.
    pub(crate) expires_meanwhile: bool,
}

/// The init's place in its loop.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(crate) enum At {
    /// Before it takes a signal.
    Waiting,
    /// Before a `wait4(2)`.
    Reaping { child_ended: bool },
    /// Behind the loop.
    Exited,
}

/// Whether an event happens even if no process does anything.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Kind {
    /// The init continues, or the timer expires.
    Forced,
    /// Other processes may cause it or not.
    Free,
}

/// An event that is possible next, and the world after it.
pub(crate) type Next<const N: usize> = (Kind, World<N>);

/// The state on which the next events depend.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct World<const N: usize> {
    pub(crate) kernel: Kernel<N>,
    at: At,
    state: State,
    /// Whether the child has got a signal that started its timeout.
    pub(crate) has_timeout: bool,
    /// Whether every process has got SIGTERM.
    pub(crate) terminated: bool,
    /// Whether every process has got SIGKILL.
    pub(crate) killed: bool,
}

// The engine's state is hashed nowhere else.
impl<const N: usize> Hash for World<N> {
    fn hash<H: Hasher>(&self, hasher: &mut H) {
        let flags = [self.state.child_runs, self.has_timeout, self.terminated, self.killed];
        (self.kernel, self.at, self.state.phase as u8, flags).hash(hasher);
    }
}

impl<const N: usize> World<N> {
    pub(crate) fn start(case: &Case<N>) -> Self {
        Self {
            kernel: Kernel::new(&case.roles),
            at: At::Waiting,
            state: State::START,
            has_timeout: false,
            terminated: false,
            killed: false,
        }
    }

    pub(crate) fn has_exited(&self) -> bool {
        self.at == At::Exited
    }

    /// Returns whether the child was not reaped.
    pub(crate) fn has_child(&self) -> bool {
        self.kernel.lives[0] != Life::Reaped
    }

    /// Returns whether the init may wait forever: the child runs, or the init waits for orphans, and no timeout runs.
    pub(crate) fn may_wait(&self, case: &Case<N>) -> bool {
        let has_reason = self.has_child() || case.rules.waits_for_orphans;
        self.at == At::Waiting && has_reason && !self.has_timeout && !self.terminated
    }

    /// Returns every event that is possible next.
    ///
    /// # Errors
    /// The rule that one of them breaks.
    pub(crate) fn next(&self, case: &Case<N>) -> Result<Vec<Next<N>>, &'static str> {
        let mut all = Vec::new();
        match self.at {
            At::Exited => return Ok(all),
            At::Waiting => {
                // The init does not see a signal that arrives during an action before this.
                all.extend(case.arrivals.iter().map(|signal| {
                    let mut next = *self;
                    next.kernel.send(*signal);
                    (Kind::Free, next)
                }));
                all.push((Kind::Forced, self.expired()));
                let mut next = *self;
                let timeout_runs = case.rules.terminates_orphans && self.state.phase != Phase::Running;
                if let Some((signal, alarm)) = next.kernel.take(timeout_runs) {
                    all.extend(next.event(case, signal, alarm)?);
                }
            }
            At::Reaping { child_ended } => {
                if case.expires_meanwhile {
                    all.push((Kind::Free, self.expired()));
                }
                all.extend(self.reap(case, child_ended)?);
            }
        }
        all.extend(self.kernel.may_end(&case.roles).map(|process| {
            let mut next = *self;
            next.kernel.end(&case.roles, process);
            (Kind::Free, next)
        }));
        all.retain(|(_, next)| next != self);
        Ok(all)
    }

    fn expired(&self) -> Self {
        let mut next = *self;
        next.kernel.expire();
        next
    }

    /// Handles a signal. Reaping takes several steps, between which further processes may end.
    fn event(self, case: &Case<N>, signal: Signal, alarm: Alarm) -> Result<Vec<Next<N>>, &'static str> {
        match (signal, alarm) {
            (Signal::CHLD, _) => {
                Ok(vec![(Kind::Forced, Self { at: At::Reaping { child_ended: false }, ..self })])
            }
            (_, Alarm::Expired { is_due }) if case.rules.terminates_orphans => {
                self.take(case, Event::Timeout, is_due)
            }
            _ => {
                let rewritten = case.rewrite.iter().find(|(from, _)| *from == signal);
                match rewritten.map_or(Some(signal), |(_, replacement)| *replacement) {
                    Some(signal) => self.take(case, Event::Signal(signal), false),
                    None => Ok(vec![(Kind::Forced, self)]),
                }
            }
        }
    }

    /// Calls `wait4(2)` once, and takes the event if there is no further zombie.
    fn reap(&self, case: &Case<N>, child_ended: bool) -> Result<Vec<Next<N>>, &'static str> {
        let mut all = Vec::new();
        for (waited, kernel) in self.kernel.wait(&case.roles) {
            let next = Self { kernel, ..*self };
            match waited {
                Waited::NoChild => all.extend(next.take(case, Event::NoChildren, false)?),
                Waited::NoZombie => all.extend(next.take(case, Event::Reaped { child_ended }, false)?),
                Waited::Reaped(process) => {
                    let at = At::Reaping { child_ended: child_ended || process == 0 };
                    all.push((Kind::Forced, Self { at, ..next }));
                }
            }
        }
        Ok(all)
    }

    /// Takes an event, and performs the action. `is_due` is whether the timer has expired.
    fn take(mut self, case: &Case<N>, event: Event, is_due: bool) -> Result<Vec<Next<N>>, &'static str> {
        self.at = At::Waiting;
        let action = self.state.decide(case.rules, event);
        self.judge(case, event, action, is_due)?;
        let mut kill_all = |signal| self.kernel.kill_all(&case.roles, case.is_pid_1, signal);
        let timer = match action {
            Action::Exit => {
                self.at = At::Exited;
                None
            }
            Action::Wait => None,
            Action::Forward { starts_timeout, .. } => starts_timeout.then_some(Timer::Step),
            Action::TerminateAll => {
                kill_all(Signal::TERM);
                kill_all(Signal::CONT);
                Some(Timer::Step)
            }
            Action::KillAll | Action::KillOrphans => {
                kill_all(Signal::KILL);
                Some(Timer::Last)
            }
        };
        let Some(timer) = timer else { return Ok(vec![(Kind::Forced, self)]) };
        let meanwhile = case.expires_meanwhile.then(|| (Kind::Free, self.expired()));
        let all = meanwhile.into_iter().chain([(Kind::Forced, self)]);
        Ok(all
            .map(|(kind, mut next)| {
                next.kernel.set_timer(timer);
                next.kernel.take_alarm();
                (kind, next)
            })
            .collect())
    }
}
