//! Memory beside the stack.

use core::{mem::MaybeUninit, ptr::NonNull};

use linux_raw_sys::general;
use syscalls::raw;

use crate::{Errno, arch::nr, string::StackStr};

/// What memory that is full of zeros may be taken for.
///
/// # Safety
///
/// Zeros are a value of the type.
pub unsafe trait Zero: 'static {}
// SAFETY: a number.
unsafe impl Zero for u8 {}
// SAFETY: a number.
unsafe impl Zero for u32 {}
// SAFETY: anything is a value of it.
unsafe impl Zero for MaybeUninit<u8> {}
// SAFETY: zeros are `None`.
unsafe impl Zero for Option<StackStr> {}

/// `mmap(2)` of fresh memory for so many of a type, full of zeros, which stays for good. It takes up pages only as
/// they are written to. `None` if it is refused.
#[inline(always)]
pub fn memory<T: Zero>(count: usize) -> Option<&'static mut [T]> {
    let memory = map(count * size_of::<T>())?;
    // SAFETY: zeros are a value of the type, and nobody else has the memory, which is that large.
    Some(unsafe { core::slice::from_raw_parts_mut(memory.cast().as_ptr(), count) })
}

#[inline(never)]
fn map(bytes: usize) -> Option<NonNull<u8>> {
    let protection = general::PROT_READ | general::PROT_WRITE;
    let flags = general::MAP_PRIVATE | general::MAP_ANONYMOUS;
    // SAFETY: the kernel chooses a place that nothing else is in.
    let address = unsafe {
        raw::syscall6(nr::MMAP, 0, bytes, protection as usize, flags as usize, -1_isize as usize, 0)
    };
    NonNull::new(Errno::check(address).unwrap_or(0) as *mut u8)
}
