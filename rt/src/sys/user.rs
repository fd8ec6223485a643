//! Users and groups.

use syscalls::raw;

use super::unit;
use crate::{Errno, arch::nr};

/// The largest number of supplementary groups of a process.
pub const NGROUPS_MAX: usize = linux_raw_sys::general::NGROUPS_MAX as usize;

/// `setgroups(2)`.
pub fn setgroups(groups: &[u32]) -> Result<(), Errno> {
    // SAFETY: the kernel reads the slice.
    unit(unsafe { raw::syscall2(nr::SETGROUPS, groups.len(), groups.as_ptr() as usize) })
}

/// `setresgid(2)`: sets the real, the effective and the saved group.
pub fn setresgid(gid: u32) -> Result<(), Errno> {
    let gid = gid as usize;
    // SAFETY: the arguments are numbers.
    unit(unsafe { raw::syscall3(nr::SETRESGID, gid, gid, gid) })
}

/// `setresuid(2)`: sets the real, the effective and the saved user.
pub fn setresuid(uid: u32) -> Result<(), Errno> {
    let uid = uid as usize;
    // SAFETY: the arguments are numbers.
    unit(unsafe { raw::syscall3(nr::SETRESUID, uid, uid, uid) })
}
