//! The init and the kernel together, and what may happen next.
//!
//! The decisions are the real ones, of `mote_init::decide`. `running.rs` performs them with system calls and is
//! therefore written a second time here: [`World::event`] is `Running::event`, [`World::reap`] is `Running::reap`,
//! [`World::next`] is the loop in `Running::handle_signals`, and [`World::take`] is that loop's body.

use std::hash::{Hash, Hasher};

use mote_init::decide::{Action, Event, Phase, Rules, State};
use mote_rt::Signal;

use crate::kernel::{Alarm, Clock, Kernel, Life, Role, Waited};

/// What does not change while an init runs.
#[derive(Clone, Debug)]
pub(crate) struct Case<const N: usize> {
    /// COMMAND comes first.
    pub(crate) roles: [Role; N],
    pub(crate) rules: Rules,
    /// Whether it is process 1.
    pub(crate) is_first: bool,
    /// The signals that somebody may send to the init, at any time and any number of times.
    pub(crate) arrivals: Vec<Signal>,
    /// The signal to forward in place of each signal; `None` drops it.
    pub(crate) rewrite: Vec<(Signal, Option<Signal>)>,
    /// Whether the clock may ring between the moment that a signal is taken and the one that the clock is set again
    /// because of it.
    pub(crate) rings_meanwhile: bool,
}

/// Where the init is.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(crate) enum At {
    /// Before it takes a signal.
    Waiting,
    /// Before a `wait4(2)`.
    Reaping { child_ended: bool },
    /// Behind its loop.
    Ended,
}

/// Whether something happens by itself if nobody does anything.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Kind {
    /// The init goes on, or the clock rings.
    Forced,
    /// Others may do it or not.
    Free,
}

/// What may happen, and what the world is after it.
pub(crate) type Next<const N: usize> = (Kind, World<N>);

/// Everything that decides what may happen.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct World<const N: usize> {
    pub(crate) kernel: Kernel<N>,
    at: At,
    state: State,
    /// Whether COMMAND has got a signal that sets it a limit.
    pub(crate) limited: bool,
    /// Whether everything has got SIGTERM.
    pub(crate) told: bool,
    /// Whether everything has got SIGKILL.
    pub(crate) killed: bool,
}

// The engine's state has no need to be hashed but here.
impl<const N: usize> Hash for World<N> {
    fn hash<H: Hasher>(&self, hasher: &mut H) {
        let flags = [self.state.child_runs, self.limited, self.told, self.killed];
        (self.kernel, self.at, self.state.phase as u8, flags).hash(hasher);
    }
}

impl<const N: usize> World<N> {
    pub(crate) fn start(case: &Case<N>) -> Self {
        Self {
            kernel: Kernel::new(&case.roles),
            at: At::Waiting,
            state: State::START,
            limited: false,
            told: false,
            killed: false,
        }
    }

    pub(crate) fn has_ended(&self) -> bool {
        self.at == At::Ended
    }

    pub(crate) fn has_command(&self) -> bool {
        self.kernel.lives[0] != Life::Reaped
    }

    /// Returns whether the init may wait forever: COMMAND runs, or the init waits for orphans, and no timeout runs.
    pub(crate) fn may_wait(&self, case: &Case<N>) -> bool {
        let has_reason = self.has_command() || case.rules.waits_for_orphans;
        self.at == At::Waiting && has_reason && !self.limited && !self.told
    }

    /// All that may happen now, other than nothing.
    ///
    /// # Errors
    /// What of it breaks which rule.
    pub(crate) fn next(&self, case: &Case<N>) -> Result<Vec<Next<N>>, &'static str> {
        let mut all = Vec::new();
        match self.at {
            At::Ended => return Ok(all),
            At::Waiting => {
                // A signal that comes while the init acts is not seen before this.
                all.extend(case.arrivals.iter().map(|signal| {
                    let mut next = *self;
                    next.kernel.send(*signal);
                    (Kind::Free, next)
                }));
                all.push((Kind::Forced, self.rung()));
                let mut next = *self;
                let is_timed = case.rules.terminates_orphans && self.state.phase != Phase::Running;
                if let Some((signal, alarm)) = next.kernel.take(is_timed) {
                    all.extend(next.event(case, signal, alarm)?);
                }
            }
            At::Reaping { child_ended } => {
                if case.rings_meanwhile {
                    all.push((Kind::Free, self.rung()));
                }
                all.extend(self.reap(case, child_ended)?);
            }
        }
        all.extend(self.kernel.dying(&case.roles).map(|process| {
            let mut next = *self;
            next.kernel.die(&case.roles, process);
            (Kind::Free, next)
        }));
        all.retain(|(_, next)| next != self);
        Ok(all)
    }

    fn rung(&self) -> Self {
        let mut next = *self;
        next.kernel.ring();
        next
    }

    /// What a signal means. Reaping takes several steps, in between which others may die.
    fn event(self, case: &Case<N>, signal: Signal, alarm: Alarm) -> Result<Vec<Next<N>>, &'static str> {
        match (signal, alarm) {
            (Signal::CHLD, _) => {
                Ok(vec![(Kind::Forced, Self { at: At::Reaping { child_ended: false }, ..self })])
            }
            (_, Alarm::Rung { due }) if case.rules.terminates_orphans => self.take(case, Event::Timeout, due),
            _ => {
                let rewritten = case.rewrite.iter().find(|(from, _)| *from == signal);
                match rewritten.map_or(Some(signal), |(_, replacement)| *replacement) {
                    Some(signal) => self.take(case, Event::Signal(signal), false),
                    None => Ok(vec![(Kind::Forced, self)]),
                }
            }
        }
    }

    /// Calls `wait4(2)` once, and takes the event if there is nobody left to be reaped.
    fn reap(&self, case: &Case<N>, child_ended: bool) -> Result<Vec<Next<N>>, &'static str> {
        let mut all = Vec::new();
        for (waited, kernel) in self.kernel.wait(&case.roles) {
            let next = Self { kernel, ..*self };
            match waited {
                Waited::NoChild => all.extend(next.take(case, Event::NoChildren, false)?),
                Waited::Nobody => all.extend(next.take(case, Event::Reaped { child_ended }, false)?),
                Waited::Reaped(process) => {
                    let at = At::Reaping { child_ended: child_ended || process == 0 };
                    all.push((Kind::Forced, Self { at, ..next }));
                }
            }
        }
        Ok(all)
    }

    /// Takes an event and does what is to be done about it. `due` is whether the clock has run out.
    fn take(mut self, case: &Case<N>, event: Event, due: bool) -> Result<Vec<Next<N>>, &'static str> {
        let mut clock = Clock::Step;
        self.at = At::Waiting;
        let action = self.state.decide(case.rules, event);
        self.judge(case, event, action, due)?;
        match action {
            Action::Wait => return Ok(vec![(Kind::Forced, self)]),
            Action::Exit => return Ok(vec![(Kind::Forced, Self { at: At::Ended, ..self })]),
            Action::Forward { starts_timeout, .. } => {
                if !starts_timeout {
                    return Ok(vec![(Kind::Forced, self)]);
                }
            }
            Action::TerminateAll => {
                self.kernel.kill_all(&case.roles, case.is_first, Signal::TERM);
                self.kernel.kill_all(&case.roles, case.is_first, Signal::CONT);
            }
            Action::KillAll | Action::KillOrphans => {
                self.kernel.kill_all(&case.roles, case.is_first, Signal::KILL);
                clock = Clock::Last;
            }
        }
        let meanwhile = case.rings_meanwhile.then(|| (Kind::Free, self.rung()));
        let all = meanwhile.into_iter().chain([(Kind::Forced, self)]);
        Ok(all
            .map(|(kind, mut next)| {
                next.kernel.set_alarm(clock);
                next.kernel.take_alarm();
                (kind, next)
            })
            .collect())
    }
}
