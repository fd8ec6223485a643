//! Process IDs and wait statuses.

use core::num::NonZeroI32;

use crate::Signal;

/// The ID of a process or of a process group: positive, so that neither an error nor a number with a special meaning
/// to kill(2) is one.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Pid(NonZeroI32);

impl Pid {
    /// PID 1, the init of a PID namespace.
    pub const INIT: Self = Self::new(1).expect("1 is positive");

    /// Returns the ID with this number if it is positive.
    #[inline(always)]
    pub const fn new(number: i32) -> Option<Self> {
        if number <= 0 {
            return None;
        }
        match NonZeroI32::new(number) {
            Some(number) => Some(Self(number)),
            None => None,
        }
    }

    /// Returns the number.
    #[inline(always)]
    pub const fn as_raw(self) -> i32 {
        self.0.get()
    }
}

/// How a child ended, in the encoding of wait(2).
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct WaitStatus(u32);

impl WaitStatus {
    /// Returns the status with this encoding.
    pub const fn from_raw(status: u32) -> Self {
        Self(status)
    }

    /// Returns the status of a child that exited with `status`.
    pub const fn exited(status: u8) -> Self {
        Self((status as u32) << 8)
    }

    /// Returns whether the child is only stopped, as a traced one may be reported (`WIFSTOPPED`).
    #[inline(always)]
    pub const fn is_stopped(self) -> bool {
        self.0 as u8 == 0x7f
    }

    /// Returns the signal that killed the child, if one did (`WTERMSIG`).
    #[inline(always)]
    pub const fn terminating_signal(self) -> Option<Signal> {
        Signal::new(self.0 & 0x7f)
    }

    /// Returns the exit status of a child that no signal killed (`WEXITSTATUS`).
    #[inline(always)]
    pub const fn exit_status(self) -> u8 {
        (self.0 >> 8) as u8
    }

    /// Returns the exit status in the encoding of shells: 128 + n for signal n.
    #[inline(always)]
    pub const fn shell_status(self) -> u8 {
        match self.terminating_signal() {
            Some(signal) => 128 + signal.number(),
            None => self.exit_status(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_positive_numbers_are_pids() {
        for number in [i32::MIN, -4095, -1, 0] {
            assert_eq!(Pid::new(number), None);
        }
        assert_eq!(Pid::new(1), Some(Pid::INIT));
        assert_eq!(Pid::new(i32::MAX).map(Pid::as_raw), Some(i32::MAX));
    }

    #[test]
    fn statuses_are_encoded_as_shells_do() {
        for status in 0..=u8::MAX {
            assert_eq!(WaitStatus::exited(status).shell_status(), status);
            assert_eq!(WaitStatus::exited(status).terminating_signal(), None);
        }
        let (killed, dumped) = (WaitStatus::from_raw(15), WaitStatus::from_raw(11 | 0x80));
        assert_eq!((killed.shell_status(), killed.terminating_signal()), (143, Some(Signal::TERM)));
        assert_eq!(dumped.shell_status(), 139);
        assert!(WaitStatus::from_raw(0x137f).is_stopped() && !killed.is_stopped());
    }
}
