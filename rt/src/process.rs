//! The end of the process.

use crate::{arch, sys};

/// Ends the process with `status`, of which the kernel keeps the low eight bits.
///
/// seccomp may refuse the calls that end a process. Then each is tried once, and the last resort is a fault, which
/// seccomp can't refuse: a process that can't exit must not spin.
#[inline(never)]
pub fn exit(status: i32) -> ! {
    sys::exit_group(status);
    sys::exit(status);
    trap()
}

/// Ends the process with a fault signal, which the kernel delivers even to PID 1.
#[inline(always)]
pub fn trap() -> ! {
    arch::trap()
}
