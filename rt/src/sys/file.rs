//! Files and directories.

use core::{mem::MaybeUninit, ptr};

use linux_raw_sys::general;
use syscalls::raw;

use super::{syscall4_with_time, unit};
use crate::{Errno, Standalone, ThinCStr, arch::nr, text};

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

    /// Returns standard input, output and error.
    pub fn standard_streams() -> impl Iterator<Item = Self> {
        (Self::STDIN.0..=Self::STDERR.0).map(Self)
    }
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
    Errno::int_result(write_raw(fd, bytes) as usize)
}

/// `write(2)` of at most 4096 bytes (`PIPE_BUF`), which are dropped if they can't be written at once, or if there is no
/// reader, so that neither the process stops nor SIGPIPE is raised.
///
/// It is `poll(2)` and `write(2)`: O_NONBLOCK would affect every process that has the same pipe. A pipe has room for all
/// bytes or for none. A terminal may have room for a part of them, so it is opened once more, with O_NONBLOCK, if it is
/// standard output or standard error.
#[inline(never)]
pub fn write_nonblocking(fd: Fd, bytes: &[u8]) {
    let mut poll = general::pollfd { fd: fd.0 as i32, events: general::POLLOUT as i16, revents: 0 };
    let timeout = [0_u64; 2];
    // SAFETY: the kernel reads and writes one structure, and reads a time of zero.
    let returned = unsafe {
        let (poll, timeout) = (ptr::from_mut(&mut poll) as usize, ptr::from_ref(&timeout) as usize);
        syscall4_with_time([nr::PPOLL, nr::PPOLL_TIME64], [poll, 1, timeout, 0])
    };
    // If seccomp refuses to tell, a message that may block is better than none.
    if Errno::int_result(returned).is_ok() && poll.revents != general::POLLOUT as i16 {
        return;
    }
    if (fd == Fd::STDOUT || fd == Fd::STDERR) && super::isatty(fd) {
        let path = if fd == Fd::STDOUT { text!("/proc/self/fd/1") } else { text!("/proc/self/fd/2") };
        let flags = general::O_WRONLY | general::O_NONBLOCK | general::O_NOCTTY;
        if let Ok(own) = openat(path, flags, 0) {
            let _ = write(own, bytes);
            close_fd(own);
            return;
        }
    }
    let _ = write(fd, bytes);
}

/// `read(2)`. Returns the number of bytes read: 0 at the end of the file.
#[inline(always)]
pub fn read(fd: Fd, buffer: &mut [u8]) -> Result<usize, Errno> {
    // SAFETY: the kernel writes to the slice.
    Errno::int_result(unsafe { raw::syscall3(nr::READ, fd.0, buffer.as_mut_ptr() as usize, buffer.len()) })
}

/// `sendfile(2)`: copies a file from its offset on. Returns the number of bytes copied: 0 at the end of the file.
#[inline(always)]
pub fn sendfile(to: Fd, from: Fd) -> Result<usize, Errno> {
    // The most that one call copies.
    const MAX: usize = 0x7fff_f000;
    // SAFETY: without an offset the kernel gets no address.
    Errno::int_result(unsafe { raw::syscall4(nr::SENDFILE, to.0, from.0, 0, MAX) })
}

/// `pread(2)` at offset 0.
#[inline(always)]
pub fn pread_start(fd: Fd, buffer: &mut [u8]) -> Result<usize, Errno> {
    // The zeros are the offset: one or two arguments, on Arm behind an unused one (syscall(2)).
    // SAFETY: the kernel writes to the slice.
    Errno::int_result(unsafe {
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
    openat(path, general::O_RDONLY, 0)
}

/// `open(2)` of a new file for writing, with O_CREAT, O_EXCL and O_CLOEXEC.
#[inline(always)]
pub fn create_new(path: ThinCStr<'_>, mode: u32) -> Result<Fd, Errno> {
    openat(path, general::O_WRONLY | general::O_CREAT | general::O_EXCL, mode)
}

#[inline(always)]
fn openat(path: ThinCStr<'_>, flags: u32, mode: u32) -> Result<Fd, Errno> {
    let flags = (flags | general::O_CLOEXEC) as usize;
    // SAFETY: the kernel reads a string that ends in NUL.
    let fd = Errno::int_result(unsafe {
        raw::syscall4(nr::OPENAT, general::AT_FDCWD as usize, path.as_ptr() as usize, flags, mode as usize)
    })?;
    Ok(Fd(fd))
}

/// `fchmod(2)`.
#[inline(always)]
pub fn fchmod(fd: Fd, mode: u32) -> Result<(), Errno> {
    // SAFETY: the arguments are numbers.
    unit(unsafe { raw::syscall2(nr::FCHMOD, fd.0, mode as usize) })
}

/// `fchown(2)` of the user alone.
#[inline(always)]
pub fn fchown_user(fd: Fd, uid: u32) -> Result<(), Errno> {
    // SAFETY: the arguments are numbers.
    unit(unsafe { raw::syscall3(nr::FCHOWN, fd.0, uid as usize, -1_isize as usize) })
}

/// `fcntl(F_GETPIPE_SZ)`: returns whether `fd` is a pipe or a FIFO.
#[inline(always)]
pub fn is_pipe(fd: Fd) -> bool {
    // SAFETY: the arguments are numbers.
    Errno::int_result(unsafe { raw::syscall2(nr::FCNTL, fd.0, general::F_GETPIPE_SZ as usize) }).is_ok()
}

/// `rename(2)`: replaces `new` atomically.
#[inline(always)]
pub fn rename(old: ThinCStr<'_>, new: ThinCStr<'_>) -> Result<(), Errno> {
    let (directory, old, new) = (general::AT_FDCWD as usize, old.as_ptr() as usize, new.as_ptr() as usize);
    // SAFETY: the kernel reads two strings that end in NUL.
    unit(unsafe { raw::syscall5(nr::RENAMEAT2, directory, old, directory, new, 0) })
}

/// `unlink(2)`.
#[inline(always)]
pub fn unlink(path: ThinCStr<'_>) -> Result<(), Errno> {
    // SAFETY: the kernel reads a string that ends in NUL.
    unit(unsafe { raw::syscall3(nr::UNLINKAT, general::AT_FDCWD as usize, path.as_ptr() as usize, 0) })
}

/// `statx(2)`: returns the user that owns a file.
#[inline(always)]
pub fn statx_uid(path: ThinCStr<'_>) -> Result<u32, Errno> {
    let mut status = MaybeUninit::<general::statx>::uninit();
    let directory = general::AT_FDCWD as usize;
    // SAFETY: the kernel reads a string that ends in NUL, and writes one structure.
    unit(unsafe {
        let (path, status) = (path.as_ptr() as usize, status.as_mut_ptr() as usize);
        raw::syscall5(nr::STATX, directory, path, 0, general::STATX_UID as usize, status)
    })?;
    // SAFETY: the kernel has written the structure.
    Ok(unsafe { status.assume_init() }.stx_uid)
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
    close_fd(fd);
}

/// `close(2)` of a descriptor that no other code owns.
#[inline(always)]
fn close_fd(fd: Fd) {
    // SAFETY: the argument is a number.
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
