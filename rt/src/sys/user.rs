//! Users and groups.

use core::ptr;

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

/// The real, the effective and the saved ID of a user or of a group.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Ids {
    /// The real ID.
    pub real: u32,
    /// The effective ID.
    pub effective: u32,
    /// The saved set-user-ID or set-group-ID.
    pub saved: u32,
}

impl Ids {
    /// Returns the same ID three times.
    pub const fn all(id: u32) -> Self {
        Self { real: id, effective: id, saved: id }
    }
}

/// `getresuid(2)`. Returns the largest number, which is no ID, if seccomp refuses it.
pub fn getresuid() -> Ids {
    getres(nr::GETRESUID)
}

/// `getresgid(2)`. Returns the largest number, which is no ID, if seccomp refuses it.
pub fn getresgid() -> Ids {
    getres(nr::GETRESGID)
}

fn getres(number: usize) -> Ids {
    let mut ids = Ids::all(u32::MAX);
    let address = |id| ptr::from_mut(id) as usize;
    // SAFETY: the kernel writes three integers.
    unsafe {
        raw::syscall3(number, address(&mut ids.real), address(&mut ids.effective), address(&mut ids.saved))
    };
    ids
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

/// `setresuid(2)` of the real user alone.
pub fn setresuid_real(uid: u32) -> Result<(), Errno> {
    let unchanged = -1_isize as usize;
    // SAFETY: the arguments are numbers.
    unit(unsafe { raw::syscall3(nr::SETRESUID, uid as usize, unchanged, unchanged) })
}
