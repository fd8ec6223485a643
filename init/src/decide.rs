//! Decisions of an init, without their execution.
//!
//! [`State::decide`] is a function of a state and an event. It makes no system call.

use mote_rt::{Signal, SignalSet};

/// The phase of a shutdown.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Phase {
    /// The child runs, and either it was not asked to end or there is no timeout.
    Running,
    /// The child has received a stop signal, and its timeout runs.
    Stopping,
    /// Every process has received SIGTERM, because the child has ended or its timeout has expired. A timeout runs.
    Terminating,
    /// Every process has received SIGKILL. A last timeout runs, for processes that can't be killed.
    Killing,
}

/// What has happened.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Event {
    /// A signal is to be forwarded. It is the replacement, if the signal was rewritten.
    Signal(Signal),
    /// The timeout has expired.
    Timeout,
    /// Every zombie was reaped, and other children remain.
    Reaped {
        /// Whether the child was among the zombies.
        child_ended: bool,
    },
    /// Every zombie was reaped, and no children remain.
    NoChildren,
}

/// What to do now.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Action {
    /// Wait for the next signal.
    Wait,
    /// Forward a signal to the child.
    Forward {
        /// The signal.
        signal: Signal,
        /// Whether to start the timeout.
        starts_timeout: bool,
    },
    /// Send SIGTERM to every process, and start the timeout.
    TerminateAll,
    /// Send SIGKILL to every process, and start a short timeout.
    KillAll,
    /// Send SIGKILL to every process again, and start the short timeout again: a process that was killed may have left
    /// children, which are the init's only now.
    KillOrphans,
    /// Exit.
    Exit,
}

/// The state of an init.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct State {
    /// The phase.
    pub phase: Phase,
    /// Whether the child has not been reaped.
    pub child_runs: bool,
}

/// The settings that decisions depend on.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Rules {
    /// Whether the child has a timeout.
    pub has_timeout: bool,
    /// Whether orphans that remain after the child get SIGTERM and have a timeout.
    pub terminates_orphans: bool,
    /// Whether orphans get SIGTERM only after a stop signal or an expired timeout.
    pub waits_for_orphans: bool,
    /// The signals that ask the child to end.
    pub stop_signals: SignalSet,
}

impl State {
    /// The state after the start.
    pub const START: Self = Self { phase: Phase::Running, child_runs: true };

    /// Takes an event, and returns what to do.
    pub fn decide(&mut self, rules: Rules, event: Event) -> Action {
        match event {
            Event::Signal(signal) => self.forward(rules, signal),
            Event::Timeout => self.escalate(),
            Event::Reaped { child_ended } => self.reaped(rules, child_ended),
            Event::NoChildren => Action::Exit,
        }
    }

    fn forward(&mut self, rules: Rules, signal: Signal) -> Action {
        let is_stop = rules.stop_signals.contains(signal);
        if !self.child_runs {
            // Before the terminating phase, the init waits for orphans.
            let may_terminate = matches!(self.phase, Phase::Running | Phase::Stopping);
            return if rules.waits_for_orphans && is_stop && may_terminate {
                self.terminate_all()
            } else {
                Action::Wait
            };
        }
        let starts_timeout = rules.has_timeout && is_stop && self.phase == Phase::Running;
        if starts_timeout {
            self.phase = Phase::Stopping;
        }
        Action::Forward { signal, starts_timeout }
    }

    fn escalate(&mut self) -> Action {
        match self.phase {
            Phase::Running => Action::Wait,
            Phase::Stopping => self.terminate_all(),
            Phase::Terminating => {
                self.phase = Phase::Killing;
                Action::KillAll
            }
            Phase::Killing => Action::Exit,
        }
    }

    fn reaped(&mut self, rules: Rules, child_ended: bool) -> Action {
        self.child_runs &= !child_ended;
        if !rules.terminates_orphans {
            return if self.child_runs { Action::Wait } else { Action::Exit };
        }
        match self.phase {
            Phase::Running | Phase::Stopping if !self.child_runs && !rules.waits_for_orphans => {
                self.terminate_all()
            }
            Phase::Killing => Action::KillOrphans,
            _ => Action::Wait,
        }
    }

    fn terminate_all(&mut self) -> Action {
        self.phase = Phase::Terminating;
        Action::TerminateAll
    }
}

#[cfg(test)]
mod tests {
    extern crate std;
    use std::vec::Vec;

    use super::*;

    const STOP_SIGNALS: SignalSet = SignalSet::of(&[Signal::TERM, Signal::INT, Signal::QUIT]);

    /// The rules of an init that terminates orphans, with and without a timeout, and with and without `--wait-all`.
    fn all_rules() -> Vec<Rules> {
        let rules = |has_timeout, waits_for_orphans| Rules {
            has_timeout,
            terminates_orphans: true,
            waits_for_orphans,
            stop_signals: STOP_SIGNALS,
        };
        [true, false]
            .into_iter()
            .flat_map(|timeout| [true, false].map(|waits| rules(timeout, waits)))
            .collect()
    }

    fn events() -> Vec<Event> {
        let signals = (1..=u32::from(Signal::MAX)).filter_map(Signal::new).map(Event::Signal);
        let others = [Event::Timeout, Event::NoChildren];
        let reaped = [true, false].map(|child_ended| Event::Reaped { child_ended });
        signals.chain(others).chain(reaped).collect()
    }

    /// Returns the states that can be reached under the rules.
    fn states(rules: Rules) -> Vec<State> {
        let mut found = std::vec![State::START];
        let mut index = 0;
        while let Some(state) = found.get(index).copied() {
            for event in events() {
                // Without a timeout there is no timer in the running phase.
                if event == Event::Timeout && state.phase == Phase::Running {
                    continue;
                }
                let mut next = state;
                let action = next.decide(rules, event);
                // If the timer is refused, SIGKILL follows SIGTERM at once.
                let refused = State { phase: Phase::Killing, ..next };
                let after =
                    if action == Action::TerminateAll { std::vec![next, refused] } else { std::vec![next] };
                for state in after {
                    if action != Action::Exit && !found.contains(&state) {
                        found.push(state);
                    }
                }
            }
            index += 1;
        }
        found
    }

    /// Returns every step: rules, state, event, new state, action.
    fn steps() -> impl Iterator<Item = (Rules, State, Event, State, Action)> {
        all_rules().into_iter().flat_map(|rules| {
            states(rules).into_iter().flat_map(move |state| {
                events().into_iter().map(move |event| {
                    let mut next = state;
                    let action = next.decide(rules, event);
                    (rules, state, event, next, action)
                })
            })
        })
    }

    /// Returns whether an action starts a timeout.
    fn starts_timeout(action: Action) -> bool {
        let is_new = matches!(action, Action::TerminateAll | Action::KillAll | Action::KillOrphans);
        is_new || matches!(action, Action::Forward { starts_timeout: true, .. })
    }

    #[test]
    fn only_signals_are_forwarded_and_only_while_the_child_runs() {
        for (_, state, event, _, action) in steps() {
            let expected = match event {
                Event::Signal(signal) if state.child_runs => Some(signal),
                _ => None,
            };
            let forwarded = match action {
                Action::Forward { signal, .. } => Some(signal),
                _ => None,
            };
            assert_eq!(forwarded, expected, "{state:?} {event:?}");
        }
    }

    #[test]
    fn sigterm_is_sent_to_all_once_after_the_child_or_a_timeout_or_at_a_stop_signal() {
        for (rules, state, event, next, action) in steps() {
            let is_early = matches!(state.phase, Phase::Running | Phase::Stopping);
            let expected = is_early
                && match event {
                    Event::Timeout => state.phase == Phase::Stopping,
                    Event::Reaped { .. } => !next.child_runs && !rules.waits_for_orphans,
                    Event::Signal(signal) => {
                        !state.child_runs && rules.waits_for_orphans && STOP_SIGNALS.contains(signal)
                    }
                    Event::NoChildren => false,
                };
            assert_eq!(action == Action::TerminateAll, expected, "{rules:?} {state:?} {event:?}");
            assert_eq!(next.phase == Phase::Terminating && is_early, expected);
        }
    }

    #[test]
    fn sigkill_follows_an_expired_timeout_after_sigterm() {
        for (_, state, event, next, action) in steps() {
            let expired = event == Event::Timeout && state.phase == Phase::Terminating;
            assert_eq!(action == Action::KillAll, expired, "{state:?} {event:?}");
            assert_eq!(next.phase == Phase::Killing && state.phase != Phase::Killing, expired);
        }
    }

    #[test]
    fn orphans_of_killed_processes_are_killed() {
        for (_, state, event, _, action) in steps() {
            let expected = matches!(event, Event::Reaped { .. }) && state.phase == Phase::Killing;
            assert_eq!(action == Action::KillOrphans, expected, "{state:?} {event:?}");
        }
    }

    #[test]
    fn the_init_exits_without_children_or_when_sigkill_has_no_effect() {
        for (_, state, event, _, action) in steps() {
            let hopeless = state.phase == Phase::Killing && event == Event::Timeout;
            assert_eq!(action == Action::Exit, hopeless || event == Event::NoChildren, "{state:?} {event:?}");
        }
    }

    #[test]
    fn the_first_stop_signal_starts_the_timeout() {
        for (rules, state, event, next, action) in steps() {
            let Event::Signal(signal) = event else { continue };
            let is_first = state.phase == Phase::Running && state.child_runs;
            let starts = STOP_SIGNALS.contains(signal) && is_first && rules.has_timeout;
            let is_started = matches!(action, Action::Forward { starts_timeout: true, .. });
            assert_eq!(is_started, starts, "{state:?} {event:?}");
            if action != Action::TerminateAll {
                assert_eq!(next.phase, if starts { Phase::Stopping } else { state.phase });
            }
        }
    }

    #[test]
    fn the_child_is_gone_once_it_was_reaped() {
        for (_, state, event, next, _) in steps() {
            let ended = event == Event::Reaped { child_ended: true };
            assert_eq!(next.child_runs, state.child_runs && !ended, "{state:?} {event:?}");
        }
    }

    #[test]
    fn a_timeout_runs_in_every_phase_of_a_shutdown() {
        for (_, state, _, next, action) in steps() {
            let is_new = next.phase != state.phase || action == Action::KillOrphans;
            assert_eq!(is_new, starts_timeout(action), "{state:?} {next:?}");
            assert!(next.phase != Phase::Running || state.phase == Phase::Running);
        }
    }

    #[test]
    fn without_orphan_termination_the_init_exits_with_the_child() {
        let rules = Rules {
            has_timeout: false,
            terminates_orphans: false,
            waits_for_orphans: false,
            stop_signals: STOP_SIGNALS,
        };
        for event in events() {
            let mut state = State::START;
            let expected = match event {
                Event::Timeout => Action::Wait,
                Event::Signal(signal) => Action::Forward { signal, starts_timeout: false },
                Event::Reaped { child_ended: false } => Action::Wait,
                Event::Reaped { child_ended: true } | Event::NoChildren => Action::Exit,
            };
            assert_eq!(state.decide(rules, event), expected, "{event:?}");
            assert!(state == State::START || expected == Action::Exit);
        }
    }

    #[test]
    fn three_expired_timeouts_end_every_shutdown() {
        for rules in all_rules() {
            for state in states(rules).into_iter().filter(|state| state.phase != Phase::Running) {
                let mut state = state;
                let ended = (0..3).any(|_| state.decide(rules, Event::Timeout) == Action::Exit);
                assert!(ended, "{state:?}");
            }
        }
    }
}
