//! Files and folders.

use core::ffi::CStr;

use linux_raw_sys::general;
use syscalls::raw;

use super::done;
use crate::{Errno, arch::nr, stack::StackStr};

/// A file descriptor's number.
#[derive(Clone, Copy)]
pub struct Fd(pub(super) i32);

impl Fd {
    /// Standard input.
    pub const STDIN: Self = Self(general::STDIN_FILENO as i32);
    /// Standard output.
    pub const STDOUT: Self = Self(general::STDOUT_FILENO as i32);
    /// Standard error.
    pub const STDERR: Self = Self(general::STDERR_FILENO as i32);
}

/// `write(2)`, answered as the kernel does: the count of bytes that were written, or minus an errno.
#[inline(always)]
pub fn write_raw(fd: Fd, bytes: &[u8]) -> isize {
    // SAFETY: the kernel reads the bytes of one slice.
    unsafe { raw::syscall3(nr::WRITE, fd.0 as usize, bytes.as_ptr() as usize, bytes.len()) as isize }
}

/// `write(2)`: how many bytes were written, which may be fewer than were given.
#[inline(always)]
pub fn write(fd: Fd, bytes: &[u8]) -> Result<usize, Errno> {
    Errno::check(write_raw(fd, bytes) as usize)
}

/// `chdir(2)`.
#[inline(always)]
pub fn chdir(path: StackStr) -> Result<(), Errno> {
    // SAFETY: the kernel reads a string that ends in NUL.
    done(unsafe { raw::syscall1(nr::CHDIR, path.as_ptr() as usize) })
}

/// `read(2)`: how many bytes were read; 0 at the end of the file.
#[inline(always)]
pub fn read(fd: Fd, buffer: &mut [u8]) -> Result<usize, Errno> {
    // SAFETY: the kernel writes into one slice, no further than its end.
    Errno::check(unsafe {
        raw::syscall3(nr::READ, fd.0 as usize, buffer.as_mut_ptr() as usize, buffer.len())
    })
}

/// `openat(2)` for reading, closed when another program is executed.
#[inline(always)]
pub fn open(path: &CStr) -> Result<Fd, Errno> {
    let flags = general::O_RDONLY | general::O_CLOEXEC;
    // SAFETY: the kernel reads a string that ends in NUL.
    let fd = Errno::check(unsafe {
        raw::syscall3(nr::OPENAT, general::AT_FDCWD as usize, path.as_ptr() as usize, flags as usize)
    })?;
    Ok(Fd(fd as i32))
}

/// `close(2)`.
#[inline(always)]
pub fn close(fd: Fd) {
    // SAFETY: the call takes one number. Nothing here holds on to memory by a descriptor.
    unsafe { raw::syscall1(nr::CLOSE, fd.0 as usize) };
}

/// Closes all descriptors from `first` up: by `close_range(2)` where the kernel has it (Linux 5.9), else one
/// by one, as many as the default limit of a process may ever be raised to without a privilege.
#[inline(always)]
pub fn close_from(first: i32) {
    // SAFETY: the call takes three numbers. Nothing here holds on to memory by a descriptor.
    let answer = unsafe { raw::syscall3(nr::CLOSE_RANGE, first as usize, u32::MAX as usize, 0) };
    if done(answer).is_err() {
        for fd in first..65536 {
            close(Fd(fd));
        }
    }
}
