//! An init without a COMMAND: it is there, and reaps.

use mote_rt::{
    Errno, process,
    signal::{self, Signal},
    sys::{self, SigAction},
};

use crate::run::hear;

/// Reaps whoever dies, until SIGTERM or SIGINT ends the process with status 0. Returns only if that can't be, with the
/// error that signals can't be made to wait.
pub fn hold() -> Errno {
    if let Err(error) = sys::set_signal_mask(&signal::ALL.clone()) {
        return error;
    }
    // Started with SIGCHLD ignored, it would not hear of who was dead before.
    let _ = sys::sigaction(Signal::CHLD, &SigAction::by_default());
    loop {
        while sys::reap() {}
        match hear(signal::ALL) {
            Some((Signal::TERM | Signal::INT, _)) => process::end(0),
            Some(_) => {}
            // Whoever started this must kill it then; it does not spin.
            None => sys::sleep(),
        }
    }
}
