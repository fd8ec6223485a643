//! Strings as the kernel and C know them: bytes up to a zero.

use core::{ffi::CStr, ptr::NonNull};

use crate::text;

/// A string that lives as long as the program, from somewhere in it to its end: any bytes but zero.
///
/// As small as a pointer, because its length is rarely asked for.
#[derive(Clone, Copy)]
#[repr(transparent)]
pub struct StackStr(pub(crate) NonNull<u8>);

impl StackStr {
    /// The string at an address.
    ///
    /// # Safety
    ///
    /// A string that ends in a zero is there, for as long as the program runs.
    #[doc(hidden)]
    #[inline(always)]
    pub const unsafe fn at(address: *const u8) -> Self {
        // SAFETY: where a string is, an address is not zero.
        Self(unsafe { NonNull::new_unchecked(address.cast_mut()) })
    }

    /// One without a byte.
    #[inline(always)]
    pub fn empty() -> Self {
        text!("")
    }

    /// The first byte; 0 if the string is empty.
    #[inline(always)]
    pub fn first(self) -> u8 {
        // SAFETY: this is a byte of the string, at most the zero that ends it.
        unsafe { *self.0.as_ptr() }
    }

    /// Without its first byte, if it has one.
    #[inline(always)]
    pub fn rest(self) -> Self {
        // SAFETY: no further than the zero that ends it.
        Self(unsafe { self.0.add(usize::from(self.first() != 0)) })
    }

    /// Without its first `count` bytes.
    #[inline(always)]
    pub fn skip(self, count: usize) -> Self {
        let mut string = self;
        for _ in 0..count {
            string = string.rest();
        }
        string
    }

    /// From the first `byte` on; empty if it has none.
    pub fn from_byte(self, byte: u8) -> Self {
        let mut string = self;
        while string.first() != 0 && string.first() != byte {
            string = string.rest();
        }
        string
    }

    /// What follows its last `byte`; all of it if it has none.
    pub fn behind_last(self, byte: u8) -> Self {
        let (mut string, mut last) = (self, self);
        while string.first() != 0 {
            let is_it = string.first() == byte;
            string = string.rest();
            if is_it {
                last = string;
            }
        }
        last
    }

    /// What follows `prefix`, if it begins so. Of a prefix with a `=` only that counts which ends there: for a
    /// variable it may be another of the same name.
    pub fn after(self, prefix: StackStr) -> Option<Self> {
        let (mut string, mut prefix) = (self, prefix);
        let mut last = 0;
        while prefix.first() != 0 && last != b'=' {
            last = prefix.first();
            if string.first() != last {
                return None;
            }
            (string, prefix) = (string.rest(), prefix.rest());
        }
        Some(string)
    }

    /// How many bytes it has.
    pub fn length(self) -> usize {
        (self.from_byte(0).as_ptr() as usize).wrapping_sub(self.as_ptr() as usize)
    }

    /// Whether it is the same as another.
    pub fn is(self, other: StackStr) -> bool {
        let (mut string, mut other) = (self, other);
        while string.first() == other.first() {
            if string.first() == 0 {
                return true;
            }
            (string, other) = (string.rest(), other.rest());
        }
        false
    }

    /// The decimal number that it begins with, and what follows that; `u32::MAX` if there is none or it is too
    /// large.
    pub fn take_number(self) -> (u32, Self) {
        let (mut rest, mut number) = (self, if self.digit() > 9 { u32::MAX } else { 0 });
        while rest.digit() <= 9 {
            number = number.saturating_mul(10).saturating_add(rest.digit());
            rest = rest.rest();
        }
        (number, rest)
    }

    /// The value of its first byte as a digit; more than 9 if it is none.
    fn digit(self) -> u32 {
        u32::from(self.first()).wrapping_sub(b'0'.into())
    }

    /// The value of the decimal number that this is; `u32::MAX` if it is none or is too large.
    pub fn number(self) -> u32 {
        let (number, rest) = self.take_number();
        if rest.first() == 0 { number } else { u32::MAX }
    }

    /// The second byte. Of a string that is too short for one it is 0 or has nothing to do with the string.
    #[inline(always)]
    pub fn second_byte(self) -> u8 {
        // SAFETY: every string ends in a zero, and something follows the last of them: the kernel begins to fill
        // the stack below a word that it leaves zero (`fs/exec.c`, `__bprm_mm_init`).
        unsafe { *self.0.as_ptr().wrapping_add(1) }
    }

    pub(crate) fn as_ptr(self) -> *const u8 {
        self.0.as_ptr()
    }
}

/// A string in memory of the process's own, where it can be cut: an argument, a variable, the text of a file.
#[derive(Clone, Copy)]
#[repr(transparent)]
pub struct OwnStr(pub(crate) StackStr);

impl core::ops::Deref for OwnStr {
    type Target = StackStr;

    #[inline(always)]
    fn deref(&self) -> &StackStr {
        &self.0
    }
}

impl OwnStr {
    /// Without its first byte, if it has one.
    #[inline(always)]
    pub fn rest(self) -> Self {
        Self(self.0.rest())
    }

    /// Ends it before the first byte that is `end`, if there is one, and returns what follows that.
    pub fn cut(self, end: u8) -> Self {
        self.cut_at(self.from_byte(end))
    }

    /// The same at a place further on in it.
    pub(crate) fn cut_at(self, end: StackStr) -> Self {
        let rest = end.rest();
        // SAFETY: a byte of the string, or the zero that ends it.
        unsafe { *end.0.as_ptr() = 0 };
        Self(rest)
    }
}

/// Bytes as a text, for the macros that make such out of constants.
#[doc(hidden)]
pub const fn c_str(bytes: &[u8]) -> &CStr {
    match CStr::from_bytes_with_nul(bytes) {
        Ok(text) => text,
        Err(_) => panic!("there is a zero inside, or none at the end"),
    }
}

impl From<&'static CStr> for StackStr {
    #[inline(always)]
    fn from(text: &'static CStr) -> Self {
        Self(NonNull::from(text).cast())
    }
}

impl PartialEq<CStr> for StackStr {
    #[inline(always)]
    fn eq(&self, other: &CStr) -> bool {
        let other = other.as_ptr().cast::<u8>();
        let mut at = 0;
        loop {
            // SAFETY: a byte of this string, since those before it were not the zero that ends it.
            let byte = unsafe { *self.0.as_ptr().wrapping_add(at) };
            // SAFETY: a byte of the other, since those before it were the same.
            if byte != unsafe { *other.wrapping_add(at) } {
                return false;
            }
            if byte == 0 {
                return true;
            }
            at += 1;
        }
    }
}
#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_whole_strings_of_digits() {
        let number = |text: &'static CStr| StackStr::from(text).number();
        assert_eq!(number(c"0"), 0);
        assert_eq!(number(c"0042"), 42);
        assert_eq!(number(c"4294967294"), 4_294_967_294);
        for wrong in [c"", c"-1", c"+1", c"1 ", c" 1", c"1a", c"4294967295", c"4294967296", c"99999999999999"]
        {
            assert_eq!(number(wrong), u32::MAX, "{wrong:?}");
        }
    }

    #[test]
    fn parts_of_a_string() {
        let string = StackStr::from(c"NAME=value=x");
        assert!(string.from_byte(b'=').rest() == *c"value=x");
        assert!(string.from_byte(b'!') == *c"");
        assert!(string.behind_last(b'=') == *c"x" && string.behind_last(b'/') == *c"NAME=value=x");
        assert!(string.after(c"NAM".into()).is_some_and(|rest| rest == *c"E=value=x"));
        assert!(string.after(c"NAME=other".into()).is_some_and(|rest| rest == *c"value=x"));
        assert!(string.after(c"NAMES".into()).is_none());
        assert!(StackStr::from(c"NA").after(c"NAME".into()).is_none());
        assert_eq!(string.length(), 12);
        assert!(string.skip(5) == *c"value=x" && string.skip(99) == *c"");
    }

    #[test]
    fn a_number_ends_where_its_digits_do() {
        let (number, rest) = StackStr::from(c"12:34").take_number();
        assert!(number == 12 && rest == *c":34");
        let (number, rest) = rest.take_number();
        assert!(number == u32::MAX && rest == *c":34");
        let (number, rest) = StackStr::from(c"42949672950x").take_number();
        assert!(number == u32::MAX && rest == *c"x");
    }

    #[test]
    fn a_string_is_cut_where_it_lies() {
        let mut bytes = *b"a:b::c\0";
        let first = OwnStr(StackStr(NonNull::from(&mut bytes).cast()));
        let second = first.cut(b':');
        let third = second.cut(b':');
        let fourth = third.cut(b':');
        let fifth = fourth.cut(b':');
        assert!(*first == *c"a" && *second == *c"b" && *third == *c"" && *fourth == *c"c" && *fifth == *c"");
    }

    #[test]
    fn the_same_means_the_whole_string() {
        let string = StackStr::from(c"ab");
        assert!(string.is(c"ab".into()));
        for other in [c"", c"a", c"abc", c"b"] {
            assert!(!string.is(other.into()) && !StackStr::from(other).is(string));
        }
    }

    #[test]
    fn equal_means_the_whole_string() {
        let arg = StackStr::from(c"-v");
        assert!(arg == *c"-v");
        assert!(arg != *c"-");
        assert!(arg != *c"-vv");
        assert!(arg != *c"");
        assert_eq!(arg.second_byte(), b'v');
    }
}
