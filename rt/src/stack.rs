//! What the kernel leaves on the stack of a new program: its arguments and its environment.
//!
//! The layout is the same on all architectures (`fs/binfmt_elf.c`, `create_elf_tables`), in words:
//!
//! ```text
//! argc, argv[0] … argv[argc - 1], 0, envp[0] … envp[n - 1], 0, auxiliary vector
//! ```

use core::ffi::CStr;

/// The initial stack of the process, which [`entry!`](crate::entry) hands to the program.
#[derive(Clone, Copy)]
#[repr(transparent)]
pub struct InitialStack(*mut usize);

impl InitialStack {
    /// Takes the stack pointer as it is at the entry point.
    ///
    /// # Safety
    ///
    /// `sp` points to an initial stack as the kernel lays it out.
    #[cfg(test)]
    pub(crate) const unsafe fn new(sp: *mut usize) -> Self {
        Self(sp)
    }

    /// The first argument behind the program's own name.
    ///
    /// A program that was started without even a name, which kernels since 5.18 prevent, gets its first
    /// variable.
    #[inline(always)]
    pub fn first_argument(self) -> Option<StackStr> {
        self.strings(2).next()
    }

    /// The arguments, the program's own name first. There may be none at all.
    pub fn args(self) -> Strings {
        self.strings(1)
    }

    /// The environment: strings of the form `NAME=value`, though nothing enforces it.
    pub fn env(self) -> Strings {
        self.strings(self.argc() + 2)
    }

    fn argc(self) -> usize {
        // SAFETY: the first word of an initial stack is the count of arguments.
        unsafe { *self.0 }
    }

    fn strings(self, word: usize) -> Strings {
        Strings(self.0.wrapping_add(word).cast())
    }
}

/// An array of strings that a zero word ends: arguments or environment, from somewhere in it to its end.
#[derive(Clone, Copy)]
pub struct Strings(pub(crate) *mut *const u8);

impl Strings {
    /// The first of them.
    #[inline(always)]
    pub fn first(self) -> Option<StackStr> {
        // SAFETY: this is a word of one of the two arrays, at most the zero that ends it.
        let string = unsafe { *self.0 };
        if string.is_null() { None } else { Some(StackStr(string)) }
    }

    pub(crate) fn as_ptr(self) -> *const *const u8 {
        self.0
    }
}

impl Iterator for Strings {
    type Item = StackStr;

    #[inline(always)]
    fn next(&mut self) -> Option<StackStr> {
        let first = self.first()?;
        self.0 = self.0.wrapping_add(1);
        Some(first)
    }
}

/// A string that lives as long as the program, from somewhere in it to its end: any bytes but zero.
///
/// As small as a pointer, because its length is rarely asked for.
#[derive(Clone, Copy)]
pub struct StackStr(pub(crate) *const u8);

impl StackStr {
    /// The first byte; 0 if the string is empty.
    #[inline(always)]
    pub fn first(self) -> u8 {
        // SAFETY: this is a byte of the string, at most the zero that ends it.
        unsafe { *self.0 }
    }

    /// Without its first byte, if it has one.
    #[inline(always)]
    pub fn rest(self) -> Self {
        Self(self.0.wrapping_add(usize::from(self.first() != 0)))
    }

    /// From the first `byte` on; empty if it has none.
    pub fn from_byte(self, byte: u8) -> Self {
        let mut string = self;
        while string.first() != 0 && string.first() != byte {
            string = string.rest();
        }
        string
    }

    /// What follows `prefix`, if it begins so.
    pub fn after(self, prefix: &[u8]) -> Option<Self> {
        let mut string = self;
        for &byte in prefix {
            if string.first() != byte {
                return None;
            }
            string = string.rest();
        }
        Some(string)
    }

    /// The value of the decimal number that this is; `u32::MAX` if it is none or is too large.
    pub fn number(self) -> u32 {
        let (mut string, mut number) = (self, 0_u32);
        loop {
            let digit = string.first().wrapping_sub(b'0');
            if digit > 9 {
                return u32::MAX;
            }
            let Some(next) = number.checked_mul(10).and_then(|tens| tens.checked_add(digit.into())) else {
                return u32::MAX;
            };
            number = next;
            string = string.rest();
            if string.first() == 0 {
                return number;
            }
        }
    }

    /// The second byte. Of a string that is too short for one it is 0 or has nothing to do with the string.
    #[inline(always)]
    pub fn second_byte(self) -> u8 {
        // SAFETY: every string ends in a zero, and something follows the last of them: the kernel begins to fill
        // the stack below a word that it leaves zero (`fs/exec.c`, `__bprm_mm_init`).
        unsafe { *self.0.wrapping_add(1) }
    }

    pub(crate) fn as_ptr(self) -> *const u8 {
        self.0
    }
}

impl From<&'static CStr> for StackStr {
    #[inline(always)]
    fn from(text: &'static CStr) -> Self {
        Self(text.as_ptr().cast())
    }
}

impl PartialEq<CStr> for StackStr {
    #[inline(always)]
    fn eq(&self, other: &CStr) -> bool {
        let other = other.as_ptr().cast::<u8>();
        let mut at = 0;
        loop {
            // SAFETY: a byte of this string, since those before it were not the zero that ends it.
            let byte = unsafe { *self.0.wrapping_add(at) };
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

    /// An initial stack of these strings, each of which ends in a zero.
    fn stack<const WORDS: usize>(words: &[usize; WORDS]) -> InitialStack {
        // SAFETY: the tests below lay out their arrays as the kernel does.
        unsafe { InitialStack::new(words.as_ptr().cast_mut()) }
    }

    fn word(string: &'static core::ffi::CStr) -> usize {
        string.as_ptr() as usize
    }

    #[test]
    fn arguments_and_environment_are_told_apart() {
        let words = [2, word(c"pause"), word(c"-v"), 0, word(c"A=1"), word(c"B"), word(c""), 0];
        let stack = stack(&words);
        assert!(stack.args().zip([c"pause", c"-v"]).all(|(arg, text)| arg == *text));
        assert_eq!(stack.args().count(), 2);
        assert!(stack.first_argument().is_some_and(|arg| arg == *c"-v"));
        assert!(stack.env().zip([c"A=1", c"B", c""]).all(|(variable, text)| variable == *text));
        assert_eq!(stack.env().count(), 3);
    }

    #[test]
    fn a_program_may_have_no_argument_at_all() {
        let words = [0, 0, word(c"A=1"), 0];
        assert_eq!(stack(&words).args().count(), 0);
        assert_eq!(stack(&words).env().count(), 1);
    }

    #[test]
    fn the_first_argument_may_be_missing() {
        let words = [1, word(c"pause"), 0, word(c"A=1"), 0];
        assert!(stack(&words).first_argument().is_none());
    }

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
        assert!(string.after(b"NAME=").is_some_and(|rest| rest == *c"value=x"));
        assert!(string.after(b"NAMES").is_none());
        assert!(StackStr::from(c"NA").after(b"NAME").is_none());
    }

    #[test]
    fn equal_means_the_whole_string() {
        let words = [1, word(c"-v"), 0, 0];
        let arg = stack(&words).args().next().expect("there is one");
        assert!(arg == *c"-v");
        assert!(arg != *c"-");
        assert!(arg != *c"-vv");
        assert!(arg != *c"");
        assert_eq!(arg.second_byte(), b'v');
    }
}
