//! Text that is put together on the stack.

use core::{ffi::CStr, mem::MaybeUninit};

use crate::{
    stack::StackStr,
    sys::{self, Fd},
};

/// Memory for a [`Text`]. It is not touched before something is written to it.
pub type Memory<const SIZE: usize> = [MaybeUninit<u8>; SIZE];

/// Fresh memory.
#[inline(always)]
pub const fn memory<const SIZE: usize>() -> Memory<SIZE> {
    [const { MaybeUninit::uninit() }; SIZE]
}

/// A text in borrowed memory. What doesn't fit is left out.
pub struct Text<'a> {
    memory: &'a mut [MaybeUninit<u8>],
    length: usize,
    cut: bool,
}

impl<'a> Text<'a> {
    /// What strings leave of the memory to that which follows them and matters more.
    pub const RESERVE: usize = 64;

    /// An empty text.
    #[inline(always)]
    pub const fn new(memory: &'a mut [MaybeUninit<u8>]) -> Self {
        Self { memory, length: 0, cut: false }
    }

    /// Makes it empty again.
    #[inline(always)]
    pub const fn clear(&mut self) {
        self.length = 0;
        self.cut = false;
    }

    /// Whether something was left out.
    #[inline(always)]
    pub const fn is_cut(&self) -> bool {
        self.cut
    }

    /// Whether nothing was appended.
    #[inline(always)]
    pub const fn is_empty(&self) -> bool {
        self.length == 0
    }

    /// Appends a byte; false if there is no room for it.
    #[inline(never)]
    pub fn byte(&mut self, byte: u8) -> bool {
        let Some(slot) = self.memory.get_mut(self.length) else {
            self.cut = true;
            return false;
        };
        slot.write(byte);
        self.length += 1;
        true
    }

    /// Appends a string, as much of it as there is room for, less [`Self::RESERVE`] bytes.
    #[inline(never)]
    pub fn string(&mut self, string: StackStr) {
        let mut rest = string;
        while rest.first() != 0 && self.length + Self::RESERVE < self.memory.len() {
            self.byte(rest.first());
            rest = rest.rest();
        }
        self.cut |= rest.first() != 0;
    }

    /// Appends a text of the program's own, as much of it as there is room for.
    #[inline(never)]
    pub fn literal(&mut self, text: &'static CStr) {
        let mut rest = StackStr::from(text);
        while rest.first() != 0 {
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

    /// Appends the name that a table has for a number: the bytes behind the one of that value, up to the next
    /// that is below `0`.
    #[inline(never)]
    pub fn name(&mut self, table: StackStr, number: u8) {
        let (mut rest, mut at) = (table, 0);
        while rest.first() != 0 {
            if rest.first() < b'0' {
                at = rest.first();
            } else if at == number {
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

    /// The text as a string with a zero at its end, for which there must be room. It is valid as long as the
    /// memory is, and as long as nothing is appended.
    #[inline(never)]
    pub fn as_string(&mut self) -> Option<StackStr> {
        self.byte(0).then(|| StackStr(self.memory.as_ptr().cast()))
    }

    /// Writes the text to standard error. Whoever doesn't want to read it may not: that is no error.
    pub fn send(&self) {
        let _ = sys::write(Fd::STDERR, self.as_bytes());
    }
}

/// A list of numbers, in memory that is asked for when the first is appended.
pub struct Numbers {
    first: *mut u32,
    length: usize,
}

impl Default for Numbers {
    fn default() -> Self {
        Self::new()
    }
}

impl Numbers {
    /// As many supplementary groups as a process may have (`NGROUPS_MAX` of `linux/limits.h`).
    const MAX: usize = linux_raw_sys::general::NGROUPS_MAX as usize;

    /// An empty list.
    pub const fn new() -> Self {
        Self { first: core::ptr::dangling_mut(), length: 0 }
    }

    /// Appends a number; false if there is no room for it.
    pub fn push(&mut self, number: u32) -> bool {
        if self.length == 0 {
            let Ok(memory) = sys::memory(Self::MAX * size_of::<u32>()) else {
                return false;
            };
            self.first = memory.cast();
        }
        if self.length == Self::MAX {
            return false;
        }
        // SAFETY: the memory has room for `MAX` numbers.
        unsafe { *self.first.wrapping_add(self.length) = number };
        self.length += 1;
        true
    }

    /// The numbers.
    pub fn as_slice(&self) -> &[u32] {
        // SAFETY: so many numbers were written; of none the address does not matter.
        unsafe { core::slice::from_raw_parts(self.first, self.length) }
    }
}
