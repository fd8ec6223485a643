//! What the compiler calls where a program fills, copies or compares memory.

/// Defines those functions in the crate that calls it. A toolchain's own targets leave them to a C library, or their
/// `compiler_builtins` has them; the linker drops those that nothing calls.
#[doc(hidden)]
#[macro_export]
macro_rules! memory_functions {
    () => {
        /// Fills `count` bytes.
        // SAFETY: the one symbol of this name, with the meaning that it has in C.
        #[cfg(not(test))]
        #[unsafe(no_mangle)]
        unsafe extern "C" fn memset(to: *mut u8, byte: i32, count: usize) -> *mut u8 {
            let mut at = 0;
            while at < count {
                // SAFETY: the caller lends `count` bytes. Volatile, or this loop would become a call of itself.
                unsafe { to.wrapping_add(at).write_volatile(byte as u8) };
                at += 1;
            }
            to
        }

        /// Copies `count` bytes.
        // SAFETY: the one symbol of this name, with the meaning that it has in C.
        #[cfg(not(test))]
        #[unsafe(no_mangle)]
        unsafe extern "C" fn memcpy(to: *mut u8, from: *const u8, count: usize) -> *mut u8 {
            let mut at = 0;
            while at < count {
                // SAFETY: the caller lends `count` bytes of each.
                let byte = unsafe { *from.wrapping_add(at) };
                // SAFETY: as above. Volatile, or this loop would become a call of itself.
                unsafe { to.wrapping_add(at).write_volatile(byte) };
                at += 1;
            }
            to
        }

        /// The difference of the first bytes that differ.
        // SAFETY: the one symbol of this name, with the meaning that it has in C.
        #[cfg(not(test))]
        #[unsafe(no_mangle)]
        unsafe extern "C" fn memcmp(left: *const u8, right: *const u8, count: usize) -> i32 {
            for at in 0..count {
                // SAFETY: the caller lends `count` bytes of each. Volatile, or this loop would become a call of itself.
                let a = unsafe { left.wrapping_add(at).read_volatile() };
                // SAFETY: as above.
                let b = unsafe { right.wrapping_add(at).read_volatile() };
                if a != b {
                    return i32::from(a) - i32::from(b);
                }
            }
            0
        }

        /// Zero if nothing differs.
        // SAFETY: the one symbol of this name, with the meaning that it has in C.
        #[cfg(not(test))]
        #[unsafe(no_mangle)]
        unsafe extern "C" fn bcmp(left: *const u8, right: *const u8, count: usize) -> i32 {
            // SAFETY: the caller lends `count` bytes of each.
            unsafe { memcmp(left, right, count) }
        }

        /// How many bytes there are before the zero.
        // SAFETY: the one symbol of this name, with the meaning that it has in C.
        #[cfg(not(test))]
        #[unsafe(no_mangle)]
        unsafe extern "C" fn strlen(text: *const u8) -> usize {
            let mut length = 0;
            // SAFETY: the caller lends a text that ends in a zero. Volatile, or this loop would become a call of itself.
            while unsafe { text.wrapping_add(length).read_volatile() } != 0 {
                length += 1;
            }
            length
        }
    };
}
