//! The roles of this program as the child of an init, by its first argument.

use core::ffi::CStr;

use mote_rt::{Pid, Signal, sys};

use crate::{
    battery, listen, orphans,
    process::{getpid, reset_signals},
    report, shutdown,
    start::Environment,
    terminal,
    users::{self, number},
};

/// Plays a role; returns the status to end with.
pub(crate) fn play(words: &[&CStr; 8], environment: Environment) -> i32 {
    let [_, role, first, second, third, fourth, ..] = *words;
    let name = first.to_str().unwrap_or_default();
    match role.to_bytes() {
        b"boot" => battery::boot(environment),
        b"exit" => number(first.to_bytes()) as i32,
        b"die" => die(Signal::new(number(first.to_bytes()))),
        b"listen" => {
            listen::all(name, listen::Habits::of(name));
            0
        }
        b"orphans" => {
            orphans::all(name);
            0
        }
        b"gone" => gone(Pid::new(number(first.to_bytes()) as i32)),
        b"stubborn" => shutdown::stubborn(),
        b"obey" => shutdown::obey(number(first.to_bytes()) as i32),
        b"leave" => shutdown::leave(first, number(second.to_bytes()) as i32),
        b"identity" => users::identity([first, second, third, fourth], environment),
        b"terminal" => terminal::command(),
        _ => {
            report::line(format_args!("# no such role: {role:?}"));
            100
        }
    }
}

/// Ends by a signal with its default action.
fn die(signal: Option<Signal>) -> i32 {
    reset_signals();
    if let Some(signal) = signal {
        let _ = sys::kill_process(getpid(), signal);
    }
    99
}

/// Waits until an orphan is reaped.
fn gone(orphan: Option<Pid>) -> i32 {
    i32::from(orphan.is_none_or(|orphan| orphans::gone(&[orphan]).is_err()))
}
