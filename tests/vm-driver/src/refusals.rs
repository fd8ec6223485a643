//! System calls that seccomp refuses: the child runs under an init that works, or the start fails.

use core::ffi::CStr;

use syscalls::{Errno, Sysno};

use crate::{
    call,
    inits::{DRIVER, INITS, Init},
    process::{End, end_of, start},
    report::{Check, case, ensure},
};

/// What a filter may say.
const ERRORS: [Errno; 6] =
    [Errno::EPERM, Errno::ENOSYS, Errno::EINTR, Errno::EAGAIN, Errno::ENOMEM, Errno::EINVAL];

/// Where there are two forms of a call, 32-bit inits use the second.
#[cfg(target_pointer_width = "32")]
const FORMS: [Sysno; 7] = [
    Sysno::mmap2,
    Sysno::setgroups32,
    Sysno::setresgid32,
    Sysno::setresuid32,
    Sysno::fchown32,
    Sysno::getresgid32,
    Sysno::getresuid32,
];
#[cfg(target_pointer_width = "64")]
const FORMS: [Sysno; 7] = [
    Sysno::mmap,
    Sysno::setgroups,
    Sysno::setresgid,
    Sysno::setresuid,
    Sysno::fchown,
    Sysno::getresgid,
    Sysno::getresuid,
];

/// Every call of the inits except `execve`, which starts an init.
const CALLS: [(&str, Sysno); 40] = [
    ("chdir", Sysno::chdir),
    ("clone", Sysno::clone),
    ("close", Sysno::close),
    ("close_range", Sysno::close_range),
    ("exit_group", Sysno::exit_group),
    ("fchmod", Sysno::fchmod),
    ("fchown", FORMS[4]),
    ("fcntl", Sysno::fcntl),
    ("getpgid", Sysno::getpgid),
    ("getpid", Sysno::getpid),
    ("getppid", Sysno::getppid),
    ("getrandom", Sysno::getrandom),
    ("getresgid", FORMS[5]),
    ("getresuid", FORMS[6]),
    ("getsid", Sysno::getsid),
    ("ioctl", Sysno::ioctl),
    ("kill", Sysno::kill),
    ("lseek", Sysno::lseek),
    ("mmap", FORMS[0]),
    ("openat", Sysno::openat),
    ("ppoll", Sysno::ppoll),
    ("prctl", Sysno::prctl),
    ("pread64", Sysno::pread64),
    ("read", Sysno::read),
    ("renameat2", Sysno::renameat2),
    ("rt_sigaction", Sysno::rt_sigaction),
    ("rt_sigprocmask", Sysno::rt_sigprocmask),
    ("rt_sigtimedwait", Sysno::rt_sigtimedwait),
    ("sendfile", Sysno::sendfile),
    ("setgroups", FORMS[1]),
    ("setitimer", Sysno::setitimer),
    ("setpgid", Sysno::setpgid),
    ("setresgid", FORMS[2]),
    ("setresuid", FORMS[3]),
    ("setsid", Sysno::setsid),
    ("statx", Sysno::statx),
    ("unlinkat", Sysno::unlinkat),
    ("wait4", Sysno::wait4),
    ("waitid", Sysno::waitid),
    ("write", Sysno::write),
];

/// Calls that no init can start its child without.
const FATAL: [&str; 4] = ["clone", "rt_sigaction", "rt_sigprocmask", "wait4"];

/// Calls that the options of pid1 need.
const FATAL_TO_OPTIONS: [&str; 11] = [
    "chdir",
    "lseek",
    "mmap",
    "openat",
    "prctl",
    "pread64",
    "read",
    "setgroups",
    "setitimer",
    "setresgid",
    "setresuid",
];

/// Exit status of the child.
const STATUS: u8 = 7;

/// Refuses each call with each error, permanently.
pub(crate) fn all() {
    for init in &INITS {
        for (name, number) in CALLS {
            let check = ERRORS.iter().try_for_each(|errno| refused(init, name, number, *errno));
            case(format_args!("{}/refused/{name}", init.name()), check);
        }
    }
}

fn refused(init: &Init, name: &str, number: Sysno, errno: Errno) -> Check {
    let plain = [init.file, DRIVER, c"exit", c"7"];
    let with_options =
        [init.file, c"-t", c"9", c"-u", c"app", c"-w", c"/", c"-p", c"TERM", DRIVER, c"exit", c"7"];
    let has_options = init.name() == "pid1";
    let words: &[&CStr] = if has_options { &with_options } else { &plain };
    let end = end_of(start(words, || call::refuse(number, errno))?)?;
    let is_fatal = FATAL.contains(&name) || has_options && FATAL_TO_OPTIONS.contains(&name);
    // Whether a drop-in maps memory depends on its arguments, and whether dumb-init has a session on its parent.
    let may_be = !has_options && ["mmap", "setsid"].contains(&name);
    let is_trouble = troubles(init.name()).iter().any(|status| end == End::exited(*status));
    let runs = end == End::exited(STATUS);
    ensure!(if is_fatal { is_trouble } else { runs || may_be && is_trouble }, "{errno:?}: {end:?}");
    Ok(())
}

/// Exit statuses of an init that can't start its child.
fn troubles(init: &str) -> &'static [u8] {
    match init {
        "pid1" => &[125],
        "dumb-init" => &[1, 2],
        _ => &[1],
    }
}
