//! The controlling terminal.

use core::{mem::MaybeUninit, ptr};

use linux_raw_sys::{general, ioctl};
use syscalls::raw;

use super::{Fd, unit};
use crate::{Errno, Pid, arch::nr};

/// `tcsetpgrp(3)`: makes `group` the foreground process group of the terminal on `fd`.
pub fn tcsetpgrp(fd: Fd, group: Pid) -> Result<(), Errno> {
    let group = group.as_raw();
    // SAFETY: the kernel reads one `pid_t`.
    unit(unsafe { raw::syscall3(nr::IOCTL, fd.0, ioctl::TIOCSPGRP as usize, ptr::from_ref(&group) as usize) })
}

/// `tcgetpgrp(3)`: returns the foreground process group of the terminal on `fd`, or `None` if the group is in another
/// PID namespace.
///
/// # Errors
/// ENOTTY if there is no terminal on `fd`, or if it is not the caller's controlling terminal.
pub fn tcgetpgrp(fd: Fd) -> Result<Option<Pid>, Errno> {
    let mut group = 0_i32;
    // SAFETY: the kernel writes one `pid_t`.
    unit(unsafe {
        raw::syscall3(nr::IOCTL, fd.0, ioctl::TIOCGPGRP as usize, ptr::from_mut(&mut group) as usize)
    })?;
    Ok(Pid::new(group))
}

/// `isatty(3)`: returns whether `fd` is a terminal.
pub fn isatty(fd: Fd) -> bool {
    let mut size = MaybeUninit::<general::winsize>::uninit();
    // SAFETY: the kernel writes one structure.
    unit(unsafe { raw::syscall3(nr::IOCTL, fd.0, ioctl::TIOCGWINSZ as usize, size.as_mut_ptr() as usize) })
        .is_ok()
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
