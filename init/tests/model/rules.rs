//! What an init may do when, said without its phases: by what others have got from it, and by the clock.

use mote_init::decide::{Action, Event};

use crate::kernel::{Clock, Life};
use crate::world::{Case, World};

impl<const N: usize> World<N> {
    /// Judges what is to be done about an event, and remembers it.
    pub(crate) fn judge(
        &mut self,
        case: &Case<N>,
        event: Event,
        action: Action,
        due: bool,
    ) -> Result<(), &'static str> {
        self.judge_forward(case, event, action)?;
        if !case.rules.terminates_orphans {
            return match (action, self.has_command()) {
                (Action::TerminateAll | Action::KillAll | Action::KillOrphans, _) => {
                    Err("without orphan termination, everything got a signal")
                }
                (Action::Exit, true) => Err("an end before COMMAND's"),
                (Action::Wait | Action::Forward { .. }, false) => Err("no end although COMMAND was reaped"),
                _ => Ok(()),
            };
        }
        match action {
            Action::TerminateAll => {
                rule(!self.told, "SIGTERM to everything a second time")?;
                let is_late = self.limited && due && self.kernel.clock == Clock::Step;
                rule(!self.has_command() || is_late, "SIGTERM to all processes before COMMAND's timeout")?;
                let may_stop = !case.rules.waits_for_orphans || is_late || stops(case, event);
                rule(may_stop, "SIGTERM to orphans that the init waits for")?;
                self.told = true;
            }
            Action::KillAll => {
                let is_late = self.told && due && self.kernel.clock == Clock::Step;
                rule(is_late, "SIGKILL before its timeout")?;
                self.killed = true;
            }
            Action::KillOrphans => {
                let is_reaping = matches!(event, Event::Reaped { .. });
                rule(self.killed && is_reaping, "SIGKILL again before the first")?;
            }
            Action::Exit => {
                let is_hopeless = self.killed && due && self.kernel.clock == Clock::Last;
                let is_empty = self.kernel.lives.iter().all(|life| *life == Life::Reaped);
                rule(is_empty || is_hopeless, "an end with somebody left")?;
            }
            Action::Wait => {
                rule(event != Event::NoChildren, "no end although nobody was left")?;
                rule(!due, "the clock ran out for nothing")?;
                let reaped = matches!(event, Event::Reaped { .. });
                let waits = self.told || self.has_command() || case.rules.waits_for_orphans;
                rule(!reaped || waits, "COMMAND was reaped and no orphan got SIGTERM")?;
                let stops = stops(case, event) && case.rules.waits_for_orphans && !self.has_command();
                rule(!stops || self.told, "a stop signal was ignored after COMMAND")?;
                // Who was killed may have left children that were out of reach.
                rule(!reaped || !self.killed, "somebody may be left who was not killed")?;
            }
            Action::Forward { .. } => {}
        }
        Ok(())
    }

    /// A signal is forwarded, once and as what it was rewritten to, if COMMAND was not reaped before; and nothing else
    /// is. The first that asks COMMAND to end starts the clock, and no other moves it.
    fn judge_forward(&mut self, case: &Case<N>, event: Event, action: Action) -> Result<(), &'static str> {
        let owed = match event {
            Event::Signal(signal) if self.has_command() => Some(signal),
            _ => None,
        };
        let (given, sets_clock) = match action {
            Action::Forward { signal, starts_timeout } => (Some(signal), starts_timeout),
            _ => (None, false),
        };
        rule(given == owed, "a signal was lost or made up")?;
        let asks = given.is_some_and(|signal| case.rules.stop_signals.contains(signal));
        let is_first = case.rules.has_timeout && asks && !self.limited && !self.told;
        rule(sets_clock == is_first, "the clock was not started by the first request to end alone")?;
        self.limited |= is_first;
        Ok(())
    }
}

/// Returns whether the event is a stop signal.
fn stops<const N: usize>(case: &Case<N>, event: Event) -> bool {
    matches!(event, Event::Signal(signal) if case.rules.stop_signals.contains(signal))
}

fn rule(holds: bool, what: &'static str) -> Result<(), &'static str> {
    if holds { Ok(()) } else { Err(what) }
}
