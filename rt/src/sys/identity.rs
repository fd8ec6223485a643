//! Users and groups.

use syscalls::raw;

use super::done;
use crate::{Errno, arch::nr};

/// `setgroups(2)`.
#[inline(always)]
pub fn setgroups(groups: &[u32]) -> Result<(), Errno> {
    // SAFETY: the kernel reads the numbers of one slice.
    done(unsafe { raw::syscall2(nr::SETGROUPS, groups.len(), groups.as_ptr() as usize) })
}

/// `setgid(2)`.
#[inline(always)]
pub fn setgid(group: u32) -> Result<(), Errno> {
    // SAFETY: the call takes one number.
    done(unsafe { raw::syscall1(nr::SETGID, group as usize) })
}

/// `setuid(2)`.
#[inline(always)]
pub fn setuid(user: u32) -> Result<(), Errno> {
    // SAFETY: the call takes one number.
    done(unsafe { raw::syscall1(nr::SETUID, user as usize) })
}
