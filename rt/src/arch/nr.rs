//! The system-call numbers in use, each checked when it is compiled.
//!
//! Three tables from three projects are asked: `syscalls` (generated from the kernel's tables),
//! `linux-raw-sys` (bindgen over its headers), `sc` (typed in by hand, and compiles on x86_64, aarch64 and
//! riscv64 alone). A number that they disagree on does not compile.

/// Declares `NAME` with the number of the system call `name`.
macro_rules! numbers {
    ($($(#[$attribute:meta])* $name:ident = $call:ident, $raw:ident, $sc:ident;)*) => {$(
        $(#[$attribute])*
        pub(crate) const $name: usize = {
            let number = syscalls::Sysno::$call as usize;
            assert!(
                number == linux_raw_sys::general::$raw as usize,
                concat!("syscalls and linux-raw-sys disagree on the number of ", stringify!($call)),
            );
            #[cfg(any(target_arch = "x86_64", target_arch = "aarch64", target_arch = "riscv64"))]
            assert!(
                number == sc::nr::$sc,
                concat!("syscalls and sc disagree on the number of ", stringify!($call)),
            );
            number
        };
    )*};
}

numbers! {
    CHDIR = chdir, __NR_chdir, CHDIR;
    EXIT = exit, __NR_exit, EXIT;
    EXIT_GROUP = exit_group, __NR_exit_group, EXIT_GROUP;
    PPOLL = ppoll, __NR_ppoll, PPOLL;
    RT_SIGACTION = rt_sigaction, __NR_rt_sigaction, RT_SIGACTION;
    RT_SIGPROCMASK = rt_sigprocmask, __NR_rt_sigprocmask, RT_SIGPROCMASK;
    SCHED_YIELD = sched_yield, __NR_sched_yield, SCHED_YIELD;
    WAIT4 = wait4, __NR_wait4, WAIT4;
    WRITE = write, __NR_write, WRITE;
}

// The generic table of system calls, which newer architectures have, is without it.
#[cfg(any(target_arch = "x86_64", target_arch = "x86", target_arch = "arm"))]
numbers! {
    PAUSE = pause, __NR_pause, PAUSE;
}
