//! A refused system call: of which process, which call, which occurrence and with which error.

use std::fmt;

use nix::errno::Errno;

/// Errors that each call is refused with.
pub(crate) const ERRORS: [Errno; 6] =
    [Errno::EPERM, Errno::ENOSYS, Errno::EINTR, Errno::EAGAIN, Errno::ENOMEM, Errno::EINVAL];

/// The process that makes the call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Who {
    /// The program under test.
    Init,
    /// Its first child before execve(2).
    Child,
    /// Both, as with a seccomp filter.
    Both,
}

impl Who {
    /// Returns whether it includes `one`.
    pub(crate) fn covers(self, one: Self) -> bool {
        self == one || self == Self::Both
    }
}

/// The occurrences of the call that are refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum When {
    /// One, counted from 1.
    Once(usize),
    /// All.
    Always,
}

impl When {
    pub(crate) fn is_at(self, count: usize) -> bool {
        match self {
            Self::Once(number) => count == number,
            Self::Always => true,
        }
    }
}

/// A refusal.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Refusal {
    pub(crate) who: Who,
    pub(crate) call: &'static str,
    pub(crate) when: When,
    pub(crate) errno: Errno,
}

impl fmt::Display for Refusal {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { who, call, when, errno } = self;
        write!(formatter, "{call} of {who:?} {when:?} {errno:?}")
    }
}
