//! How a program ended.

use std::fmt;
use std::os::unix::process::ExitStatusExt;
use std::process::ExitStatus;

use anyhow::{Context, Result, bail};
use nix::sys::signal::Signal;

/// The end of a program.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// It exited with this status.
    Exited(i32),
    /// This signal killed it.
    Killed(Signal),
}

impl End {
    /// Converts the status that wait(2) returned.
    ///
    /// # Errors
    /// If the signal has no name.
    pub fn of(status: ExitStatus) -> Result<Self> {
        match (status.code(), status.signal()) {
            (Some(code), _) => Ok(Self::Exited(code)),
            (None, Some(signal)) => Ok(Self::Killed(Signal::try_from(signal)?)),
            (None, None) => bail!("{status}"),
        }
    }

    /// Returns whether it was killed by a signal that the kernel raises for a fault.
    pub fn is_fault(self) -> bool {
        use Signal::{SIGBUS, SIGILL, SIGSEGV, SIGTRAP};
        matches!(self, Self::Killed(SIGBUS | SIGILL | SIGSEGV | SIGTRAP))
    }
}

/// The whole output of a program, and its end.
#[derive(Clone, PartialEq, Eq)]
pub struct Outcome {
    /// Standard output, if it was not redirected.
    pub stdout: Vec<u8>,
    /// Standard error.
    pub stderr: Vec<u8>,
    /// How it ended.
    pub end: End,
}

impl Outcome {
    /// Returns the outcome of a program that writes `stdout`, nothing else, and exits with `status`.
    pub fn exited(stdout: &str, status: i32) -> Self {
        Self { stdout: stdout.into(), stderr: Vec::new(), end: End::Exited(status) }
    }

    /// Expects the same output and the same end.
    ///
    /// # Errors
    /// If any byte or the end differs.
    pub fn is(&self, expected: &Self) -> Result<()> {
        same(self, expected)
    }
}

impl fmt::Debug for Outcome {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Outcome")
            .field("stdout", &String::from_utf8_lossy(&self.stdout))
            .field("stderr", &String::from_utf8_lossy(&self.stderr))
            .field("end", &self.end)
            .finish()
    }
}

/// Expects two equal values.
///
/// # Errors
/// If they differ. The message shows both.
pub fn same<T: PartialEq + fmt::Debug>(actual: T, expected: T) -> Result<()> {
    if actual == expected { Ok(()) } else { bail!("expected {expected:?}\n     got {actual:?}") }
}

/// Returns `bytes` as a string.
///
/// # Errors
/// If it isn't UTF-8.
pub fn text(bytes: &[u8]) -> Result<&str> {
    std::str::from_utf8(bytes).context("not UTF-8")
}
