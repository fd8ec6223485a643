//! Files and folders.

use core::ptr::NonNull;

use linux_raw_sys::general;
use syscalls::raw;

use super::{done, memory};
use crate::{
    Errno,
    arch::nr,
    string::{OwnStr, StackStr},
};

/// A file descriptor's number.
#[derive(Clone, Copy)]
pub struct Fd(pub(super) usize);

impl Fd {
    /// Standard input.
    pub const STDIN: Self = Self(general::STDIN_FILENO as usize);
    /// Standard output.
    pub const STDOUT: Self = Self(general::STDOUT_FILENO as usize);
    /// Standard error.
    pub const STDERR: Self = Self(general::STDERR_FILENO as usize);
}

/// `write(2)`, answered as the kernel does: the count of bytes that were written, or minus an errno.
#[inline(always)]
pub fn write_raw(fd: Fd, bytes: &[u8]) -> isize {
    // SAFETY: the kernel reads the bytes of one slice.
    unsafe { raw::syscall3(nr::WRITE, fd.0, bytes.as_ptr() as usize, bytes.len()) as isize }
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
    Errno::check(unsafe { raw::syscall3(nr::READ, fd.0, buffer.as_mut_ptr() as usize, buffer.len()) })
}

/// `openat(2)` for reading, closed when another program is executed.
#[inline(always)]
pub fn open(path: StackStr) -> Result<Fd, Errno> {
    let flags = general::O_RDONLY | general::O_CLOEXEC;
    // SAFETY: the kernel reads a string that ends in NUL.
    let fd = Errno::check(unsafe {
        raw::syscall3(nr::OPENAT, general::AT_FDCWD as usize, path.as_ptr() as usize, flags as usize)
    })?;
    Ok(Fd(fd))
}

/// The text in a file. One with a zero in it is no text: EINVAL.
#[inline(always)]
pub fn load(path: StackStr) -> Result<OwnStr, Errno> {
    let file = open(path)?;
    // A folder can be opened, and even has a size, but can't be read.
    read(file, &mut [])?;
    // SAFETY: the call takes three numbers.
    let size = Errno::check(unsafe { raw::syscall3(nr::LSEEK, file.0, 0, general::SEEK_END as usize) })?;
    let memory = memory::<u8>(size + 1).ok_or(Errno::ENOMEM)?;
    let text = OwnStr(StackStr(NonNull::from(memory).cast()));
    // SAFETY: the kernel writes into the memory, and leaves the last byte of it. The zeros are the file's beginning,
    // which is one or two arguments, on Arm after one that is none.
    Errno::check(unsafe { raw::syscall6(nr::PREAD64, file.0, text.as_ptr() as usize, size, 0, 0, 0) })?;
    if text.length() == size { Ok(text) } else { Err(Errno::EINVAL) }
}

/// `close(2)`.
#[inline(always)]
pub fn close(fd: Fd) {
    // SAFETY: the call takes one number. Nothing here holds on to memory by a descriptor.
    unsafe { raw::syscall1(nr::CLOSE, fd.0) };
}

/// Closes all descriptors from `first` up: by `close_range(2)` where the kernel has it (Linux 5.9), else one
/// by one, of the first 65536. An engine may have allowed more, which stay open then.
#[inline(always)]
pub fn close_from(first: usize) {
    // SAFETY: the call takes three numbers. Nothing here holds on to memory by a descriptor.
    let answer = unsafe { raw::syscall3(nr::CLOSE_RANGE, first, u32::MAX as usize, 0) };
    if done(answer).is_err() {
        for fd in first..65536 {
            close(Fd(fd));
        }
    }
}
