//! The controlling terminal.

use mote_rt::{
    Pid,
    sys::{self, Fd},
    text,
};

/// Hands the terminal over, in the child: makes its process group the terminal's foreground process group, if that is
/// the init's group. Otherwise the init runs in the background of a shell, which needs the terminal itself.
pub(crate) fn hand_over(init: Option<Pid>) {
    // Both groups are `None` in a PID namespace, if the group is outside.
    replace_foreground(sys::getpgid(init), sys::getpid());
}

/// Takes the terminal back, in the init, if the child's process group is still its foreground process group.
pub(crate) fn take_back(child: Pid) {
    replace_foreground(Some(child), sys::getpgid(None));
}

/// Makes `new` the foreground process group of the controlling terminal, if that is `old`. The terminal is `/dev/tty`,
/// or standard input where there is no such file.
///
/// SIGTTOU is blocked, or the terminal would stop the caller for this. No failure is an error.
fn replace_foreground(old: Option<Pid>, new: Option<Pid>) {
    let terminal = sys::open(text!("/dev/tty")).unwrap_or(Fd::STDIN);
    if sys::tcgetpgrp(terminal) == Ok(old)
        && let Some(new) = new
    {
        let _ = sys::tcsetpgrp(terminal, new);
    }
}
