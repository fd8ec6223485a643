//! The kernel's error numbers.

use core::num::NonZeroU32;

use linux_raw_sys::errno;

/// Why a system call failed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Errno(NonZeroU32);

impl Errno {
    /// Permission denied.
    pub const EACCES: Self = Self::new(errno::EACCES);
    /// No child.
    pub const ECHILD: Self = Self::new(errno::ECHILD);
    /// No such value is allowed.
    pub const EINVAL: Self = Self::new(errno::EINVAL);
    /// No such file.
    pub const ENOENT: Self = Self::new(errno::ENOENT);
    /// No memory.
    pub const ENOMEM: Self = Self::new(errno::ENOMEM);
    /// Not in a format that can be executed.
    pub const ENOEXEC: Self = Self::new(errno::ENOEXEC);
    /// Not a folder.
    pub const ENOTDIR: Self = Self::new(errno::ENOTDIR);
    /// No such process.
    pub const ESRCH: Self = Self::new(errno::ESRCH);

    /// The error of this number, which is not 0.
    pub const fn new(number: u32) -> Self {
        match NonZeroU32::new(number) {
            Some(number) => Self(number),
            None => panic!("no error has the number 0"),
        }
    }

    /// Splits the kernel's answer: the last 4095 values of the range are errors, negated
    /// (`include/linux/err.h`, `MAX_ERRNO`).
    #[inline(always)]
    pub(crate) const fn check(answer: usize) -> Result<usize, Self> {
        if answer > -4096_isize as usize
            && let Err(error) = Self::done(answer)
        {
            return Err(error);
        }
        Ok(answer)
    }

    /// The same for a call that answers nothing but 0 if it succeeds.
    #[inline(always)]
    pub(crate) const fn done(answer: usize) -> Result<(), Self> {
        match NonZeroU32::new((answer as u32).wrapping_neg()) {
            Some(number) => Err(Self(number)),
            None => Ok(()),
        }
    }

    /// The number, which is positive.
    #[inline(always)]
    pub const fn number(self) -> u32 {
        self.0.get()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_split_at_the_largest_errno() {
        assert_eq!(Errno::check(0), Ok(0));
        assert_eq!(Errno::check(usize::MAX), Err(Errno::new(1)));
        assert_eq!(Errno::check(-4095_isize as usize), Err(Errno::new(4095)));
        assert_eq!(Errno::check(-4096_isize as usize), Ok(-4096_isize as usize));
    }
}
