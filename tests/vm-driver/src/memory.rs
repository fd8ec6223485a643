//! Functions that the compiler calls for longer copies and comparisons, beyond those of
//! [`mote_rt::memory_functions`]: a toolchain's own targets leave them to a C library.

mote_rt::memory_functions!();

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
