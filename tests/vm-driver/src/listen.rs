//! COMMAND of an init that sends signals to process 1 and expects them back.

use mote_rt::{
    signal::{self, SigSet, Signal},
    sys,
};

use crate::{
    call,
    process::PATIENCE,
    report::{Check, Text, case, ensure, same},
};

/// The signals by which a terminal stops processes.
const STOPPING: [Signal; 3] = [Signal::TTIN, Signal::TTOU, Signal::TSTP];

/// What an init does with signals.
#[derive(Clone, Copy)]
pub(crate) struct Habits {
    /// A SIGTERM is followed by a SIGCONT.
    resumes: bool,
    /// These go nowhere.
    drops: &'static [Signal],
    /// These stop COMMAND and the init itself.
    suspends: &'static [Signal],
}

impl Habits {
    /// Those of the init of this name.
    pub(crate) fn of(init: &str) -> Self {
        let [resumes, suspends] = ["pid1", "dumb-init"].map(|name| init == name);
        let drops = match init {
            "tini" => &STOPPING[..2],
            "catatonit" => &STOPPING,
            _ => &[],
        };
        Self { resumes, drops, suspends: if suspends { &STOPPING } else { &[] } }
    }

    /// Whether it forwards this signal. Two can't be caught, and SIGCHLD is its own.
    fn forwards(self, signal: Signal) -> bool {
        let never = [Signal::KILL, Signal::STOP, Signal::CHLD];
        ![&never, self.drops, self.suspends].iter().any(|signals| signals.contains(&signal))
    }
}

/// Tries every signal, one by one; `name` is what the cases are called.
pub(crate) fn all(name: &str, habits: Habits) {
    let signals = (1..=Signal::MAX).map(Signal::new);
    for signal in signals.filter(|signal| habits.forwards(*signal)) {
        case(format_args!("{name}/forwards/{}", signal.number()), one(signal, habits));
    }
    case(format_args!("{name}/forwards/queued"), queued());
    case(format_args!("{name}/forwards/no-other"), no_other(habits));
}

fn one(signal: Signal, habits: Habits) -> Check {
    send(signal)?;
    comes(signal)?;
    if habits.resumes && signal == Signal::TERM {
        comes(Signal::CONT)?;
    }
    Ok(())
}

/// Real-time signals come as often as they are sent.
fn queued() -> Check {
    const COUNT: usize = 100;
    let signal = Signal::new(40);
    for _ in 0..COUNT {
        send(signal)?;
    }
    for _ in 0..COUNT {
        comes(signal)?;
    }
    Ok(())
}

/// Signals are taken lowest number first, so one of a higher number comes after those that are not forwarded: alone.
fn no_other(habits: Habits) -> Check {
    send(Signal::CHLD)?;
    for signal in habits.drops {
        send(*signal)?;
    }
    send(Signal::new(28))?;
    comes(Signal::new(28))
}

fn send(signal: Signal) -> Check {
    ensure!(sys::kill(1, signal).is_ok(), "kill is refused");
    Ok(())
}

/// Expects this signal next, from process 1.
pub(crate) fn comes(signal: Signal) -> Check {
    let Some((found, pid)) = call::take_signal(&any(), PATIENCE) else {
        return Err(Text::of(format_args!("signal {} does not come", signal.number())));
    };
    same("signal and sender", (found.number(), pid), (signal.number(), 1))
}

/// Every signal, except that a child of our own has died.
fn any() -> SigSet {
    let mut set = signal::ALL;
    set.sig[0] &= !signal::set_of(&[Signal::CHLD]).sig[0];
    set
}
