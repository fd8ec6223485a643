//! The controlling terminal.

use mote_rt::{
    Pid,
    sys::{self, Fd},
    text,
};

/// Makes the process group of the caller the foreground process group of the controlling terminal, if that is `group`.
/// Otherwise another process has the terminal. Both are `None` in a PID namespace, if the group is outside.
///
/// SIGTTOU is blocked, or the terminal would stop the caller for this. No failure is an error.
pub(crate) fn take_from(group: Option<Pid>) {
    // The controlling terminal may be standard input where there is no `/dev/tty`.
    let terminal = sys::open(text!("/dev/tty")).unwrap_or(Fd::STDIN);
    if sys::tcgetpgrp(terminal) == Ok(group)
        && let Some(own) = sys::getpgid(None)
    {
        let _ = sys::tcsetpgrp(terminal, own);
    }
}
