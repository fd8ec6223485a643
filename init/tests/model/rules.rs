//! The rules for the init's actions. They know nothing of its phases, and go by the signals that it has sent and by the
//! timer.

use mote_init::decide::{Action, Event};

use crate::kernel::{Life, Timer};
use crate::world::{Case, World};

impl<const N: usize> World<N> {
    /// Judges the action that follows an event, and remembers it. `is_due` is whether the timer has expired.
    pub(crate) fn judge(
        &mut self,
        case: &Case<N>,
        event: Event,
        action: Action,
        is_due: bool,
    ) -> Result<(), &'static str> {
        self.judge_forward(case, event, action)?;
        let is_stop = matches!(event, Event::Signal(signal) if case.rules.stop_signals.contains(signal));
        let is_reaping = matches!(event, Event::Reaped { .. });
        let (waits_for_orphans, has_child) = (case.rules.waits_for_orphans, self.has_child());
        if !case.rules.terminates_orphans {
            return match action {
                Action::TerminateAll | Action::KillAll | Action::KillOrphans => {
                    Err("without orphan termination, every process got a signal")
                }
                Action::Exit => rule(!has_child, "the init exits before the child has ended"),
                Action::Wait | Action::Forward { .. } => {
                    rule(has_child, "the init does not exit although the child was reaped")
                }
            };
        }
        let step_is_over = is_due && self.kernel.timer == Timer::Step;
        match action {
            Action::TerminateAll => {
                let is_timeout = self.has_timeout && step_is_over;
                rule(!self.terminated, "every process gets SIGTERM a second time")?;
                rule(!has_child || is_timeout, "every process gets SIGTERM before the child's timeout")?;
                let may_terminate = !waits_for_orphans || is_timeout || is_stop;
                rule(may_terminate, "orphans get SIGTERM although the init waits for them")?;
                self.terminated = true;
            }
            Action::KillAll => {
                rule(self.terminated && step_is_over, "SIGKILL before its timeout")?;
                self.killed = true;
            }
            Action::KillOrphans => rule(self.killed && is_reaping, "SIGKILL again before the first")?,
            Action::Exit => {
                let is_hopeless = self.killed && is_due && self.kernel.timer == Timer::Last;
                let is_alone = self.kernel.lives.iter().all(|life| *life == Life::Reaped);
                rule(is_alone || is_hopeless, "the init exits although a process is left")?;
            }
            Action::Wait => {
                rule(event != Event::NoChildren, "the init does not exit although no process is left")?;
                rule(!is_due, "nothing follows the timeout")?;
                let may_wait = self.terminated || has_child || waits_for_orphans;
                rule(!is_reaping || may_wait, "the child was reaped and no orphan got SIGTERM")?;
                let is_ignored = is_stop && waits_for_orphans && !has_child && !self.terminated;
                rule(!is_ignored, "a stop signal was ignored after the child")?;
                // A killed process may have left children that were out of reach.
                rule(!is_reaping || !self.killed, "a process may be left that was not killed")?;
            }
            Action::Forward { .. } => {}
        }
        Ok(())
    }

    /// A signal is forwarded once, as its replacement, unless the child was reaped before; nothing else is forwarded. The
    /// first stop signal alone starts the timeout.
    fn judge_forward(&mut self, case: &Case<N>, event: Event, action: Action) -> Result<(), &'static str> {
        let expected = match event {
            Event::Signal(signal) if self.has_child() => Some(signal),
            _ => None,
        };
        let (forwarded, starts_timeout) = match action {
            Action::Forward { signal, starts_timeout } => (Some(signal), starts_timeout),
            _ => (None, false),
        };
        rule(forwarded == expected, "a signal was lost or made up")?;
        let is_stop = forwarded.is_some_and(|signal| case.rules.stop_signals.contains(signal));
        let is_first = case.rules.has_timeout && is_stop && !self.has_timeout && !self.terminated;
        rule(starts_timeout == is_first, "the timeout was not started by the first stop signal alone")?;
        self.has_timeout |= is_first;
        Ok(())
    }
}

fn rule(holds: bool, what: &'static str) -> Result<(), &'static str> {
    if holds { Ok(()) } else { Err(what) }
}
