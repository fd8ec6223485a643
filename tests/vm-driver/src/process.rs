//! Starting programs, and learning how they end.

use core::{
    ffi::{CStr, c_char},
    fmt, ptr,
};

use mote_rt::{
    process,
    signal::{self, SigSet, Signal},
    sys::{self, Pid},
};

use crate::{
    call,
    report::{self, Check, Text, ensure},
};

/// Long enough for the slowest machine, in milliseconds; a case that passes never waits for it.
pub(crate) const PATIENCE: u64 = 30_000;

/// How a process ended.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct End(u32);

impl End {
    /// By itself, with this status.
    pub(crate) const fn exited(status: u8) -> Self {
        Self((status as u32) << 8)
    }
}

impl fmt::Debug for End {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 & 0x7f {
            0 => write!(formatter, "status {}", self.0 >> 8),
            signal => write!(formatter, "signal {signal}"),
        }
    }
}

/// Forks; what the child returns is its status.
pub(crate) fn fork(child: impl FnOnce() -> i32) -> Check<Pid> {
    match sys::fork() {
        Ok(0) => process::end(child()),
        Ok(pid) => Ok(pid),
        Err(error) => Err(Text::of(format_args!("fork: errno {}", error.number()))),
    }
}

/// Starts a program as process 1 of a new PID namespace. Before, it does what `prepare` says.
pub(crate) fn start(words: &[&CStr], prepare: impl FnOnce()) -> Check<Pid> {
    match call::fork_into_namespace() {
        Ok(0) => {
            prepare();
            execute(words)
        }
        Ok(pid) => Ok(pid),
        Err(error) => Err(Text::of(format_args!("clone: {error:?}"))),
    }
}

/// Becomes a program, with no signal blocked.
fn execute(words: &[&CStr]) -> ! {
    let mut pointers = [ptr::null::<c_char>(); 16];
    assert!(words.len() < pointers.len());
    for (slot, word) in pointers.iter_mut().zip(words) {
        *slot = word.as_ptr();
    }
    let _ = sys::set_signal_mask(&SigSet { sig: [0; _] });
    let error = words.first().map(|file| call::execve(file, &pointers, &[ptr::null()]));
    report::line(format_args!("# {words:?}: {error:?}"));
    process::end(100)
}

/// Waits for the end of a child, longer than for anything that happens in it.
pub(crate) fn end_of(pid: Pid) -> Check<End> {
    let start = call::now();
    while call::now() - start < 4 * PATIENCE {
        match call::reap(pid) {
            Ok(Some(status)) => return Ok(End(status)),
            Ok(None) => {}
            Err(error) => return Err(Text::of(format_args!("wait4: {error:?}"))),
        }
        // It may have come for another one before.
        let _ = call::take_signal(&signal::set_of(&[Signal::CHLD]), 10);
    }
    let _ = sys::kill(pid, Signal::KILL);
    Err(Text::of(format_args!("it doesn't end")))
}

/// Runs a program as process 1 of a new PID namespace to its end.
pub(crate) fn run(words: &[&CStr]) -> Check<End> {
    end_of(start(words, || {})?)
}

/// Expects a program to end with this status.
pub(crate) fn exits(words: &[&CStr], status: u8) -> Check {
    report::same("end", run(words)?, End::exited(status))
}

/// Waits for a condition.
pub(crate) fn until(what: &str, mut holds: impl FnMut() -> bool) -> Check {
    let start = call::now();
    while !holds() {
        ensure!(call::now() - start < PATIENCE, "waited in vain for {what}");
        call::sleep(1);
    }
    Ok(())
}
