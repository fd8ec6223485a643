//! Sleeps until it gets SIGTERM or SIGINT. It holds namespaces open: as the infrastructure container of a pod, or
//! beside a routing daemon or a VPN.
//!
//! This crate is a program and has no library. Its command line follows the manual page pause(1); nothing else here is
//! stable.
//!
//! ```text
//! $ pause -v
//! pause 0.1.0
//! ```

#![no_std]
#![no_main]

use mote_rt::{
    Args, InitialStack, Signal, SignalSet, io, process,
    sys::{self, SigAction},
    text,
};

mote_rt::entry!(main);

/// The output of `-v` and `--version`.
const VERSION: &str = concat!("pause ", env!("CARGO_PKG_VERSION"), "\n");
const VERSION_BYTES: &[u8; VERSION.len()] = VERSION.as_bytes().first_chunk().expect("its own length");

extern "C" fn main(stack: InitialStack) -> ! {
    let (standalone, args) = stack.into_args();
    if wants_version(&args) {
        process::exit(io::print(VERSION_BYTES));
    }

    // From here on no error is fatal: a namespace depends on this process.

    // With SIGCHLD ignored the kernel reaps children, and this process does not wake up for them.
    let _ = sys::sigaction(standalone, Signal::CHLD, &SigAction::ignore());
    // The kernel drops signals to PID 1 that have no handler.
    let exit = SigAction::handler(exit_successfully);
    let _ = sys::sigaction(standalone, Signal::TERM, &exit);
    let _ = sys::sigaction(standalone, Signal::INT, &exit);
    // The mask is inherited. Signals that are already pending are delivered here.
    let _ = sys::sigprocmask(SignalSet::EMPTY);

    // A working directory can't be unmounted.
    let _ = sys::chdir(text!("/"));

    // Children that were zombies before SIGCHLD was ignored stay zombies.
    let _ = sys::reap_zombies();

    loop {
        // No handler returns, so this returns only if seccomp refuses every way to sleep.
        sys::pause();
        // Keeps a CPU busy, but lets every other process run first.
        sys::sched_yield();
    }
}

/// Returns whether the first argument is `-v` or `--version`. Other arguments are ignored, since engines and users pass
/// some.
fn wants_version(args: &Args) -> bool {
    args.get(1).is_some_and(|argument| argument == text!("-v") || argument == text!("--version"))
}

/// Handles the signals that end the program.
extern "C" fn exit_successfully(_signal: i32) -> ! {
    process::exit(0)
}
