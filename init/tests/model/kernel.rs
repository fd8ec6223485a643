//! The kernel as an init sees it: its children, its pending signals, and its timer.

use mote_rt::Signal;

/// The behaviour of a process.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Role {
    /// The init's child. It may end at any time, whether it got a signal or not, or only after SIGKILL.
    Child,
    /// An orphan that may end at any time, and ends after SIGTERM.
    Orphan,
    /// An orphan that ignores SIGTERM, and ends only after SIGKILL.
    IgnoresTerm,
    /// An orphan that is stopped. SIGTERM ends it after SIGCONT.
    Stopped,
    /// Like `IgnoresTerm`, but a child of the process before it until that one has ended.
    Grandchild,
}

/// The state of a process.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(crate) enum Life {
    Running,
    Stopped {
        term_is_pending: bool,
    },
    /// It has got a signal that ends it sooner or later, or never if it hangs in the kernel.
    Ending,
    Zombie,
    Reaped,
}

/// The SIGALRM that is pending. Another one is lost meanwhile.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(crate) enum Alarm {
    None,
    /// From another process.
    Sent,
    /// From the timer. `is_due` is whether the timer was not set again since.
    Expired {
        is_due: bool,
    },
}

/// The timer, which expires again and again after the first time.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(crate) enum Timer {
    Off,
    /// Set to the timeout of a step.
    Step,
    /// Set to the maximum time that SIGKILL takes.
    Last,
}

/// A result of `wait4(2)` with WNOHANG.
pub(crate) enum Waited {
    Reaped(usize),
    NoZombie,
    NoChild,
}

/// The kernel's part of the state, for `N` processes.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(crate) struct Kernel<const N: usize> {
    pub(crate) lives: [Life; N],
    /// A bit for each pending signal, the lowest for signal 1.
    pending: u64,
    alarm: Alarm,
    pub(crate) timer: Timer,
}

impl<const N: usize> Kernel<N> {
    pub(crate) fn new(roles: &[Role; N]) -> Self {
        let lives = roles.map(|role| match role {
            Role::Stopped => Life::Stopped { term_is_pending: false },
            _ => Life::Running,
        });
        Self { lives, pending: 0, alarm: Alarm::None, timer: Timer::Off }
    }

    /// Returns whether the process is a child of the init, or was one.
    fn is_child(&self, roles: &[Role; N], process: usize) -> bool {
        roles[process] != Role::Grandchild || matches!(self.lives[process - 1], Life::Zombie | Life::Reaped)
    }

    /// Returns the processes that may end now.
    pub(crate) fn may_end(&self, roles: &[Role; N]) -> impl Iterator<Item = usize> {
        (0..N).filter(|process| match self.lives[*process] {
            Life::Running => matches!(roles[*process], Role::Child | Role::Orphan),
            life => life == Life::Ending,
        })
    }

    /// Ends a process. The init gets SIGCHLD for its children, and for a zombie that becomes its child by that.
    pub(crate) fn end(&mut self, roles: &[Role; N], process: usize) {
        self.lives[process] = Life::Zombie;
        let next = process + 1;
        let inherits = next < N && roles[next] == Role::Grandchild && self.lives[next] == Life::Zombie;
        if inherits || self.is_child(roles, process) {
            self.send(Signal::CHLD);
        }
    }

    /// Sends a signal to the init.
    pub(crate) fn send(&mut self, signal: Signal) {
        if signal != Signal::ALRM {
            self.pending |= bit(signal);
        } else if self.alarm == Alarm::None {
            self.alarm = Alarm::Sent;
        }
    }

    /// Lets the timer expire, if it is set.
    pub(crate) fn expire(&mut self) {
        if self.timer != Timer::Off && self.alarm == Alarm::None {
            self.alarm = Alarm::Expired { is_due: true };
        }
    }

    /// Takes the pending signal with the lowest number, and returns it with the origin of a SIGALRM. While a timeout runs,
    /// SIGALRM and SIGCHLD come before all others.
    pub(crate) fn take(&mut self, has_timeout: bool) -> Option<(Signal, Alarm)> {
        let alarm = if self.alarm == Alarm::None { 0 } else { bit(Signal::ALRM) };
        let all = self.pending | alarm;
        let urgent = all & (bit(Signal::ALRM) | bit(Signal::CHLD));
        let eligible = if has_timeout && urgent != 0 { urgent } else { all };
        // 65, which is no signal, if none is pending.
        let signal = Signal::new(eligible.trailing_zeros() + 1)?;
        if signal == Signal::ALRM {
            return Some((signal, std::mem::replace(&mut self.alarm, Alarm::None)));
        }
        self.pending &= !bit(signal);
        Some((signal, Alarm::None))
    }

    /// Returns every possible result of `wait4(2)`.
    pub(crate) fn wait(&self, roles: &[Role; N]) -> Vec<(Waited, Self)> {
        let children = || (0..N).filter(|process| self.is_child(roles, *process));
        let zombies = children().filter(|process| self.lives[*process] == Life::Zombie);
        let reaped = zombies.map(|process| {
            let mut next = *self;
            next.lives[process] = Life::Reaped;
            (Waited::Reaped(process), next)
        });
        let mut all: Vec<_> = reaped.collect();
        if all.is_empty() {
            let has_child = children().any(|process| self.lives[process] != Life::Reaped);
            all.push((if has_child { Waited::NoZombie } else { Waited::NoChild }, *self));
        }
        all
    }

    /// Sends a signal from the init to every process if it is PID 1, else to its children.
    pub(crate) fn kill_all(&mut self, roles: &[Role; N], is_pid_1: bool, signal: Signal) {
        for process in 0..N {
            if is_pid_1 || self.is_child(roles, process) {
                self.lives[process] = after(self.lives[process], roles[process], signal);
            }
        }
    }

    /// Sets the timer. A SIGALRM that is pending stays.
    pub(crate) fn set_timer(&mut self, timer: Timer) {
        self.timer = timer;
        if matches!(self.alarm, Alarm::Expired { .. }) {
            self.alarm = Alarm::Expired { is_due: false };
        }
    }

    /// Takes a SIGALRM that is pending. The init sends one from another process to itself again.
    pub(crate) fn take_alarm(&mut self) {
        if self.alarm != Alarm::Sent {
            self.alarm = Alarm::None;
        }
    }
}

/// Returns the state of a process after a signal.
fn after(life: Life, role: Role, signal: Signal) -> Life {
    match (life, signal) {
        (Life::Running | Life::Stopped { .. }, Signal::KILL) => Life::Ending,
        (Life::Running, Signal::TERM) if role == Role::Orphan => Life::Ending,
        (Life::Stopped { .. }, Signal::TERM) => Life::Stopped { term_is_pending: true },
        (Life::Stopped { term_is_pending: true }, Signal::CONT) => Life::Ending,
        (Life::Stopped { term_is_pending: false }, Signal::CONT) => Life::Running,
        (life, _) => life,
    }
}

fn bit(signal: Signal) -> u64 {
    1 << (signal.number() - 1)
}
