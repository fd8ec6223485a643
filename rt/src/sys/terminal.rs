//! The controlling terminal.

use core::ptr;

use linux_raw_sys::ioctl;
use syscalls::raw;

use super::{Fd, unit};
use crate::{Errno, Pid, arch::nr};

/// `tcsetpgrp(3)`: makes `group` the foreground process group of the terminal on `fd`.
pub fn tcsetpgrp(fd: Fd, group: Pid) -> Result<(), Errno> {
    let group = group.as_raw();
    // SAFETY: the kernel reads one `pid_t`.
    unit(unsafe { raw::syscall3(nr::IOCTL, fd.0, ioctl::TIOCSPGRP as usize, ptr::from_ref(&group) as usize) })
}

/// `ioctl(TIOCNOTTY)`: gives up the controlling terminal, which is on `fd`. If the caller leads the session, the whole
/// session loses the terminal, and its foreground process group gets SIGHUP and SIGCONT.
pub fn tiocnotty(fd: Fd) -> Result<(), Errno> {
    // SAFETY: the arguments are numbers.
    unit(unsafe { raw::syscall3(nr::IOCTL, fd.0, ioctl::TIOCNOTTY as usize, 0) })
}

/// `ioctl(TIOCSCTTY)`: makes the terminal on `fd`, which no session has, the controlling terminal of the session that
/// the caller leads.
pub fn tiocsctty(fd: Fd) -> Result<(), Errno> {
    // SAFETY: the arguments are numbers.
    unit(unsafe { raw::syscall3(nr::IOCTL, fd.0, ioctl::TIOCSCTTY as usize, 0) })
}
