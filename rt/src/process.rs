//! The end of the process.

use crate::{arch, sys};

/// Ends the process with `status`, of which the kernel keeps the low eight bits.
///
/// A filter (seccomp) may refuse the calls that end a process. Then each is tried once, and last comes a
/// fault, which nothing can refuse: a process that can't leave must not spin.
#[inline(always)]
pub fn exit(status: i32) -> ! {
    sys::exit_group(status);
    sys::exit(status);
    trap()
}

/// [`exit`] out of line, for a program that ends in several places.
#[inline(never)]
pub fn end(status: i32) -> ! {
    exit(status)
}

/// Ends a process of one thread with `status`, by a single system call and nothing behind it.
///
/// For a program that has nothing to lose. Should a filter refuse even that call, whatever follows in memory
/// is executed: the linker script puts code last in the file, and the kernel fills the page with zeros, on
/// which every architecture faults, at once or at the end of the page.
#[inline(always)]
pub fn exit_bare(status: i32) -> ! {
    arch::exit(status)
}

/// Ends the process by a fault signal, which the kernel delivers even to PID 1.
#[inline(always)]
pub fn trap() -> ! {
    arch::trap()
}
