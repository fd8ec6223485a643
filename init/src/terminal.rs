//! The controlling terminal.

use mote_rt::{
    Pid,
    sys::{self, Fd},
    text,
};

/// Returns the controlling terminal: `/dev/tty`, or standard input where there is no such file.
fn controlling_terminal() -> Fd {
    sys::open(text!("/dev/tty")).unwrap_or(Fd::STDIN)
}

/// Hands the terminal over, in the child: makes its process group the terminal's foreground process group, if that is
/// the init's group. Otherwise the init runs in the background of a shell, which needs the terminal itself.
///
/// SIGTTOU is blocked, or the terminal would stop the caller for this. No failure is an error.
pub(crate) fn hand_over(init: Option<Pid>) {
    let terminal = controlling_terminal();
    if let Ok(foreground) = sys::tcgetpgrp(terminal)
        // Both are `None` in a PID namespace, if the group is outside.
        && foreground == sys::getpgid(init)
        && let Some(child) = sys::getpid()
    {
        let _ = sys::tcsetpgrp(terminal, child);
    }
}

/// Takes the terminal back, in the init, if the child's process group is still its foreground process group.
pub(crate) fn take_back(child: Pid) {
    let terminal = controlling_terminal();
    if sys::tcgetpgrp(terminal) == Ok(Some(child))
        && let Some(group) = sys::getpgid(None)
    {
        let _ = sys::tcsetpgrp(terminal, group);
    }
}
