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

/// SIGCHLD, then the signals that end it, then zero: the bytes of one number, which needs no memory.
const SIGNALS: u32 =
    u32::from_le_bytes([Signal::CHLD.number(), Signal::TERM.number(), Signal::INT.number(), 0]);

extern "C" fn main(stack: InitialStack) -> ! {
    if asks_for_version(stack) {
        sys::exit(io::print(VERSION_BYTES));
        process::trap();
    }

    // From here on nothing is fatal: what can't be had is done without, since a namespace hangs on us.

    // With SIGCHLD ignored the kernel reaps whoever dies. The others need a handler, without which it drops them
    // as long as we are PID 1.
    let mut action = SigAction::ignore();
    let mut signals = SIGNALS;
    while signals != 0 {
        let _ = sys::sigaction(Signal::new(signals as u8), &action);
        action.call(end);
        signals >>= 8;
    }
    // This lets in what was sent while whoever started us had signals blocked.
    let _ = sys::set_signal_mask(action.mask());

    // Keep no mount busy.
    let _ = sys::chdir(c"/".into());

    // Those who were dead before SIGCHLD was ignored wait for us, once.
    while sys::reap() {}

    loop {
        // This does not return, because no handler does, unless a filter refuses every way to sleep. Then
        // yielding keeps a CPU busy, but whoever wants to run goes first.
        sys::sleep();
        sys::sched_yield();
    }
}

/// Whether the first argument is `-v` or `--version`. No other counts, and an unknown one is not an error:
/// engines pass odd ones.
fn asks_for_version(stack: InitialStack) -> bool {
    stack.first_argument().is_some_and(|argument| {
        let is_long = argument.second_byte() == b'-';
        argument == *if is_long { c"--version" } else { c"-v" }
    })
}

/// The handler of the signals that end it.
extern "C" fn end(_signal: i32) {
    process::exit(0)
}
