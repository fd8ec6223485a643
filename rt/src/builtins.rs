//! The memory functions that the compiler may call although the source does not.

/// Defines `memset`, `memcpy`, `memcmp`, `bcmp` and `strlen` in the crate that invokes it. A toolchain's own targets
/// leave them to a C library, or its `compiler_builtins` has them. The linker drops the unused ones.
///
/// Each access is volatile in one place, or the optimizer would turn the loop into a call of the function itself.
#[doc(hidden)]
#[macro_export]
macro_rules! builtins {
    () => {
        /// Fills `count` bytes.
        // SAFETY: the only symbol of this name, with its meaning in C.
        #[cfg(not(test))]
        #[unsafe(no_mangle)]
        unsafe extern "C" fn memset(to: *mut u8, byte: i32, count: usize) -> *mut u8 {
            let mut index = 0;
            while index < count {
                // SAFETY: the caller passes `count` writable bytes.
                unsafe { to.wrapping_add(index).write_volatile(byte as u8) };
                index += 1;
            }
            to
        }

        /// Copies `count` bytes.
        // SAFETY: the only symbol of this name, with its meaning in C.
        #[cfg(not(test))]
        #[unsafe(no_mangle)]
        unsafe extern "C" fn memcpy(to: *mut u8, from: *const u8, count: usize) -> *mut u8 {
            let mut index = 0;
            while index < count {
                // SAFETY: the caller passes `count` readable bytes.
                let byte = unsafe { *from.wrapping_add(index) };
                // SAFETY: the caller passes `count` writable bytes.
                unsafe { to.wrapping_add(index).write_volatile(byte) };
                index += 1;
            }
            to
        }

        /// Returns the difference of the first bytes that differ.
        // SAFETY: the only symbol of this name, with its meaning in C.
        #[cfg(not(test))]
        #[unsafe(no_mangle)]
        unsafe extern "C" fn memcmp(left: *const u8, right: *const u8, count: usize) -> i32 {
            for index in 0..count {
                // SAFETY: the caller passes `count` readable bytes.
                let a = unsafe { left.wrapping_add(index).read_volatile() };
                // SAFETY: the caller passes `count` readable bytes.
                let b = unsafe { right.wrapping_add(index).read_volatile() };
                if a != b {
                    return i32::from(a) - i32::from(b);
                }
            }
            0
        }

        /// Returns zero if the bytes are equal.
        // SAFETY: the only symbol of this name, with the meaning that LLVM gives it.
        #[cfg(not(test))]
        #[unsafe(no_mangle)]
        unsafe extern "C" fn bcmp(left: *const u8, right: *const u8, count: usize) -> i32 {
            // SAFETY: the caller passes `count` readable bytes of each.
            unsafe { memcmp(left, right, count) }
        }

        /// Returns the number of bytes before the NUL.
        // SAFETY: the only symbol of this name, with its meaning in C.
        #[cfg(not(test))]
        #[unsafe(no_mangle)]
        unsafe extern "C" fn strlen(string: *const u8) -> usize {
            let mut length = 0;
            // SAFETY: the caller passes a string that ends in NUL.
            while unsafe { string.wrapping_add(length).read_volatile() } != 0 {
                length += 1;
            }
            length
        }
    };
}
