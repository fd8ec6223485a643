//! What is put together in memory: texts, and lists of numbers.

use core::{ffi::CStr, mem::MaybeUninit, ptr::NonNull};

use crate::{
    stack::{OwnStr, StackStr},
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
        if number > 9 {
            self.number(number / 10);
        }
        self.byte(b'0' + (number % 10) as u8);
    }

    /// Appends what a table has for a number: the bytes behind the one that is that number plus 128, up to the next
    /// beyond ASCII.
    #[inline(never)]
    pub fn entry(&mut self, table: &'static CStr, number: u8) {
        let (mut rest, mut at) = (StackStr::from(table), 0);
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
    pub fn send(&self) {
        let _ = sys::write(Fd::STDERR, self.as_bytes());
    }
}

impl Text<'static> {
    /// An empty text in memory of its own, with room for several of the longest strings that a program can be given
    /// (`MAX_ARG_STRLEN` of `linux/binfmts.h`: 32 pages, so at most 2 MiB). `None` if there is no memory.
    #[inline(always)]
    pub fn large() -> Option<Self> {
        Some(Self { memory: sys::memory(1 << 23)?, length: 0 })
    }

    /// The text as a string, which changes with the text.
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
    #[inline(always)]
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
