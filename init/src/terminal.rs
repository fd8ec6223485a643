//! The controlling terminal.

use mote_rt::sys::{self, Fd};

/// Hands the terminal over: makes the process group of the caller, which leads it, the terminal's foreground process
/// group. Fails silently if there is no terminal, or if it is another session's.
///
/// The caller has SIGTTOU blocked, or the terminal would stop it for this.
pub fn take_foreground(terminal: Fd) {
    if let Some(me) = sys::getpid() {
        let _ = sys::tcsetpgrp(terminal, me);
    }
}
