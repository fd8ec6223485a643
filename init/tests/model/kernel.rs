//! What an init sees of the kernel: its children, the signals that wait for it, and its clock.

use mote_rt::Signal;

/// What somebody does when signals come.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Role {
    /// The first child. It may end at any time, whether asked or not, or only once it is killed.
    Command,
    /// May end at any time, and does so once it gets SIGTERM.
    Meek,
    /// Ends only once it is killed.
    Stubborn,
    /// Is stopped. It gets SIGTERM when it is continued, and dies of it.
    Stopped,
    /// Like `Stubborn`, but a child of the one before it until that is dead.
    Hidden,
}

/// How far a life is.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(crate) enum Life {
    /// It goes on.
    Runs,
    /// It is stopped, and perhaps a SIGTERM waits for it.
    Stopped { asked: bool },
    /// A signal has come that it dies of, sooner or later, or never if it hangs in the kernel.
    Doomed,
    /// Over, and not reaped yet.
    Dead,
    /// Over and reaped.
    Reaped,
}

/// A SIGALRM that waits for the init. There is room for one: another is lost meanwhile.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(crate) enum Alarm {
    None,
    /// Somebody sent it.
    Sent,
    /// The clock sent it. `due` is whether that is the clock as it is set now.
    Rung {
        due: bool,
    },
}

/// The clock. It rings again and again once it has rung for the first time.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(crate) enum Clock {
    Off,
    /// Set to the time of a step.
    Step,
    /// Set to the time that SIGKILL takes at most.
    Last,
}

/// What `wait4(2)` with WNOHANG says.
pub(crate) enum Waited {
    Reaped(usize),
    Nobody,
    NoChild,
}

/// The kernel's side of the state, for so many processes.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(crate) struct Kernel<const N: usize> {
    pub(crate) lives: [Life; N],
    /// The signals that wait, the lowest bit being signal 1. Each is there once, however often it was sent.
    pending: u64,
    alarm: Alarm,
    pub(crate) clock: Clock,
}

impl<const N: usize> Kernel<N> {
    pub(crate) fn new(roles: &[Role; N]) -> Self {
        let lives = roles.map(|role| match role {
            Role::Stopped => Life::Stopped { asked: false },
            _ => Life::Runs,
        });
        Self { lives, pending: 0, alarm: Alarm::None, clock: Clock::Off }
    }

    pub(crate) fn is_over(&self, process: usize) -> bool {
        matches!(self.lives[process], Life::Dead | Life::Reaped)
    }

    /// Whether the process is a child of the init by now.
    fn is_ours(&self, roles: &[Role; N], process: usize) -> bool {
        roles[process] != Role::Hidden || self.is_over(process - 1)
    }

    /// Those who may die now.
    pub(crate) fn dying(&self, roles: &[Role; N]) -> impl Iterator<Item = usize> {
        (0..N).filter(|process| match self.lives[*process] {
            Life::Runs => matches!(roles[*process], Role::Command | Role::Meek),
            life => life == Life::Doomed,
        })
    }

    /// Somebody dies. The init is told of its children, and of the dead who become its children with that.
    pub(crate) fn die(&mut self, roles: &[Role; N], process: usize) {
        self.lives[process] = Life::Dead;
        let hides = process + 1 < N && roles[process + 1] == Role::Hidden;
        if self.is_ours(roles, process) || hides && self.lives[process + 1] == Life::Dead {
            self.send(Signal::CHLD);
        }
    }

    /// Somebody sends a signal to the init.
    pub(crate) fn send(&mut self, signal: Signal) {
        if signal != Signal::ALRM {
            self.pending |= bit(signal);
        } else if self.alarm == Alarm::None {
            self.alarm = Alarm::Sent;
        }
    }

    /// The clock rings, if it is set.
    pub(crate) fn ring(&mut self) {
        if self.clock != Clock::Off && self.alarm == Alarm::None {
            self.alarm = Alarm::Rung { due: true };
        }
    }

    /// Takes the signal with the lowest number, and says how a SIGALRM came. While a timeout runs (`is_timed`), SIGALRM
    /// and SIGCHLD are taken before all others.
    pub(crate) fn take(&mut self, is_timed: bool) -> Option<(Signal, Alarm)> {
        let alarm = if self.alarm == Alarm::None { 0 } else { bit(Signal::ALRM) };
        let mut all = self.pending | alarm;
        let urgent = all & (bit(Signal::ALRM) | bit(Signal::CHLD));
        if is_timed && urgent != 0 {
            all = urgent;
        }
        if all == 0 {
            return None;
        }
        let signal = Signal::new(all.trailing_zeros() + 1).expect("1 to 64");
        if signal == Signal::ALRM {
            return Some((signal, std::mem::replace(&mut self.alarm, Alarm::None)));
        }
        self.pending &= !bit(signal);
        Some((signal, Alarm::None))
    }

    /// All that `wait4(2)` may do now.
    pub(crate) fn wait(&self, roles: &[Role; N]) -> Vec<(Waited, Self)> {
        let ours = || (0..N).filter(|process| self.is_ours(roles, *process));
        let dead = ours().filter(|process| self.lives[*process] == Life::Dead);
        let mut all: Vec<_> = dead
            .map(|process| {
                let mut next = *self;
                next.lives[process] = Life::Reaped;
                (Waited::Reaped(process), next)
            })
            .collect();
        if all.is_empty() {
            let alone = ours().all(|process| self.lives[process] == Life::Reaped);
            all.push((if alone { Waited::NoChild } else { Waited::Nobody }, *self));
        }
        all
    }

    /// The init sends a signal to everything: to all that live if it is process 1, else to its children.
    pub(crate) fn kill_all(&mut self, roles: &[Role; N], is_first: bool, signal: Signal) {
        for process in 0..N {
            if is_first || self.is_ours(roles, process) {
                self.lives[process] = after(self.lives[process], roles[process], signal);
            }
        }
    }

    /// The init sets the clock. What has rung before stays.
    pub(crate) fn set_alarm(&mut self, clock: Clock) {
        self.clock = clock;
        if self.alarm != Alarm::None && self.alarm != Alarm::Sent {
            self.alarm = Alarm::Rung { due: false };
        }
    }

    /// The init takes a SIGALRM that waits. What somebody sent it sends again.
    pub(crate) fn take_alarm(&mut self) {
        if self.alarm != Alarm::Sent {
            self.alarm = Alarm::None;
        }
    }
}

/// What becomes of somebody who gets a signal.
fn after(life: Life, role: Role, signal: Signal) -> Life {
    match (life, signal) {
        (Life::Runs | Life::Stopped { .. }, Signal::KILL) => Life::Doomed,
        (Life::Runs, Signal::TERM) if role == Role::Meek => Life::Doomed,
        (Life::Stopped { .. }, Signal::TERM) => Life::Stopped { asked: true },
        (Life::Stopped { asked: true }, Signal::CONT) => Life::Doomed,
        (Life::Stopped { asked: false }, Signal::CONT) => Life::Runs,
        (life, _) => life,
    }
}

fn bit(signal: Signal) -> u64 {
    1 << (signal.number() - 1)
}
