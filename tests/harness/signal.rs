//! Signals by name: all 64 of Linux, of which the C library names 31.

use std::fmt;
use std::str::FromStr;

use anyhow::{Context, Result, ensure};
use nix::errno::Errno;
use nix::libc;

/// A signal. It is shown as `SIGTERM`, as `SIGRTMIN+6`, or as `SIG32` and `SIG33`, which have no name.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Signal(i32);

/// The first real-time signal to C libraries, which keep the kernel's first two to themselves.
const RTMIN: i32 = 34;

/// The last signal.
const LAST: i32 = 64;

macro_rules! standard_signals {
    ($($name:ident)*) => {
        $(
            #[doc = concat!("`", stringify!($name), "`, see signal(7).")]
            pub const $name: Signal = Signal(libc::$name);
        )*
        const NAMES: &[(&str, Signal)] = &[$((stringify!($name), $name)),*];
    };
}

standard_signals! {
    SIGHUP SIGINT SIGQUIT SIGILL SIGTRAP SIGABRT SIGBUS SIGFPE SIGKILL SIGUSR1 SIGSEGV SIGUSR2 SIGPIPE SIGALRM SIGTERM
    SIGSTKFLT SIGCHLD SIGCONT SIGSTOP SIGTSTP SIGTTIN SIGTTOU SIGURG SIGXCPU SIGXFSZ SIGVTALRM SIGPROF SIGWINCH SIGIO
    SIGPWR SIGSYS
}

impl Signal {
    /// Returns `SIGRTMIN+offset`, with an offset of at most 30.
    pub const fn rtmin(offset: i32) -> Self {
        assert!(0 <= offset && RTMIN + offset <= LAST);
        Self(RTMIN + offset)
    }

    /// Returns all 64 signals in the order of their numbers.
    pub fn all() -> impl DoubleEndedIterator<Item = Self> + Clone {
        (1..=LAST).map(Self)
    }

    /// Returns the signal's number.
    pub const fn number(self) -> i32 {
        self.0
    }

    /// Returns the exit status of an init whose child was killed by the signal, which is that of a shell.
    pub const fn status(self) -> i32 {
        128 + self.0
    }

    /// Returns the signal's bit in the sets of `/proc/PID/status`.
    pub const fn bit(self) -> u64 {
        1 << (self.0 - 1)
    }
}

impl fmt::Display for Signal {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match NAMES.iter().find(|(_, signal)| signal == self) {
            Some((name, _)) => formatter.write_str(name),
            None if self.0 >= RTMIN => write!(formatter, "SIGRTMIN+{}", self.0 - RTMIN),
            None => write!(formatter, "SIG{}", self.0),
        }
    }
}

impl fmt::Debug for Signal {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, formatter)
    }
}

/// Parses what [`fmt::Display`] writes, and numbers.
impl FromStr for Signal {
    type Err = anyhow::Error;

    fn from_str(text: &str) -> Result<Self> {
        if let Some((_, signal)) = NAMES.iter().find(|(name, _)| *name == text) {
            return Ok(*signal);
        }
        let number = match text.strip_prefix("SIGRTMIN+") {
            Some(offset) => offset.parse().map(|offset: i32| RTMIN + offset),
            None => text.strip_prefix("SIG").unwrap_or(text).parse(),
        };
        let number = number.with_context(|| format!("{text}: not a signal"))?;
        ensure!((1..=LAST).contains(&number), "{text}: not a signal");
        Ok(Self(number))
    }
}

impl From<nix::sys::signal::Signal> for Signal {
    fn from(signal: nix::sys::signal::Signal) -> Self {
        Self(signal as i32)
    }
}

/// For signals without a name, and for comparisons with programs that show numbers.
impl From<i32> for Signal {
    fn from(number: i32) -> Self {
        assert!((1..=LAST).contains(&number), "{number}: not a signal");
        Self(number)
    }
}

/// Sends a signal to a process.
///
/// # Errors
/// If there is no such process.
pub fn send(pid: i32, signal: impl Into<Signal>) -> Result<()> {
    let signal = signal.into();
    // SAFETY: takes numbers and no pointer.
    Errno::result(unsafe { libc::kill(pid, signal.number()) }).with_context(|| signal.to_string())?;
    Ok(())
}
