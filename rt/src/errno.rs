//! The kernel's error numbers.

use core::num::NonZeroU32;

use linux_raw_sys::errno;

/// An error of a system call, as in errno(3).
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Errno(NonZeroU32);

impl Errno {
    /// Operation not permitted.
    pub const EPERM: Self = Self::known(errno::EPERM);
    /// No such file or directory.
    pub const ENOENT: Self = Self::known(errno::ENOENT);
    /// No such process.
    pub const ESRCH: Self = Self::known(errno::ESRCH);
    /// Interrupted system call.
    pub const EINTR: Self = Self::known(errno::EINTR);
    /// Argument list too long.
    pub const E2BIG: Self = Self::known(errno::E2BIG);
    /// Exec format error.
    pub const ENOEXEC: Self = Self::known(errno::ENOEXEC);
    /// No child processes.
    pub const ECHILD: Self = Self::known(errno::ECHILD);
    /// Resource temporarily unavailable.
    pub const EAGAIN: Self = Self::known(errno::EAGAIN);
    /// Not enough memory.
    pub const ENOMEM: Self = Self::known(errno::ENOMEM);
    /// Permission denied.
    pub const EACCES: Self = Self::known(errno::EACCES);
    /// No such device.
    pub const ENODEV: Self = Self::known(errno::ENODEV);
    /// Not a directory.
    pub const ENOTDIR: Self = Self::known(errno::ENOTDIR);
    /// Invalid argument.
    pub const EINVAL: Self = Self::known(errno::EINVAL);
    /// Text file busy.
    pub const ETXTBSY: Self = Self::known(errno::ETXTBSY);
    /// No space left on device.
    pub const ENOSPC: Self = Self::known(errno::ENOSPC);
    /// Function not implemented.
    pub const ENOSYS: Self = Self::known(errno::ENOSYS);
    /// Too many levels of symbolic links.
    pub const ELOOP: Self = Self::known(errno::ELOOP);
    /// Can't access a needed shared library, or an interpreter.
    pub const ELIBACC: Self = Self::known(errno::ELIBACC);
    /// Connection timed out.
    pub const ETIMEDOUT: Self = Self::known(errno::ETIMEDOUT);
    /// Stale file handle.
    pub const ESTALE: Self = Self::known(errno::ESTALE);

    const fn known(number: u32) -> Self {
        Self::new(number).expect("an error number is not 0")
    }

    /// Returns the error with this number, unless it is 0.
    pub const fn new(number: u32) -> Option<Self> {
        match NonZeroU32::new(number) {
            Some(number) => Some(Self(number)),
            None => None,
        }
    }

    /// Returns the number, which is positive.
    #[inline(always)]
    pub const fn number(self) -> u32 {
        self.0.get()
    }

    /// Splits the value that a system call returns: its last 4095 values are negated errors (`MAX_ERRNO` of the
    /// kernel's `include/linux/err.h`).
    #[inline(always)]
    pub(crate) const fn result(returned: usize) -> Result<usize, Self> {
        if returned > -4096_isize as usize
            && let Err(error) = Self::unit_result(returned)
        {
            return Err(error);
        }
        Ok(returned)
    }

    /// Splits the value of a system call that returns an `int`, which is not negative if it succeeds.
    #[inline(always)]
    pub(crate) const fn int_result(returned: usize) -> Result<usize, Self> {
        if (returned as i32) < 0
            && let Err(error) = Self::unit_result(returned)
        {
            return Err(error);
        }
        Ok(returned)
    }

    /// Splits the value of a system call that returns 0 if it succeeds.
    #[inline(always)]
    pub(crate) const fn unit_result(returned: usize) -> Result<(), Self> {
        match NonZeroU32::new((returned as u32).wrapping_neg()) {
            Some(number) => Err(Self(number)),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_4095_values_are_errors() {
        assert_eq!(Errno::result(0), Ok(0));
        assert_eq!(Errno::result(usize::MAX), Err(Errno::EPERM));
        assert_eq!(Errno::result(-4095_isize as usize), Err(Errno::known(4095)));
        assert_eq!(Errno::result(-4096_isize as usize), Ok(-4096_isize as usize));
    }
}
