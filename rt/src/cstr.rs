//! C strings that are one pointer long.

use core::{ffi::CStr, marker::PhantomData, ptr::NonNull};

/// A C string: bytes that end in NUL, which no one changes or unmaps during `'a`.
///
/// Like a `&'a CStr`, but one pointer long, as in `argv`: the length is counted when it is needed.
///
/// A string does not outlive its bytes:
///
/// ```compile_fail,E0716
/// let string = mote_rt::ThinCStr::from_bytes_until_nul(&vec![0_u8]);
/// assert!(string.is_some());
/// ```
#[derive(Clone, Copy)]
#[repr(transparent)]
pub struct ThinCStr<'a>(NonNull<u8>, PhantomData<&'a CStr>);

impl<'a> ThinCStr<'a> {
    /// Returns the string at an address.
    ///
    /// # Safety
    ///
    /// The bytes from `ptr` up to a NUL can be read, and do not change, during `'a`.
    #[doc(hidden)]
    #[inline(always)]
    pub const unsafe fn from_ptr(ptr: *const u8) -> Self {
        // SAFETY: a pointer that can be read is not null.
        Self(unsafe { NonNull::new_unchecked(ptr.cast_mut()) }, PhantomData)
    }

    /// Returns the string at the beginning of `bytes`, if they contain a NUL.
    pub fn from_bytes_until_nul(bytes: &'a [u8]) -> Option<Self> {
        // size: `contains` searches word by word, which takes 190 bytes more.
        #[allow(clippy::manual_contains)]
        bytes.iter().any(|byte| *byte == 0).then(|| Self(NonNull::from(bytes).cast(), PhantomData))
    }

    /// Returns the pointer to the first byte, which is the NUL of an empty string.
    #[inline(always)]
    pub const fn as_ptr(self) -> *const u8 {
        self.0.as_ptr()
    }

    /// Returns the first byte and the rest, or `None` of an empty string.
    #[inline(always)]
    pub fn split_first(self) -> Option<(u8, Self)> {
        // SAFETY: a string has at least one byte, the NUL.
        let first = unsafe { self.0.read() };
        if first == 0 {
            return None;
        }
        // SAFETY: the first byte is not the NUL, so another byte follows.
        Some((first, Self(unsafe { self.0.add(1) }, PhantomData)))
    }

    /// Returns whether the string has no byte before its NUL.
    #[inline(always)]
    pub fn is_empty(self) -> bool {
        self.split_first().is_none()
    }

    /// Returns the bytes before the NUL.
    pub fn to_bytes(self) -> &'a [u8] {
        let length = self.find(0).as_ptr().addr() - self.as_ptr().addr();
        // SAFETY: so many bytes precede the NUL, and they do not change during `'a`.
        unsafe { core::slice::from_raw_parts(self.as_ptr(), length) }
    }

    /// Returns the string from the first `byte` on, or an empty one if there is none, as `strchrnul(3)` does.
    pub fn find(self, byte: u8) -> Self {
        let mut string = self;
        while let Some((first, rest)) = string.split_first() {
            if first == byte {
                break;
            }
            string = rest;
        }
        string
    }

    /// Returns the string behind the first `byte`, if there is one.
    pub fn behind(self, byte: u8) -> Option<Self> {
        self.find(byte).split_first().map(|(_, rest)| rest)
    }

    /// Returns the rest if the string begins with `prefix`.
    pub fn strip_prefix(self, prefix: ThinCStr<'_>) -> Option<Self> {
        let (mut string, mut prefix) = (self, prefix);
        while let Some((expected, prefix_rest)) = prefix.split_first() {
            let (byte, rest) = string.split_first()?;
            if byte != expected {
                return None;
            }
            (string, prefix) = (rest, prefix_rest);
        }
        Some(string)
    }

    /// Takes `byte` from the front. Returns whether it was there.
    pub fn take_byte(&mut self, byte: u8) -> bool {
        match self.split_first() {
            Some((first, rest)) if first == byte => {
                *self = rest;
                true
            }
            _ => false,
        }
    }

    /// Takes a decimal number from the front: at least one digit. `None` if there is no digit, or if the number is
    /// larger than [`u32::MAX`].
    pub fn take_u32(&mut self) -> Option<u32> {
        let (mut number, mut rest) = (0_u64, *self);
        while let Some((byte, behind)) = rest.split_first()
            && byte.is_ascii_digit()
        {
            number = number * 10 + u64::from(byte - b'0');
            if number > u32::MAX.into() {
                return None;
            }
            rest = behind;
        }
        let is_number = rest.as_ptr() != self.as_ptr();
        *self = rest;
        is_number.then_some(number as u32)
    }

    /// Parses a decimal number: digits only, at least one, at most [`u32::MAX`].
    pub fn parse_u32(self) -> Option<u32> {
        let mut rest = self;
        let number = rest.take_u32()?;
        rest.is_empty().then_some(number)
    }

    /// Takes a word from the front that is in a list of words between blanks. Returns its position in the list. No word
    /// of the list is the beginning of another one behind it.
    pub fn take_word(&mut self, list: ThinCStr<'_>) -> Option<u32> {
        let mut word = list;
        let mut position = 0;
        loop {
            let mut rest = *self;
            while let Some((byte, word_rest)) = word.split_first()
                && byte != b' '
                && rest.take_byte(byte)
            {
                word = word_rest;
            }
            if matches!(word.split_first(), None | Some((b' ', _))) {
                *self = rest;
                return Some(position);
            }
            word = word.behind(b' ')?;
            position += 1;
        }
    }
}

/// The strings in bytes that hold one behind another, each with its NUL. Bytes behind the last NUL are no string.
pub struct ThinCStrs<'a>(&'a [u8]);

impl<'a> ThinCStrs<'a> {
    /// Returns the strings in `bytes`.
    pub const fn new(bytes: &'a [u8]) -> Self {
        Self(bytes)
    }
}

impl<'a> Iterator for ThinCStrs<'a> {
    type Item = ThinCStr<'a>;

    fn next(&mut self) -> Option<ThinCStr<'a>> {
        let string = ThinCStr::from_bytes_until_nul(self.0)?;
        self.0 = self.0.get(string.to_bytes().len() + 1..)?;
        Some(string)
    }
}

impl PartialEq for ThinCStr<'_> {
    // size: inlined, it saves 50 bytes of pause on arm64.
    #[inline(always)]
    fn eq(&self, other: &Self) -> bool {
        let (mut string, mut other) = (self.0, other.0);
        loop {
            // SAFETY: the string has not ended before this byte.
            let byte = unsafe { string.read() };
            // SAFETY: as above.
            let other_byte = unsafe { other.read() };
            if byte != other_byte {
                return false;
            }
            if byte == 0 {
                return true;
            }
            // SAFETY: this byte is not the NUL, so another byte follows.
            string = unsafe { string.add(1) };
            // SAFETY: as above.
            other = unsafe { other.add(1) };
        }
    }
}

impl<'a> From<&'a CStr> for ThinCStr<'a> {
    #[inline(always)]
    fn from(string: &'a CStr) -> Self {
        Self(NonNull::from(string).cast(), PhantomData)
    }
}

/// Checks, when it is compiled, that a constant is a C string.
#[doc(hidden)]
pub const fn c_str(bytes: &[u8]) -> &CStr {
    match CStr::from_bytes_with_nul(bytes) {
        Ok(string) => string,
        Err(_) => panic!("a constant string ends in NUL and contains no other"),
    }
}

#[cfg(test)]
mod tests {
    extern crate std;
    use super::*;

    fn string(text: &'static CStr) -> ThinCStr<'static> {
        text.into()
    }

    /// The byte behind the NUL of an empty string belongs to something else.
    #[test]
    fn nothing_behind_the_nul_is_read() {
        // A box of one byte, so that Miri and valgrind would report a read of a second one.
        let bytes = std::boxed::Box::new([0_u8]);
        let empty = ThinCStr::from_bytes_until_nul(&*bytes).expect("a NUL");
        assert!(empty.is_empty() && empty.to_bytes().is_empty() && empty.split_first().is_none());
        assert!(empty != string(c"-v") && empty == string(c""));
        assert!(empty.strip_prefix(string(c"-")).is_none());
        assert!(empty.find(b'=').is_empty() && empty.behind(b'=').is_none() && empty.parse_u32().is_none());
    }

    #[test]
    fn bytes_without_a_nul_are_no_string() {
        assert!(ThinCStr::from_bytes_until_nul(b"abc").is_none());
        assert!(ThinCStr::from_bytes_until_nul(b"").is_none());
        assert!(ThinCStr::from_bytes_until_nul(b"a\0b").is_some_and(|string| string.to_bytes() == b"a"));
    }

    #[test]
    fn equal_strings_are_equal_to_their_ends() {
        let argument = string(c"-v");
        assert!(argument == string(c"-v"));
        for other in [c"", c"-", c"-vv", c"-w"] {
            assert!(argument != string(other) && string(other) != argument, "{other:?}");
        }
    }

    #[test]
    fn a_prefix_is_stripped_once() {
        let rest = |prefix| string(c"SIGTERM").strip_prefix(string(prefix)).map(ThinCStr::to_bytes);
        assert_eq!(rest(c"SIG"), Some(&b"TERM"[..]));
        assert_eq!(rest(c""), Some(&b"SIGTERM"[..]));
        assert_eq!(rest(c"SIGTERM"), Some(&b""[..]));
        assert_eq!(rest(c"SIGTERMS"), None);
        assert_eq!(rest(c"TERM"), None);
    }

    #[test]
    fn strings_follow_each_other() {
        let strings = |bytes: &'static [u8]| {
            ThinCStrs::new(bytes).map(ThinCStr::to_bytes).collect::<std::vec::Vec<_>>()
        };
        assert_eq!(strings(b"a\0\0bc\0"), [&b"a"[..], b"", b"bc"]);
        assert_eq!(strings(b"a\0b"), [b"a"]);
        assert!(strings(b"").is_empty() && strings(b"a").is_empty());
    }

    #[test]
    fn a_byte_is_found_where_it_is_first() {
        let variable = string(c"NAME=a=b");
        assert_eq!(variable.find(b'=').to_bytes(), b"=a=b");
        assert!(variable.find(b'!').is_empty() && variable.behind(b'!').is_none());
        assert_eq!(variable.behind(b'=').map(ThinCStr::to_bytes), Some(&b"a=b"[..]));
        assert!(string(c"NAME=").behind(b'=').is_some_and(ThinCStr::is_empty));
    }

    #[test]
    fn numbers_are_digits_only() {
        assert_eq!(string(c"0").parse_u32(), Some(0));
        assert_eq!(string(c"0042").parse_u32(), Some(42));
        assert_eq!(string(c"4294967295").parse_u32(), Some(u32::MAX));
        for wrong in [c"", c"-1", c"+1", c"1 ", c" 1", c"1a", c"0x1", c"4294967296", c"99999999999999"] {
            assert_eq!(string(wrong).parse_u32(), None, "{wrong:?}");
        }
    }

    #[test]
    fn a_number_is_taken_up_to_the_last_digit() {
        let mut rest = string(c"12:34");
        assert_eq!(rest.take_u32(), Some(12));
        assert_eq!(rest.take_u32(), None);
        assert!(rest.take_byte(b':') && !rest.take_byte(b':'));
        assert_eq!((rest.take_u32(), rest.is_empty()), (Some(34), true));
    }

    #[test]
    fn a_word_is_taken_if_it_is_in_the_list() {
        for (text, position, rest) in [("HUP", 0, ""), ("INT:TERM", 1, ":TERM"), ("QUITS", 2, "S")] {
            let text = std::format!("{text}\0");
            let mut word = ThinCStr::from_bytes_until_nul(text.as_bytes()).expect("a NUL");
            assert_eq!(word.take_word(string(c"HUP INT QUIT")), Some(position), "{text}");
            assert_eq!(word.to_bytes(), rest.as_bytes());
        }
        for other in [c"", c"HU", c"hup", c" HUP", c"IN", c"UP"] {
            let mut word = string(other);
            assert_eq!(word.take_word(string(c"HUP INT QUIT")), None, "{other:?}");
            assert!(word == string(other));
        }
    }
}
