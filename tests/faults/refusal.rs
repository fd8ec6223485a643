//! A system call that is refused: whose, which, when and with what.

use std::fmt;

use nix::errno::Errno;

/// The errors that each call is refused with.
pub(crate) const ERRORS: [Errno; 6] =
    [Errno::EPERM, Errno::ENOSYS, Errno::EINTR, Errno::EAGAIN, Errno::ENOMEM, Errno::EINVAL];

/// Whose call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Who {
    /// The program's.
    Init,
    /// Its first child's, until that has become COMMAND.
    Child,
    /// Both of them, as a filter does it.
    Both,
}

impl Who {
    /// Whether it means this one.
    pub(crate) fn covers(self, one: Self) -> bool {
        self == one || self == Self::Both
    }
}

/// Which of the calls of that name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum When {
    /// This one, counted from 1.
    Once(usize),
    /// Every one.
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

/// What is refused.
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
