//! An init without a COMMAND: it is there, and reaps.

use mote_rt::{
    Errno, process,
    signal::{self, Signal},
    sys::{self, SigAction},
};

/// Reaps whoever dies, until SIGTERM or SIGINT ends the process with status 0.
pub fn hold() -> ! {
    sys::exchange_signal_mask(&mut signal::ALL.clone());
    // Started with SIGCHLD ignored, it would not hear of who was dead before.
    let _ = sys::sigaction(Signal::CHLD, &SigAction::by_default());
    loop {
        while sys::reap() {}
        match sys::next_signal(signal::ALL) {
            Ok((Signal::TERM | Signal::INT, _)) => process::end(0),
            Ok(_) | Err(Errno::EINTR) => {}
            // A filter refuses it. Whoever started this must kill it then; it does not spin.
            Err(_) => sys::sleep(),
        }
    }
}
