//! The child of an init that sends signals to PID 1 and gets them back.

use mote_rt::{Pid, Signal, SignalSet, sys};

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
    /// A stop signal is followed by SIGCONT.
    resumes: bool,
    /// These go nowhere.
    drops: &'static [Signal],
    /// These stop the child and the init itself.
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

/// Tries every signal. The names of the cases begin with `name`.
pub(crate) fn all(name: &str, habits: Habits) {
    for signal in signals().filter(|signal| habits.forwards(*signal)) {
        case(format_args!("{name}/forwards/{}", signal.number()), one(signal, habits));
    }
    case(format_args!("{name}/forwards/queued"), queued());
    case(format_args!("{name}/forwards/no-other"), no_other(habits));
}

fn signals() -> impl Iterator<Item = Signal> {
    (1..=u32::from(Signal::MAX)).filter_map(Signal::new)
}

fn one(signal: Signal, habits: Habits) -> Check {
    send(signal)?;
    comes(signal)?;
    if habits.resumes && [Signal::TERM, Signal::INT, Signal::QUIT, Signal::HUP].contains(&signal) {
        comes(Signal::CONT)?;
    }
    Ok(())
}

/// Real-time signals come as often as they are sent.
fn queued() -> Check {
    const COUNT: usize = 100;
    let signal = Signal::new(40).expect("1 to 64");
    for _ in 0..COUNT {
        send(signal)?;
    }
    for _ in 0..COUNT {
        comes(signal)?;
    }
    Ok(())
}

/// Signals that are not forwarded: a signal of a higher number, which the init takes after them, arrives alone.
fn no_other(habits: Habits) -> Check {
    send(Signal::CHLD)?;
    for signal in habits.drops {
        send(*signal)?;
    }
    let winch = Signal::new(28).expect("1 to 64");
    send(winch)?;
    comes(winch)
}

fn send(signal: Signal) -> Check {
    ensure!(sys::kill_process(Pid::INIT, signal).is_ok(), "kill is refused");
    Ok(())
}

/// Expects this signal next, from process 1.
pub(crate) fn comes(signal: Signal) -> Check {
    let Some(found) = call::sigtimedwait(&any(), PATIENCE) else {
        return Err(Text::of(format_args!("signal {} does not come", signal.number())));
    };
    same("signal and sender", found, (signal, Some(Pid::INIT)))
}

/// Every signal, except that a child of our own has died.
fn any() -> SignalSet {
    let mut set = SignalSet::EMPTY;
    signals().filter(|signal| *signal != Signal::CHLD).for_each(|signal| set.insert(signal));
    set
}
