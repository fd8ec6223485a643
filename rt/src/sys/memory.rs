//! Memory besides the stack.

use core::{mem::MaybeUninit, ptr::NonNull, sync::atomic::AtomicBool};

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
    let memory = mmap(count, size_of::<T>(), general::MAP_PRIVATE)?;
    // SAFETY: a new mapping of that size, aligned to a page, of zeros, which are values of the type.
    Some(unsafe { core::slice::from_raw_parts_mut(memory.cast().as_ptr(), count) })
}

/// `mmap(2)` of a flag that is `false` and shared with children. Returns `None` if there is no memory.
pub fn mmap_shared_flag() -> Option<&'static AtomicBool> {
    let memory = mmap(1, size_of::<AtomicBool>(), general::MAP_SHARED)?;
    // SAFETY: a new mapping, which is never unmapped, of zeros, which are `false`.
    Some(unsafe { memory.cast().as_ref() })
}

/// Maps `count` elements of `size` bytes each. An object is never larger than [`isize::MAX`].
#[inline(never)]
fn mmap(count: usize, size: usize, sharing: u32) -> Option<NonNull<u8>> {
    let size = count.checked_mul(size).filter(|size| *size <= isize::MAX as usize)?;
    let protection = general::PROT_READ | general::PROT_WRITE;
    let flags = sharing | general::MAP_ANONYMOUS;
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
