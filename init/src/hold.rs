//! An init without a COMMAND: it is there, and reaps.

use mote_rt::{
    process,
    signal::{self, Signal},
    sys,
};

use crate::{
    Policy,
    signals::{Exchange, next_signal},
};

/// Reaps whoever dies, until SIGTERM or SIGINT ends the process with status 0.
pub fn hold<P: Policy>(policy: &P) -> ! {
    Exchange::of(signal::ALL).swap(policy);
    loop {
        while sys::reap() {}
        if let (Signal::TERM | Signal::INT, _) = next_signal(signal::ALL) {
            process::end(0);
        }
    }
}
