//! The kernel's error numbers.

use core::ffi::CStr;

use linux_raw_sys::errno;

/// Why a system call failed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Errno(u16);

impl Errno {
    /// Permission denied.
    pub const EACCES: Self = Self(errno::EACCES as u16);
    /// A name is too long.
    pub const ENAMETOOLONG: Self = Self(errno::ENAMETOOLONG as u16);
    /// No such file.
    pub const ENOENT: Self = Self(errno::ENOENT as u16);
    /// Not in a format that can be executed.
    pub const ENOEXEC: Self = Self(errno::ENOEXEC as u16);
    /// Not a folder.
    pub const ENOTDIR: Self = Self(errno::ENOTDIR as u16);
    /// No such process.
    pub const ESRCH: Self = Self(errno::ESRCH as u16);

    /// Splits the kernel's answer: the last 4095 values of the range are errors, negated
    /// (`include/linux/err.h`, `MAX_ERRNO`).
    #[inline(always)]
    pub(crate) const fn check(answer: usize) -> Result<usize, Self> {
        if answer > -4096_isize as usize { Err(Self(answer.wrapping_neg() as u16)) } else { Ok(answer) }
    }

    /// The error of an answer that is known to be one.
    #[inline(always)]
    pub(crate) const fn of(answer: usize) -> Self {
        Self(answer.wrapping_neg() as u16)
    }

    /// The number, which is positive.
    pub const fn number(self) -> u16 {
        self.0
    }

    /// The names of the errors that may be met, as a table for `Text::name`: without their `E`.
    pub const NAMES: &CStr =
        c"\x01PERM\x02NOENT\x05IO\x072BIG\x08NOEXEC\x0bAGAIN\x0cNOMEM\x0dACCES\x14NOTDIR\
\x15ISDIR\x16INVAL\x17NFILE\x18MFILE\x1aTXTBSY\x24NAMETOOLONG\x26NOSYS\x28LOOP";
}

#[cfg(test)]
mod tests {
    extern crate std;
    use std::string::String;

    use super::*;
    use crate::buffer::{Text, memory};

    fn name(number: u32) -> String {
        let mut memory = memory::<32>();
        let mut text = Text::new(&mut memory);
        text.name(Errno::NAMES.into(), number as u8);
        String::from_utf8_lossy(text.as_bytes()).into()
    }

    macro_rules! check {
        ($($name:ident)*) => {
            $(assert_eq!(name(errno::$name), stringify!($name)[1..]);)*
        };
    }

    #[test]
    fn names_are_those_of_the_numbers() {
        check!(
            EPERM ENOENT EIO E2BIG ENOEXEC EAGAIN ENOMEM EACCES ENOTDIR EISDIR EINVAL ENFILE EMFILE ETXTBSY
            ENAMETOOLONG ENOSYS ELOOP
        );
        assert_eq!(name(errno::EDOM), "");
    }

    #[test]
    fn answers_split_at_the_largest_errno() {
        assert_eq!(Errno::check(0), Ok(0));
        assert_eq!(Errno::check(usize::MAX), Err(Errno(1)));
        assert_eq!(Errno::check(-4095_isize as usize), Err(Errno(4095)));
        assert_eq!(Errno::check(-4096_isize as usize), Ok(-4096_isize as usize));
    }
}
