//! Memory besides the stack.

use core::{mem::MaybeUninit, ptr::NonNull};

use linux_raw_sys::general;
use syscalls::raw;

use crate::{Errno, ThinCStr, arch::nr};

/// A type of which zeros are a value.
///
/// # Safety
///
/// All zeros are a value of the type, and a page is aligned for it.
pub unsafe trait Zeroable: 'static {}
// SAFETY: an integer.
unsafe impl Zeroable for u8 {}
// SAFETY: an integer.
unsafe impl Zeroable for u32 {}
// SAFETY: any bytes are a value.
unsafe impl Zeroable for MaybeUninit<u8> {}
// SAFETY: zeros are `None`, since the type has the layout of a nullable pointer.
unsafe impl Zeroable for Option<ThinCStr<'static>> {}

/// `mmap(2)` of `count` new elements, all zeros, that are never unmapped. Pages take up memory once they are written
/// to. Returns `None` if there is no memory, or if the size is beyond the address space.
#[inline(always)]
pub fn mmap_anonymous<T: Zeroable>(count: usize) -> Option<&'static mut [T]> {
    let size = count.checked_mul(size_of::<T>()).filter(|size| *size <= isize::MAX as usize)?;
    let memory = mmap(size)?;
    // SAFETY: a new mapping of that size, aligned to a page, of zeros, which are values of the type.
    Some(unsafe { core::slice::from_raw_parts_mut(memory.cast().as_ptr(), count) })
}

#[inline(never)]
fn mmap(size: usize) -> Option<NonNull<u8>> {
    let protection = general::PROT_READ | general::PROT_WRITE;
    let flags = general::MAP_PRIVATE | general::MAP_ANONYMOUS;
    // SAFETY: without MAP_FIXED the kernel chooses unused addresses.
    let address = unsafe {
        raw::syscall6(nr::MMAP, 0, size, protection as usize, flags as usize, -1_isize as usize, 0)
    };
    NonNull::new(Errno::result(address).ok()? as *mut u8)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_size_beyond_the_address_space_is_refused() {
        // Times four, these are 4 and 0 modulo the address space.
        for count in [usize::MAX / 4 + 2, usize::MAX / 4 + 1, usize::MAX] {
            assert!(mmap_anonymous::<u32>(count).is_none());
        }
    }

    #[test]
    fn new_memory_is_zeros() {
        let memory = mmap_anonymous::<u32>(1025).expect("memory");
        assert!(memory.len() == 1025 && memory.iter().all(|element| *element == 0));
    }
}
