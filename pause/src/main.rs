//! Holds namespaces open until told to stop, at no cost: a pod's infrastructure container, or a network
//! namespace beside a routing daemon.

#![no_std]
#![no_main]

use mote_rt::{
    io, process,
    signal::Signal,
    stack::InitialStack,
    sys::{self, SigAction},
};

mote_rt::entry!(main);

/// What `-v` prints.
const VERSION: &str = concat!("pause ", env!("CARGO_PKG_VERSION"), "\n");
const VERSION_BYTES: &[u8; VERSION.len()] = VERSION.as_bytes().first_chunk().expect("its own length");

extern "C" fn main(stack: InitialStack) -> ! {
    if asks_for_version(stack) {
        sys::exit(io::print(VERSION_BYTES));
        process::trap();
    }

    // From here on nothing is fatal: what can't be had is done without, since a namespace hangs on us.

    // The kernel drops signals to PID 1 that have no handler. Handlers come before the mask is opened, which
    // lets in what was sent while whoever started this had signals blocked.
    let mut action = SigAction::handle(end);
    let _ = sys::sigaction(Signal::TERM, &action);
    let _ = sys::sigaction(Signal::INT, &action);
    let _ = sys::set_signal_mask(action.mask());

    // Keep no mount busy.
    let _ = sys::chdir(c"/");

    // From now on the kernel reaps whoever dies. Those who were dead already wait for us, once.
    action.ignore();
    let _ = sys::sigaction(Signal::CHLD, &action);
    while sys::reap() {}

    loop {
        // Neither call returns, because no handler does, unless a filter refuses it. Yielding is for when both
        // are refused: it keeps a CPU busy, but whoever wants to run goes first.
        sys::sleep();
        sys::sigsuspend(action.mask());
        sys::sched_yield();
    }
}

/// Whether the first argument is `-v` or `--version`. No other counts, and an unknown one is not an error:
/// engines pass odd ones.
fn asks_for_version(stack: InitialStack) -> bool {
    stack.arg(1).is_some_and(|argument| argument == *c"-v" || argument == *c"--version")
}

/// The handler of the signals that end it.
extern "C" fn end(_signal: i32) {
    process::exit(0)
}
