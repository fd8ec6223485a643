//! What to do next: the decisions of an init, without doing anything.
//!
//! [`State::step`] is a function of a state and an event. It makes no system call, so it can be tested whole.

use mote_rt::signal::{Signal, Signals};

/// How far a shutdown is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Phase {
    /// COMMAND runs and nobody has asked it to end; or nobody limits how long it may take.
    Running,
    /// It was asked to end, and the clock runs.
    Asked,
    /// Everything was asked to end, since COMMAND did not or since it has ended, and the clock runs.
    Told,
    /// Everything was killed. A last clock runs, for what can't be.
    Killed,
}

/// What has happened.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Event {
    /// A signal that is to be forwarded, after rewriting, which may have left none.
    Signal(Signal),
    /// The clock has run out.
    Deadline,
    /// All who were dead have been reaped, COMMAND perhaps among them, and others are left.
    Reaped {
        /// Whether COMMAND is gone, now or since before.
        command_gone: bool,
    },
    /// Nobody is left.
    Alone,
}

/// What is to be done now.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Action {
    /// Nothing.
    Wait,
    /// Forward a signal to COMMAND.
    Forward {
        /// Which.
        signal: Signal,
        /// Whether to set the clock to the limit of a step.
        limit: bool,
    },
    /// Send SIGTERM to everything, and SIGCONT for who is stopped; set the clock to the limit of a step.
    Ask,
    /// Send SIGKILL to everything, and set the clock to a short time.
    Kill,
    /// End.
    End,
}

/// The state of a shutdown, or that there is none.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct State {
    /// How far it is.
    pub phase: Phase,
    /// Whether COMMAND is still there.
    pub command_runs: bool,
}

/// What a shutdown depends on.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Rules {
    /// Whether COMMAND has a time to end in.
    pub limited: bool,
    /// Whether what COMMAND leaves behind is asked to end and waited for.
    pub grace: bool,
}

/// The signals that ask COMMAND to end.
const ASKING: Signals = Signals::of(&[Signal::TERM, Signal::INT, Signal::QUIT]);

impl State {
    /// The state after the start.
    pub const START: Self = Self { phase: Phase::Running, command_runs: true };

    /// Takes an event and says what to do about it.
    pub fn step(&mut self, rules: Rules, event: Event) -> Action {
        match event {
            Event::Signal(signal) => self.signal(rules, signal),
            Event::Deadline => self.deadline(),
            Event::Reaped { command_gone } => self.reaped(rules.grace, command_gone),
            Event::Alone => Action::End,
        }
    }

    fn signal(&mut self, rules: Rules, signal: Signal) -> Action {
        // Without grace it always runs.
        if rules.grace && !self.command_runs || signal == Signal::NONE {
            return Action::Wait;
        }
        let limit = rules.limited & ASKING.contains(signal) & matches!(self.phase, Phase::Running);
        if limit {
            self.phase = Phase::Asked;
        }
        Action::Forward { signal, limit }
    }

    fn deadline(&mut self) -> Action {
        let (phase, action) = match self.phase {
            Phase::Running => (Phase::Running, Action::Wait),
            Phase::Asked => (Phase::Told, Action::Ask),
            Phase::Told => (Phase::Killed, Action::Kill),
            Phase::Killed => (Phase::Killed, Action::End),
        };
        self.phase = phase;
        action
    }

    fn reaped(&mut self, grace: bool, command_gone: bool) -> Action {
        if !grace {
            return if command_gone { Action::End } else { Action::Wait };
        }
        self.command_runs &= !command_gone;
        match self.phase {
            Phase::Running | Phase::Asked if !self.command_runs => {
                self.phase = Phase::Told;
                Action::Ask
            }
            // The children of who was killed may be ours only now.
            Phase::Killed => Action::Kill,
            _ => Action::Wait,
        }
    }
}

#[cfg(test)]
mod tests {
    extern crate std;
    use std::vec::Vec;

    use super::*;

    const GRACE: Rules = Rules { limited: true, grace: true };
    const PHASES: [Phase; 4] = [Phase::Running, Phase::Asked, Phase::Told, Phase::Killed];

    fn events() -> Vec<Event> {
        let signals = (0..=Signal::MAX).map(Signal::new).map(Event::Signal);
        let others = [Event::Deadline, Event::Alone];
        let reaped = [true, false].map(|command_gone| Event::Reaped { command_gone });
        signals.chain(others).chain(reaped).collect()
    }

    fn states() -> Vec<State> {
        PHASES
            .into_iter()
            .flat_map(|phase| [true, false].map(|command_runs| State { phase, command_runs }))
            .collect()
    }

    /// Whether a state can be reached: without a limit nobody is killed while COMMAND runs.
    fn is_reachable(state: State, limited: bool) -> bool {
        limited || state.phase == Phase::Running || !state.command_runs && state.phase != Phase::Asked
    }

    /// Every step that there is: state, whether COMMAND has a limit, event, new state, action.
    fn steps() -> impl Iterator<Item = (State, bool, Event, State, Action)> {
        states().into_iter().flat_map(|state| {
            [true, false].into_iter().filter(move |limited| is_reachable(state, *limited)).flat_map(
                move |limited| {
                    events().into_iter().map(move |event| {
                        let mut next = state;
                        let action = next.step(Rules { limited, grace: true }, event);
                        (state, limited, event, next, action)
                    })
                },
            )
        })
    }

    /// Whether an action sets the clock.
    fn sets_clock(action: Action) -> bool {
        matches!(action, Action::Forward { limit: true, .. } | Action::Ask | Action::Kill)
    }

    #[test]
    fn every_signal_is_forwarded_as_long_as_command_runs_and_nothing_else_is() {
        for (state, _, event, _, action) in steps() {
            let expected = match event {
                Event::Signal(signal) if state.command_runs && signal != Signal::NONE => Some(signal),
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
    fn only_a_deadline_kills_and_only_after_everything_was_asked() {
        for (state, _, event, next, action) in steps() {
            let due = event == Event::Deadline && state.phase == Phase::Told;
            let again = matches!(event, Event::Reaped { .. }) && state.phase == Phase::Killed;
            assert_eq!(action == Action::Kill, due || again, "{state:?} {event:?}");
            assert_eq!(due, next.phase == Phase::Killed && state.phase != Phase::Killed);
        }
    }

    #[test]
    fn it_ends_when_nobody_is_left_or_what_was_killed_does_not_die() {
        for (state, _, event, _, action) in steps() {
            let hopeless = state.phase == Phase::Killed && event == Event::Deadline;
            assert_eq!(action == Action::End, hopeless || event == Event::Alone, "{state:?} {event:?}");
        }
    }

    #[test]
    fn the_clock_starts_at_the_first_request_to_end_if_there_is_a_limit() {
        for (state, limited, event, next, action) in steps() {
            let Event::Signal(signal) = event else { continue };
            let asks = [Signal::TERM, Signal::INT, Signal::QUIT].contains(&signal);
            let starts = asks && state.phase == Phase::Running && state.command_runs && limited;
            assert_eq!(sets_clock(action), starts, "{state:?} {event:?}");
            assert_eq!(next.phase, if starts { Phase::Asked } else { state.phase });
        }
    }

    #[test]
    fn what_command_leaves_behind_is_asked_once_and_has_its_time() {
        for (state, _, event, next, action) in steps() {
            let Event::Reaped { command_gone } = event else { continue };
            let gone = command_gone || !state.command_runs;
            let asks = gone && matches!(state.phase, Phase::Running | Phase::Asked);
            let otherwise = if state.phase == Phase::Killed { Action::Kill } else { Action::Wait };
            assert_eq!(action, if asks { Action::Ask } else { otherwise });
            assert_eq!(next.command_runs, !gone);
        }
    }

    #[test]
    fn a_clock_is_always_running_while_it_waits_for_something_to_end() {
        for (state, _, _, next, action) in steps() {
            let is_new = next.phase != state.phase || action == Action::Kill;
            assert_eq!(is_new, sets_clock(action), "{state:?} {next:?}");
            assert!(next.phase != Phase::Running || state.phase == Phase::Running);
        }
    }

    /// The one state that it is ever in is the first.
    #[test]
    fn without_grace_the_end_is_that_of_command() {
        let rules = Rules { limited: false, grace: false };
        for event in events() {
            let mut state = State::START;
            let expected = match event {
                Event::Signal(Signal::NONE) | Event::Deadline => Action::Wait,
                Event::Signal(signal) => Action::Forward { signal, limit: false },
                Event::Reaped { command_gone: false } => Action::Wait,
                Event::Reaped { command_gone: true } | Event::Alone => Action::End,
            };
            assert_eq!(state.step(rules, event), expected, "{event:?}");
            assert!(state == State::START || expected == Action::End);
        }
    }

    /// Whatever comes in between, a shutdown that was asked for ends after at most three deadlines.
    #[test]
    fn three_deadlines_are_the_end() {
        for state in states().into_iter().filter(|state| state.phase != Phase::Running) {
            let mut state = state;
            let ended = (0..3).any(|_| state.step(GRACE, Event::Deadline) == Action::End);
            assert!(ended, "{state:?}");
        }
    }
}
