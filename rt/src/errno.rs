//! The kernel's error numbers.

/// Why a system call failed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Errno(u16);

impl Errno {
    /// Splits the kernel's answer: the last 4095 values of the range are errors, negated
    /// (`include/linux/err.h`, `MAX_ERRNO`).
    #[inline(always)]
    pub(crate) const fn check(answer: usize) -> Result<usize, Self> {
        if answer > -4096_isize as usize { Err(Self(answer.wrapping_neg() as u16)) } else { Ok(answer) }
    }

    /// The number, which is positive.
    pub const fn number(self) -> u16 {
        self.0
    }

    /// The symbolic name in ASCII, like `ENOENT`. `None` for numbers above `ELOOP`, which the calls on
    /// files, processes and signals do not give.
    pub fn name(self) -> Option<&'static [u8]> {
        NAMES.split(|&byte| byte == b' ').nth(self.0.checked_sub(1)?.into())
    }
}

/// Defines [`NAMES`] from the names in their numbers' order, which is checked.
macro_rules! names {
    ($first:ident $($next:ident)*) => {
        /// The names of the errors from 1 up, with a blank between them. One text instead of an array of
        /// texts, since each element of that is a pointer, which needs a relocation.
        const NAMES: &[u8] = concat!(stringify!($first), $(" ", stringify!($next)),*).as_bytes();

        const _: () = {
            let mut number = linux_raw_sys::errno::$first;
            assert!(number == 1, "the first name must be that of error 1");
            $(
                number += 1;
                assert!(
                    number == linux_raw_sys::errno::$next,
                    concat!(stringify!($next), " is out of order"),
                );
            )*
        };
    };
}

names! {
    EPERM ENOENT ESRCH EINTR EIO ENXIO E2BIG ENOEXEC EBADF ECHILD EAGAIN ENOMEM EACCES EFAULT ENOTBLK EBUSY
    EEXIST EXDEV ENODEV ENOTDIR EISDIR EINVAL ENFILE EMFILE ENOTTY ETXTBSY EFBIG ENOSPC ESPIPE EROFS EMLINK
    EPIPE EDOM ERANGE EDEADLK ENAMETOOLONG ENOLCK ENOSYS ENOTEMPTY ELOOP
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(number: u16) -> Option<&'static [u8]> {
        Errno(number).name()
    }

    #[test]
    fn names_are_those_of_the_numbers() {
        assert_eq!(name(1), Some(&b"EPERM"[..]));
        assert_eq!(name(2), Some(&b"ENOENT"[..]));
        assert_eq!(name(13), Some(&b"EACCES"[..]));
        assert_eq!(name(40), Some(&b"ELOOP"[..]));
    }

    #[test]
    fn numbers_outside_the_table_have_no_name() {
        assert_eq!(name(0), None);
        assert_eq!(name(41), None);
        assert_eq!(name(u16::MAX), None);
    }

    #[test]
    fn answers_split_at_the_largest_errno() {
        assert_eq!(Errno::check(0), Ok(0));
        assert_eq!(Errno::check(usize::MAX), Err(Errno(1)));
        assert_eq!(Errno::check(-4095_isize as usize), Err(Errno(4095)));
        assert_eq!(Errno::check(-4096_isize as usize), Ok(-4096_isize as usize));
    }
}
