//! Files and directories.

use linux_raw_sys::general;
use syscalls::raw;

use super::unit;
use crate::{Errno, Standalone, ThinCStr, arch::nr};

/// A file descriptor.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Fd(pub(super) usize);

impl Fd {
    /// Standard input.
    pub const STDIN: Self = Self(general::STDIN_FILENO as usize);
    /// Standard output.
    pub const STDOUT: Self = Self(general::STDOUT_FILENO as usize);
    /// Standard error.
    pub const STDERR: Self = Self(general::STDERR_FILENO as usize);
}

/// `write(2)` that returns the kernel's value: the number of bytes written, or a negated error.
#[inline(always)]
pub fn write_raw(fd: Fd, bytes: &[u8]) -> isize {
    // SAFETY: the kernel reads the bytes of the slice.
    unsafe { raw::syscall3(nr::WRITE, fd.0, bytes.as_ptr() as usize, bytes.len()) as isize }
}

/// `write(2)`. Returns the number of bytes written, which may be smaller than the slice.
#[inline(always)]
pub fn write(fd: Fd, bytes: &[u8]) -> Result<usize, Errno> {
    Errno::result(write_raw(fd, bytes) as usize)
}

/// `read(2)`. Returns the number of bytes read: 0 at the end of the file.
#[inline(always)]
pub fn read(fd: Fd, buffer: &mut [u8]) -> Result<usize, Errno> {
    // SAFETY: the kernel writes to the slice.
    Errno::result(unsafe { raw::syscall3(nr::READ, fd.0, buffer.as_mut_ptr() as usize, buffer.len()) })
}

/// `pread(2)` at offset 0.
#[inline(always)]
pub fn pread_start(fd: Fd, buffer: &mut [u8]) -> Result<usize, Errno> {
    // The zeros are the offset: one or two arguments, on Arm behind an unused one (syscall(2)).
    // SAFETY: the kernel writes to the slice.
    Errno::result(unsafe {
        raw::syscall6(nr::PREAD64, fd.0, buffer.as_mut_ptr() as usize, buffer.len(), 0, 0, 0)
    })
}

/// `lseek(2)` to the end. Returns the size of the file.
#[inline(always)]
pub fn lseek_end(fd: Fd) -> Result<usize, Errno> {
    // SAFETY: the arguments are numbers.
    Errno::result(unsafe { raw::syscall3(nr::LSEEK, fd.0, 0, general::SEEK_END as usize) })
}

/// `open(2)` for reading, with O_CLOEXEC.
#[inline(always)]
pub fn open(path: ThinCStr<'_>) -> Result<Fd, Errno> {
    let flags = general::O_RDONLY | general::O_CLOEXEC;
    // SAFETY: the kernel reads a string that ends in NUL.
    let fd = Errno::result(unsafe {
        raw::syscall3(nr::OPENAT, general::AT_FDCWD as usize, path.as_ptr() as usize, flags as usize)
    })?;
    Ok(Fd(fd))
}

/// `chdir(2)`.
#[inline(always)]
pub fn chdir(path: ThinCStr<'_>) -> Result<(), Errno> {
    // SAFETY: the kernel reads a string that ends in NUL.
    unit(unsafe { raw::syscall1(nr::CHDIR, path.as_ptr() as usize) })
}

/// `close(2)`.
#[inline(always)]
pub fn close(_: Standalone, fd: Fd) {
    // SAFETY: the argument is a number. No other code owns the descriptor.
    unsafe { raw::syscall1(nr::CLOSE, fd.0) };
}

/// Closes all descriptors from `first` up, as `closefrom(3)` does: with `close_range(2)`, or, before Linux 5.9, one by
/// one up to 65,535. A process may have larger ones, which then stay open.
#[inline(always)]
pub fn closefrom(standalone: Standalone, first: usize) {
    // SAFETY: the arguments are numbers. No other code owns the descriptors.
    let returned = unsafe { raw::syscall3(nr::CLOSE_RANGE, first, u32::MAX as usize, 0) };
    if unit(returned).is_err() {
        for fd in first..65536 {
            close(standalone, Fd(fd));
        }
    }
}
