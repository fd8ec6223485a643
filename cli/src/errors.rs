//! Names of errors.

use mote_rt::{Errno, StringBuf, table, text};

/// The names of the first errors without their E, from number 1 on. The numbers are the same on every architecture of
/// mote.
const NAMES: &[u8] = b"PERM NOENT SRCH INTR IO NXIO 2BIG NOEXEC BADF CHILD AGAIN NOMEM ACCES FAULT NOTBLK BUSY EXIST \
XDEV NODEV NOTDIR ISDIR INVAL NFILE MFILE NOTTY TXTBSY FBIG NOSPC SPIPE ROFS MLINK PIPE DOM RANGE DEADLK NAMETOOLONG \
NOLCK NOSYS NOTEMPTY LOOP\0";

/// Appends the name of an error, or `E` and its number: no other one is common when a program is started.
pub fn push_errno(string: &mut StringBuf<'_>, error: Errno) {
    string.push(b'E');
    match error {
        // Of network file systems.
        Errno::ETIMEDOUT => string.push_str(text!("TIMEDOUT")),
        Errno::ESTALE => string.push_str(text!("STALE")),
        _ if string.push_word(table!(NAMES).into(), error.number() - 1) => {}
        _ => string.push_decimal(error.number()),
    }
}

#[cfg(test)]
mod tests {
    extern crate std;
    use core::mem::MaybeUninit;
    use std::{format, string::String};

    use super::*;

    fn name(number: u32) -> String {
        let mut memory = [MaybeUninit::uninit(); 32];
        let mut string = StringBuf::new(&mut memory);
        push_errno(&mut string, Errno::new(number).expect("not 0"));
        String::from_utf8_lossy(string.as_bytes()).into()
    }

    macro_rules! check {
        ($($name:ident)*) => {
            $(assert_eq!(name(linux_raw_sys::errno::$name), stringify!($name));)*
        };
    }

    #[test]
    fn names_are_those_of_the_kernel() {
        check!(
            EPERM ENOENT ESRCH EINTR EIO ENXIO E2BIG ENOEXEC EBADF ECHILD EAGAIN ENOMEM EACCES EFAULT ENOTBLK EBUSY
            EEXIST EXDEV ENODEV ENOTDIR EISDIR EINVAL ENFILE EMFILE ENOTTY ETXTBSY EFBIG ENOSPC ESPIPE EROFS EMLINK
            EPIPE EDOM ERANGE EDEADLK ENAMETOOLONG ENOLCK ENOSYS ENOTEMPTY ELOOP
            ETIMEDOUT ESTALE
        );
    }

    #[test]
    fn other_errors_are_numbers() {
        for number in (41..4096).filter(|number| ![110, 116].contains(number)) {
            assert_eq!(name(number), format!("E{number}"));
        }
    }
}
