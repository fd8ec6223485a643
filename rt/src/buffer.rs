//! What is put together in memory: texts, and lists of numbers.

use core::{mem::MaybeUninit, ptr::NonNull};

use crate::{
    string::{OwnStr, StackStr},
    sys::{self, Fd},
};

/// Memory for a [`Text`] on the stack. It is not touched before something is written to it.
pub type Memory = [MaybeUninit<u8>; 512];

/// A text in borrowed memory. What doesn't fit is left out.
pub struct Text<'a> {
    memory: &'a mut [MaybeUninit<u8>],
    length: usize,
}

impl<'a> Text<'a> {
    /// What a string leaves of the memory to that which follows it and matters more.
    pub const RESERVE: usize = 64;

    /// Fresh memory.
    #[inline(always)]
    pub const fn memory() -> Memory {
        [const { MaybeUninit::uninit() }; _]
    }

    /// An empty text.
    #[inline(always)]
    pub const fn new(memory: &'a mut Memory) -> Self {
        Self { memory, length: 0 }
    }

    /// Makes it empty again.
    #[inline(always)]
    pub const fn clear(&mut self) {
        self.length = 0;
    }

    /// Whether nothing was appended.
    #[inline(always)]
    pub const fn is_empty(&self) -> bool {
        self.length == 0
    }

    /// How many bytes there are.
    #[inline(always)]
    pub const fn length(&self) -> usize {
        self.length
    }

    /// Appends a byte.
    #[inline(never)]
    pub fn byte(&mut self, byte: u8) {
        if let Some(slot) = self.memory.get_mut(self.length) {
            slot.write(byte);
            self.length += 1;
        }
    }

    /// Appends a string, as much of it as there is room for, less [`Self::RESERVE`] bytes.
    #[inline(never)]
    pub fn string(&mut self, string: StackStr) {
        let mut rest = string;
        while rest.first() != 0 && self.length + Self::RESERVE < self.memory.len() {
            self.byte(rest.first());
            rest = rest.rest();
        }
    }

    /// Appends a number in decimal digits.
    #[inline(never)]
    pub fn number(&mut self, number: u32) {
        // A tenth: the factor is 2 to the 35th power by ten, rounded up. Not every ARMv7 can divide, and code that
        // is to be small divides even by a constant.
        let tenth = ((u64::from(number) * 0xcccc_cccd) >> 35) as u32;
        if tenth != 0 {
            self.number(tenth);
        }
        self.byte(b'0'.wrapping_add(number.wrapping_sub(tenth.wrapping_mul(10)) as u8));
    }

    /// Appends what a table has for a number: the bytes behind the one that is that number plus 128, up to the next
    /// beyond ASCII.
    #[inline(never)]
    pub fn entry(&mut self, table: StackStr, number: u8) {
        let (mut rest, mut at) = (table, 0);
        while rest.first() != 0 {
            if !rest.first().is_ascii() {
                at = rest.first();
            } else if at == number | 128 {
                self.byte(rest.first());
            }
            rest = rest.rest();
        }
    }

    /// The text so far.
    #[inline(always)]
    pub fn as_bytes(&self) -> &[u8] {
        // SAFETY: the first `length` bytes were written, and `length` is at most the memory's.
        unsafe { core::slice::from_raw_parts(self.memory.as_ptr().cast(), self.length) }
    }

    /// Writes the text to standard error. Whoever doesn't want to read it may not: that is no error.
    #[inline(always)]
    pub fn send(&self) {
        self.send_to(Fd::STDERR);
    }

    /// The same, to another descriptor. Whether all of it was written.
    #[inline(always)]
    pub fn send_to(&self, fd: Fd) -> bool {
        sys::write(fd, self.as_bytes()) == Ok(self.length)
    }
}

impl Text<'static> {
    /// An empty text in memory of its own, with room for several of the longest strings that a program can be given
    /// (`MAX_ARG_STRLEN` of `linux/binfmts.h`: 32 pages, so at most 2 MiB). `None` if there is no memory.
    #[inline(always)]
    pub fn large() -> Option<Self> {
        let (_, memory) = sys::memory(1 << 23)?.split_last_mut()?;
        Some(Self { memory, length: 0 })
    }

    /// The text as a string, which changes with the text. Behind the memory comes a zero, so that it always ends.
    #[inline(always)]
    pub fn as_string(&mut self) -> OwnStr {
        self.byte(0);
        OwnStr(StackStr(NonNull::from(&mut *self.memory).cast()))
    }
}

/// A list of numbers in memory of its own.
pub struct Numbers {
    memory: &'static mut [u32],
    length: usize,
}

impl Numbers {
    /// An empty list with room for so many. `None` if there is no memory.
    #[inline(always)]
    pub fn with_room(count: usize) -> Option<Self> {
        Some(Self { memory: sys::memory(count)?, length: 0 })
    }

    /// Appends a number; false if there is no room for it.
    pub fn push(&mut self, number: u32) -> bool {
        let Some(slot) = self.memory.get_mut(self.length) else { return false };
        *slot = number;
        self.length += 1;
        true
    }

    /// The numbers.
    #[inline(always)]
    pub fn as_slice(&self) -> &[u32] {
        // SAFETY: so many have been appended, so there is room for that many.
        unsafe { self.memory.get_unchecked(..self.length) }
    }
}

#[cfg(test)]
mod tests {
    extern crate std;
    use core::ffi::CStr;
    use std::{format, string::String};

    use super::*;

    fn text(append: impl FnOnce(&mut Text<'_>)) -> String {
        let mut memory = Text::memory();
        let mut text = Text::new(&mut memory);
        append(&mut text);
        String::from_utf8_lossy(text.as_bytes()).into()
    }

    #[test]
    fn numbers_are_decimal() {
        let borders = (0..10).flat_map(|power| {
            let power = 10_u32.pow(power);
            [power - 1, power, power + 1, power.saturating_mul(9), power.saturating_mul(5).saturating_add(4)]
        });
        for number in borders.chain([u32::MAX, u32::MAX - 1, 1 << 31, 4_294_967_289, 4_294_967_290]) {
            assert_eq!(text(|text| text.number(number)), format!("{number}"));
        }
        for number in (0..u32::MAX).step_by(65_521) {
            assert_eq!(text(|text| text.number(number)), format!("{number}"));
        }
    }

    #[test]
    fn a_string_leaves_room_for_what_matters_more() {
        let long = std::ffi::CString::new("x".repeat(1000)).expect("no zero in it");
        let long: &'static CStr = std::boxed::Box::leak(long.into_boxed_c_str());
        let line = text(|text| {
            text.string(long.into());
            text.byte(b'!');
        });
        assert_eq!(line.len(), size_of::<Memory>() - Text::RESERVE + 1);
        assert!(line.ends_with("x!"));
    }

    #[test]
    fn entries_are_found_by_number() {
        let table = c"\x81ONE\x82TWO\x84FOUR";
        for (number, name) in [(1, "ONE"), (2, "TWO"), (3, ""), (4, "FOUR"), (0, "")] {
            assert_eq!(text(|text| text.entry(table.into(), number)), name);
        }
    }
}
