//! Users and groups.

use syscalls::raw;

use super::done;
use crate::{Errno, arch::nr};

/// As many supplementary groups as a process may have.
pub const MOST_GROUPS: usize = linux_raw_sys::general::NGROUPS_MAX as usize;

/// `setgroups(2)`.
#[inline(always)]
pub fn setgroups(groups: &[u32]) -> Result<(), Errno> {
    // SAFETY: the kernel reads the numbers of one slice.
    done(unsafe { raw::syscall2(nr::SETGROUPS, groups.len(), groups.as_ptr() as usize) })
}

/// `setresgid(2)` of all three groups; `u32::MAX` leaves them as they are.
#[inline(always)]
pub fn setresgid(group: u32) -> Result<(), Errno> {
    let group = group as usize;
    // SAFETY: the call takes three numbers.
    done(unsafe { raw::syscall3(nr::SETRESGID, group, group, group) })
}

/// `setresuid(2)` of all three users; `u32::MAX` leaves them as they are.
#[inline(always)]
pub fn setresuid(user: u32) -> Result<(), Errno> {
    let user = user as usize;
    // SAFETY: the call takes three numbers.
    done(unsafe { raw::syscall3(nr::SETRESUID, user, user, user) })
}
