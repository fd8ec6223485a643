//! What to do next: the decisions of an init, without doing anything.
//!
//! [`State::step`] is a function of a state and an event. It makes no system call, so it can be tested whole.

use mote_rt::signal::Signal;

/// What COMMAND's end is waited for with, and what comes then.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Phase {
    /// COMMAND runs and nobody has asked it to end; or nobody limits how long it may take.
    Running,
    /// It was asked to end, and the clock runs.
    Asked,
    /// The clock ran out, everything was asked to end, and the clock runs again.
    Told,
    /// COMMAND is gone, whoever remains was asked to end, and the clock runs.
    Clearing,
    /// Everything was killed. A last clock runs, for what can't be.
    Killed,
}

/// What has happened.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Event {
    /// A signal that is to be forwarded, after rewriting.
    Signal(Signal),
    /// The clock has run out.
    Deadline,
    /// All who were dead have been reaped.
    Reaped {
        /// Whether COMMAND was among them, now or before.
        command_gone: bool,
        /// Whether there are children left.
        others_left: bool,
    },
}

/// A signal for everything that the init may send signals to.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Everything {
    /// SIGTERM, and SIGCONT for who is stopped.
    Ask,
    /// SIGKILL.
    Kill,
}

/// What is to be done now.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Action {
    /// Forward the signal of the event to COMMAND.
    pub forward: bool,
    /// Send this to everything.
    pub everything: Option<Everything>,
    /// Set the clock to so many seconds.
    pub clock: Option<u32>,
    /// End.
    pub end: bool,
}

/// How long the steps of a shutdown may take.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Seconds for COMMAND to end once it was asked to, and for everything after that. `None`: as long as it
    /// takes.
    pub step: Option<u32>,
    /// Seconds for what COMMAND leaves behind.
    pub rest: u32,
}

/// Seconds that the kernel is given to carry out SIGKILL.
const LAST: u32 = 1;

/// The state of a shutdown, or that there is none.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct State {
    /// How far it is.
    pub phase: Phase,
    /// Whether COMMAND is still there.
    pub command_runs: bool,
}

impl State {
    /// The state after the start.
    pub const START: Self = Self { phase: Phase::Running, command_runs: true };

    /// Takes an event and says what to do about it.
    pub fn step(&mut self, limits: Limits, event: Event) -> Action {
        match event {
            Event::Signal(signal) => self.signal(limits, signal),
            Event::Deadline => self.deadline(limits),
            Event::Reaped { command_gone, others_left } => self.reaped(limits, command_gone, others_left),
        }
    }

    fn signal(&mut self, limits: Limits, signal: Signal) -> Action {
        let mut action = Action { forward: self.command_runs, ..Action::default() };
        let asks = matches!(signal, Signal::TERM | Signal::INT | Signal::QUIT);
        if asks
            && self.command_runs
            && matches!(self.phase, Phase::Running)
            && let Some(seconds) = limits.step
        {
            self.phase = Phase::Asked;
            action.clock = Some(seconds);
        }
        action
    }

    fn deadline(&mut self, limits: Limits) -> Action {
        match self.phase {
            Phase::Asked => {
                self.phase = Phase::Told;
                Action { everything: Some(Everything::Ask), clock: limits.step, ..Action::default() }
            }
            Phase::Told | Phase::Clearing => {
                self.phase = Phase::Killed;
                Action { everything: Some(Everything::Kill), clock: Some(LAST), ..Action::default() }
            }
            Phase::Killed => Action { end: true, ..Action::default() },
            Phase::Running => Action::default(),
        }
    }

    fn reaped(&mut self, limits: Limits, command_gone: bool, others_left: bool) -> Action {
        if command_gone {
            self.command_runs = false;
        }
        if self.command_runs {
            return Action::default();
        }
        if !others_left {
            return Action { end: true, ..Action::default() };
        }
        if matches!(self.phase, Phase::Running | Phase::Asked) {
            self.phase = Phase::Clearing;
            return Action {
                everything: Some(Everything::Ask),
                clock: Some(limits.rest),
                ..Action::default()
            };
        }
        Action::default()
    }
}

#[cfg(test)]
mod tests {
    extern crate std;
    use std::vec::Vec;

    use super::*;

    const PHASES: [Phase; 5] = [Phase::Running, Phase::Asked, Phase::Told, Phase::Clearing, Phase::Killed];
    const LIMITS: [Limits; 3] = [
        Limits { step: None, rest: 4 },
        Limits { step: Some(0), rest: 0 },
        Limits { step: Some(7), rest: 7 },
    ];

    fn signals() -> impl Iterator<Item = Signal> {
        (1..=Signal::MAX).map(Signal::new)
    }

    fn events() -> Vec<Event> {
        let reaped = [(false, false), (false, true), (true, false), (true, true)]
            .map(|(command_gone, others_left)| Event::Reaped { command_gone, others_left });
        signals().map(Event::Signal).chain(reaped).chain([Event::Deadline]).collect()
    }

    fn states() -> Vec<State> {
        PHASES
            .into_iter()
            .flat_map(|phase| [true, false].map(|command_runs| State { phase, command_runs }))
            .collect()
    }

    /// Whether a state can be reached: without a limit there is no clock for COMMAND.
    fn is_reachable(state: State, limits: Limits) -> bool {
        limits.step.is_some() || !matches!(state.phase, Phase::Asked | Phase::Told)
    }

    /// Every step that there is: state, limits, event, new state, action.
    fn steps() -> impl Iterator<Item = (State, Limits, Event, State, Action)> {
        states().into_iter().flat_map(|state| {
            LIMITS.into_iter().filter(move |limits| is_reachable(state, *limits)).flat_map(move |limits| {
                events().into_iter().map(move |event| {
                    let mut next = state;
                    let action = next.step(limits, event);
                    (state, limits, event, next, action)
                })
            })
        })
    }

    #[test]
    fn every_signal_is_forwarded_as_long_as_command_runs_and_nothing_else_is() {
        for (state, _, event, _, action) in steps() {
            let signal = matches!(event, Event::Signal(_));
            assert_eq!(action.forward, signal && state.command_runs, "{state:?} {event:?}");
        }
    }

    #[test]
    fn only_a_deadline_kills_and_only_after_everything_was_asked() {
        for (state, _, event, next, action) in steps() {
            let kills = action.everything == Some(Everything::Kill);
            let due = event == Event::Deadline && matches!(state.phase, Phase::Told | Phase::Clearing);
            assert_eq!(kills, due, "{state:?} {event:?}");
            assert_eq!(kills, next.phase == Phase::Killed && state.phase != Phase::Killed);
        }
    }

    #[test]
    fn it_ends_when_nothing_is_left_or_what_was_killed_does_not_die() {
        for (state, _, event, _, action) in steps() {
            let nothing_left = match event {
                Event::Reaped { command_gone, others_left } => {
                    (command_gone || !state.command_runs) && !others_left
                }
                _ => false,
            };
            let hopeless = state.phase == Phase::Killed && event == Event::Deadline;
            assert_eq!(action.end, nothing_left || hopeless, "{state:?} {event:?}");
        }
    }

    #[test]
    fn the_clock_starts_at_the_first_request_to_end_if_there_is_a_limit() {
        for (state, limits, event, next, action) in steps() {
            let Event::Signal(signal) = event else { continue };
            let asks = [Signal::TERM, Signal::INT, Signal::QUIT].contains(&signal);
            let starts = asks && state.phase == Phase::Running && state.command_runs && limits.step.is_some();
            assert_eq!(action.clock, if starts { limits.step } else { None });
            assert_eq!(next.phase, if starts { Phase::Asked } else { state.phase });
        }
    }

    #[test]
    fn what_command_leaves_behind_is_asked_once_and_has_its_time() {
        for (state, limits, event, next, action) in steps() {
            let Event::Reaped { command_gone, others_left: true } = event else { continue };
            let gone = command_gone || !state.command_runs;
            let asks = gone && matches!(state.phase, Phase::Running | Phase::Asked);
            assert_eq!(action.everything, asks.then_some(Everything::Ask));
            assert_eq!(action.clock, asks.then_some(limits.rest));
            assert_eq!(next.command_runs, !gone);
        }
    }

    #[test]
    fn a_clock_is_always_running_while_it_waits_for_something_to_end() {
        for (state, _, _, next, action) in steps() {
            let entered = next.phase != state.phase;
            assert_eq!(entered, action.clock.is_some(), "{state:?} {next:?}");
            assert!(next.phase != Phase::Running || state.phase == Phase::Running);
        }
    }

    /// Whatever comes in between, a shutdown that was asked for ends after at most three deadlines.
    #[test]
    fn three_deadlines_are_the_end() {
        for state in states().into_iter().filter(|state| state.phase != Phase::Running) {
            let mut state = state;
            let ended = (0..3).any(|_| state.step(LIMITS[2], Event::Deadline).end);
            assert!(ended, "{state:?}");
        }
    }
}
