//! What this program does as COMMAND: its first argument says it.

use core::ffi::CStr;

use mote_rt::{signal::Signal, sys};

use crate::{
    battery, listen, orphans, report, shutdown,
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
        b"die" => die(Signal::new(number(first.to_bytes()) as u8)),
        b"listen" => {
            listen::all(name, listen::Habits::of(name));
            0
        }
        b"orphans" => {
            orphans::all(name);
            0
        }
        b"gone" => orphans::gone(&[number(first.to_bytes()) as i32]).map_or(1, |()| 0),
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

/// Ends by a signal, which does what it does by default.
fn die(signal: Signal) -> i32 {
    let _ = sys::reset_signals();
    let _ = sys::kill(sys::getpid(), signal);
    99
}
