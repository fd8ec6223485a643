//! The system-call numbers in use, each checked at compile time.
//!
//! Three crates are compared: `syscalls` (generated from the kernel's tables), `linux-raw-sys` (bindgen over its
//! headers) and `sc` (written by hand; it compiles on x86_64, aarch64 and riscv64 only). A number on which they
//! disagree does not compile.

/// Declares `NAME` with the number of the system call `name`.
macro_rules! numbers {
    ($($(#[$attribute:meta])* $name:ident = $call:ident, $raw:ident $(, $sc:ident)?;)*) => {$(
        $(#[$attribute])*
        pub(crate) const $name: usize = {
            let number = syscalls::Sysno::$call as usize;
            assert!(
                number == linux_raw_sys::general::$raw as usize,
                concat!("syscalls and linux-raw-sys disagree on the number of ", stringify!($call)),
            );
            $(
                #[cfg(any(target_arch = "x86_64", target_arch = "aarch64", target_arch = "riscv64"))]
                assert!(
                    number == sc::nr::$sc,
                    concat!("syscalls and sc disagree on the number of ", stringify!($call)),
                );
            )?
            number
        };
    )*};
}

numbers! {
    CHDIR = chdir, __NR_chdir, CHDIR;
    CLONE = clone, __NR_clone, CLONE;
    CLOSE = close, __NR_close, CLOSE;
    EXECVE = execve, __NR_execve, EXECVE;
    FCHMOD = fchmod, __NR_fchmod, FCHMOD;
    FCNTL = fcntl, __NR_fcntl, FCNTL;
    GETPGID = getpgid, __NR_getpgid, GETPGID;
    GETPID = getpid, __NR_getpid, GETPID;
    GETPPID = getppid, __NR_getppid, GETPPID;
    GETSID = getsid, __NR_getsid, GETSID;
    IOCTL = ioctl, __NR_ioctl, IOCTL;
    KILL = kill, __NR_kill, KILL;
    LSEEK = lseek, __NR_lseek, LSEEK;
    OPENAT = openat, __NR_openat, OPENAT;
    PPOLL = ppoll, __NR_ppoll, PPOLL;
    PREAD64 = pread64, __NR_pread64, PREAD64;
    PRCTL = prctl, __NR_prctl, PRCTL;
    READ = read, __NR_read, READ;
    RT_SIGTIMEDWAIT = rt_sigtimedwait, __NR_rt_sigtimedwait, RT_SIGTIMEDWAIT;
    SENDFILE = sendfile, __NR_sendfile, SENDFILE;
    SETITIMER = setitimer, __NR_setitimer, SETITIMER;
    SETPGID = setpgid, __NR_setpgid, SETPGID;
    SETSID = setsid, __NR_setsid, SETSID;
    UNLINKAT = unlinkat, __NR_unlinkat, UNLINKAT;
    EXIT = exit, __NR_exit, EXIT;
    EXIT_GROUP = exit_group, __NR_exit_group, EXIT_GROUP;
    RT_SIGACTION = rt_sigaction, __NR_rt_sigaction, RT_SIGACTION;
    RT_SIGPROCMASK = rt_sigprocmask, __NR_rt_sigprocmask, RT_SIGPROCMASK;
    SCHED_YIELD = sched_yield, __NR_sched_yield, SCHED_YIELD;
    WAITID = waitid, __NR_waitid, WAITID;
    WAIT4 = wait4, __NR_wait4, WAIT4;
    WRITE = write, __NR_write, WRITE;
}

// Newer architectures have the kernel's generic table of system calls, which lacks it.
#[cfg(any(target_arch = "x86_64", target_arch = "x86", target_arch = "arm"))]
numbers! {
    PAUSE = pause, __NR_pause, PAUSE;
}

// `sc` is older than these calls, or lacks them on one architecture.
numbers! {
    CLOSE_RANGE = close_range, __NR_close_range;
    GETRANDOM = getrandom, __NR_getrandom;
    RENAMEAT2 = renameat2, __NR_renameat2;
    STATX = statx, __NR_statx;
}

// Where a call has two forms, the first one takes 16-bit IDs, 32-bit offsets or 32-bit times. A kernel may lack those
// with 32-bit times (CONFIG_COMPAT_32BIT_TIME), and before Linux 5.1 those with 64-bit times.
#[cfg(any(target_arch = "x86", target_arch = "arm"))]
numbers! {
    PPOLL_TIME64 = ppoll_time64, __NR_ppoll_time64;
    RT_SIGTIMEDWAIT_TIME64 = rt_sigtimedwait_time64, __NR_rt_sigtimedwait_time64;
    FCHOWN = fchown32, __NR_fchown32;
    GETRESGID = getresgid32, __NR_getresgid32;
    GETRESUID = getresuid32, __NR_getresuid32;
    MMAP = mmap2, __NR_mmap2;
    SETRESGID = setresgid32, __NR_setresgid32;
    SETGROUPS = setgroups32, __NR_setgroups32;
    SETRESUID = setresuid32, __NR_setresuid32;
}
#[cfg(not(any(target_arch = "x86", target_arch = "arm")))]
numbers! {
    PPOLL_TIME64 = ppoll, __NR_ppoll, PPOLL;
    RT_SIGTIMEDWAIT_TIME64 = rt_sigtimedwait, __NR_rt_sigtimedwait, RT_SIGTIMEDWAIT;
    FCHOWN = fchown, __NR_fchown, FCHOWN;
    GETRESGID = getresgid, __NR_getresgid, GETRESGID;
    GETRESUID = getresuid, __NR_getresuid, GETRESUID;
    MMAP = mmap, __NR_mmap, MMAP;
    SETRESGID = setresgid, __NR_setresgid, SETRESGID;
    SETGROUPS = setgroups, __NR_setgroups, SETGROUPS;
    SETRESUID = setresuid, __NR_setresuid, SETRESUID;
}
