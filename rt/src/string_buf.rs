//! Strings that are put together.

use core::{marker::PhantomData, mem::MaybeUninit, ptr::NonNull};

use crate::{ThinCStr, sys};

/// A string in borrowed memory of fixed size. Bytes that do not fit are dropped.
pub struct StringBuf<'a> {
    /// The bytes.
    memory: NonNull<u8>,
    length: usize,
    /// How many bytes there is room for. The memory has one more, for a NUL.
    capacity: usize,
    borrow: PhantomData<&'a mut [MaybeUninit<u8>]>,
}

impl<'a> StringBuf<'a> {
    /// Returns an empty string, for which there is `memory`. One byte of it is kept for a NUL.
    #[inline(always)]
    pub const fn new<const SIZE: usize>(memory: &'a mut [MaybeUninit<u8>; SIZE]) -> Self {
        const { assert!(SIZE > 0, "there is no room for a NUL") }
        let memory = NonNull::from_mut(memory).cast();
        Self { memory, length: 0, capacity: SIZE - 1, borrow: PhantomData }
    }

    /// Makes the string empty.
    #[inline(always)]
    pub const fn clear(&mut self) {
        self.length = 0;
    }

    /// Returns whether the string is empty.
    #[inline(always)]
    pub const fn is_empty(&self) -> bool {
        self.length == 0
    }

    /// Returns how many bytes can be appended.
    #[inline(always)]
    pub const fn remaining(&self) -> usize {
        self.capacity - self.length
    }

    /// Returns where the next byte, or the NUL, belongs.
    #[inline(always)]
    const fn end(&self) -> NonNull<u8> {
        // SAFETY: the memory has one byte more than the capacity, which is not less than the length.
        unsafe { self.memory.add(self.length) }
    }

    /// Appends a byte.
    #[inline(never)]
    pub fn push(&mut self, byte: u8) {
        if self.length < self.capacity {
            // SAFETY: nothing else has access to the memory.
            unsafe { self.end().write(byte) };
            self.length += 1;
        }
    }

    /// Appends a string.
    #[inline(never)]
    pub fn push_str(&mut self, string: ThinCStr<'_>) {
        self.push_until(string, 0, 0);
    }

    /// Appends the bytes of a string before the first `end`, as many as leave `reserve` bytes to be appended.
    #[inline(never)]
    pub fn push_until(&mut self, string: ThinCStr<'_>, end: u8, reserve: usize) {
        let mut string = string;
        while let Some((byte, rest)) = string.split_first()
            && byte != end
            && self.remaining() > reserve
        {
            self.push(byte);
            string = rest;
        }
    }

    /// Appends the word with this position in a list of words between blanks. Returns whether there is one.
    #[inline(never)]
    pub fn push_word(&mut self, list: ThinCStr<'_>, position: u32) -> bool {
        let mut list = list;
        for _ in 0..position {
            let Some(rest) = list.behind(b' ') else { return false };
            list = rest;
        }
        self.push_until(list, b' ', 0);
        true
    }

    /// Appends a number in decimal digits.
    #[inline(never)]
    pub fn push_decimal(&mut self, number: u32) {
        // Division by a constant, as a product: 2^35 / 10, rounded up. Not every ARMv7 has an instruction that divides,
        // and at this level of optimization the compiler would call a function for it.
        let tenth = ((u64::from(number) * 0xcccc_cccd) >> 35) as u32;
        if tenth != 0 {
            self.push_decimal(tenth);
        }
        self.push(b'0' + (number - tenth * 10) as u8);
    }

    /// Returns the bytes.
    #[inline(always)]
    pub fn as_bytes(&self) -> &[u8] {
        // SAFETY: the first `length` bytes were written, and do not change while the string is borrowed.
        unsafe { core::slice::from_raw_parts(self.memory.as_ptr(), self.length) }
    }

    /// Ends the string with a NUL and returns it. It can't change while the result is in use:
    ///
    /// ```compile_fail,E0499
    /// let mut memory = [core::mem::MaybeUninit::uninit(); 8];
    /// let mut string = mote_rt::StringBuf::new(&mut memory);
    /// let text = string.as_c_str();
    /// string.push(b'x');
    /// assert!(text.is_empty());
    /// ```
    #[inline(always)]
    pub fn as_c_str(&mut self) -> ThinCStr<'_> {
        // SAFETY: nothing else has access to the memory.
        unsafe { self.end().write(0) };
        // SAFETY: the bytes were written, a NUL ends them, and they do not change while the string is borrowed.
        unsafe { ThinCStr::from_ptr(self.memory.as_ptr()) }
    }
}

impl StringBuf<'static> {
    /// Returns an empty string with memory of its own for `capacity` bytes, which is never unmapped, or `None` if there
    /// is no memory.
    #[inline(always)]
    pub fn with_capacity(capacity: usize) -> Option<Self> {
        let memory = NonNull::from(sys::mmap_anonymous::<u8>(capacity.checked_add(1)?)?).cast();
        Some(Self { memory, length: 0, capacity, borrow: PhantomData })
    }

    /// Returns `first` with the bytes of `second` before the first `end` appended, or `None` if there is no memory.
    #[inline(never)]
    pub fn concat(first: ThinCStr<'_>, second: ThinCStr<'_>, end: u8) -> Option<ThinCStr<'static>> {
        let mut string = Self::with_capacity(first.to_bytes().len() + second.to_bytes().len())?;
        string.push_str(first);
        string.push_until(second, end, 0);
        Some(string.into_c_str())
    }

    /// Returns the string, which can't change any more.
    #[inline(always)]
    pub fn into_c_str(mut self) -> ThinCStr<'static> {
        let string = self.as_c_str();
        // SAFETY: the memory is never unmapped, and nothing else has access to it.
        unsafe { ThinCStr::from_ptr(string.as_ptr()) }
    }
}

#[cfg(test)]
mod tests {
    extern crate std;
    use std::{format, string::String};

    use super::*;

    fn built(append: impl FnOnce(&mut StringBuf<'_>)) -> String {
        let mut memory = [MaybeUninit::uninit(); 32];
        let mut string = StringBuf::new(&mut memory);
        append(&mut string);
        String::from_utf8_lossy(string.as_bytes()).into()
    }

    #[test]
    fn numbers_are_decimal() {
        let borders = (0..10).flat_map(|power| {
            let power = 10_u32.pow(power);
            [power - 1, power, power + 1, power.saturating_mul(9), power.saturating_mul(5).saturating_add(4)]
        });
        for number in borders.chain([u32::MAX, u32::MAX - 1, 1 << 31, 4_294_967_289, 4_294_967_290]) {
            assert_eq!(built(|string| string.push_decimal(number)), format!("{number}"));
        }
        for number in (0..u32::MAX).step_by(65_521) {
            assert_eq!(built(|string| string.push_decimal(number)), format!("{number}"));
        }
    }

    #[test]
    fn bytes_that_do_not_fit_are_dropped() {
        let mut memory = [MaybeUninit::uninit(); 4];
        let mut string = StringBuf::new(&mut memory);
        string.push_str(c"abcdef".into());
        assert_eq!((string.as_bytes(), string.remaining()), (&b"abc"[..], 0));
    }

    #[test]
    fn a_truncated_string_leaves_the_reserve() {
        let text = |end, reserve| built(|string| string.push_until(c"abc:def".into(), end, reserve));
        assert_eq!(text(0, 0), "abc:def");
        assert_eq!(text(0, 28), "abc");
        assert_eq!(text(b':', 0), "abc");
        assert_eq!(text(b':', 29), "ab");
        assert_eq!(text(0, 99), "");
    }

    #[test]
    fn a_word_is_appended_by_its_position() {
        for (position, expected) in [(0, "HUP"), (1, "INT"), (2, "QUIT"), (3, "false"), (u32::MAX, "false")] {
            let word = built(|string| {
                if !string.push_word(c"HUP INT QUIT".into(), position) {
                    string.push_str(c"false".into());
                }
            });
            assert_eq!(word, expected);
        }
    }

    #[test]
    fn strings_are_concatenated_up_to_a_byte() {
        let concat = |end| StringBuf::concat(c"HOME=".into(), c"/home:x".into(), end).map(ThinCStr::to_bytes);
        assert_eq!((concat(0), concat(b':')), (Some(&b"HOME=/home:x"[..]), Some(&b"HOME=/home"[..])));
    }

    #[test]
    fn a_full_string_still_ends_in_nul() {
        let mut memory = [MaybeUninit::uninit(); 4];
        let mut string = StringBuf::new(&mut memory);
        string.push_str(c"abcdef".into());
        assert_eq!(string.as_c_str().to_bytes(), b"abc");
        string.clear();
        string.push(b'x');
        assert_eq!(string.as_c_str().to_bytes(), b"x");
        assert_eq!(StringBuf::new(&mut [MaybeUninit::uninit()]).as_c_str().to_bytes(), b"");
    }

    #[test]
    fn a_string_of_its_own_holds_what_was_asked_for() {
        let mut string = StringBuf::with_capacity(3).expect("memory");
        string.push_str(c"abcd".into());
        assert_eq!(string.into_c_str().to_bytes(), b"abc");
        assert!(StringBuf::with_capacity(usize::MAX).is_none());
    }
}
