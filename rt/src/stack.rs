//! What the kernel leaves on the stack of a new program: its arguments and its environment.
//!
//! The layout is the same on all architectures (`fs/binfmt_elf.c`, `create_elf_tables`), in words:
//!
//! ```text
//! argc, argv[0] … argv[argc - 1], 0, envp[0] … envp[n - 1], 0, auxiliary vector
//! ```

use core::{ffi::CStr, iter};

/// The initial stack of the process, which [`entry!`](crate::entry) hands to the program.
#[derive(Clone, Copy)]
#[repr(transparent)]
pub struct InitialStack(*const usize);

impl InitialStack {
    /// Takes the stack pointer as it is at the entry point.
    ///
    /// # Safety
    ///
    /// `sp` points to an initial stack as the kernel lays it out, which stays as it is from then on.
    #[cfg(test)]
    const unsafe fn new(sp: *const usize) -> Self {
        Self(sp)
    }

    /// The arguments, the program's own name first. There may be none at all.
    pub fn args(self) -> impl Iterator<Item = StackStr> {
        self.strings(1)
    }

    /// The first argument behind the program's own name.
    ///
    /// A program that was started without even a name, which kernels since 5.18 prevent, gets its first
    /// variable.
    #[inline(always)]
    pub fn first_argument(self) -> Option<StackStr> {
        self.strings(2).next()
    }

    /// The environment: strings of the form `NAME=value`, though nothing enforces it.
    pub fn env(self) -> impl Iterator<Item = StackStr> {
        // SAFETY: the first word of an initial stack is the count of arguments.
        let argc = unsafe { *self.0 };
        self.strings(argc + 2)
    }

    /// The strings whose pointers begin at a word of the stack and end with a zero word.
    fn strings(self, word: usize) -> impl Iterator<Item = StackStr> {
        let mut next = self.0.wrapping_add(word).cast::<*const u8>();
        iter::from_fn(move || {
            // SAFETY: `next` starts at one of the two arrays and stops for good at the zero that ends it.
            let string = unsafe { *next };
            if string.is_null() {
                return None;
            }
            next = next.wrapping_add(1);
            Some(StackStr(string))
        })
    }
}

/// A string of the initial stack: any bytes but zero.
///
/// As small as a pointer, because its length is rarely asked for.
#[derive(Clone, Copy)]
pub struct StackStr(*const u8);

impl StackStr {
    /// The second byte. Of a string that is too short for one it is 0 or has nothing to do with the string.
    #[inline(always)]
    pub fn second_byte(self) -> u8 {
        // SAFETY: every string ends in a zero, and something follows the last of them: the kernel begins to fill
        // the stack below a word that it leaves zero (`fs/exec.c`, `__bprm_mm_init`).
        unsafe { *self.0.wrapping_add(1) }
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
        unsafe { InitialStack::new(words.as_ptr()) }
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
