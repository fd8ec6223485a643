//! What the kernel leaves on the stack of a new program: its arguments and its environment.
//!
//! The layout is the same on all architectures (`fs/binfmt_elf.c`, `create_elf_tables`), in words:
//!
//! ```text
//! argc, argv[0] … argv[argc - 1], 0, envp[0] … envp[n - 1], 0, auxiliary vector
//! ```

use core::{ffi::CStr, iter};

/// The initial stack of the process.
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

    /// The argument at `index`, counted from the program's own name; `None` if there are fewer.
    #[inline(always)]
    pub fn arg(self, index: usize) -> Option<StackStr> {
        if index >= self.argc() {
            return None;
        }
        let pointer = self.0.wrapping_add(1 + index).cast::<*const u8>();
        // SAFETY: `argc` pointers follow the first word, each to a string.
        Some(StackStr(unsafe { *pointer }))
    }

    /// The environment: strings of the form `NAME=value`, though nothing enforces it.
    pub fn env(self) -> impl Iterator<Item = StackStr> {
        self.strings(self.argc() + 2)
    }

    fn argc(self) -> usize {
        // SAFETY: the first word of an initial stack is the count of arguments.
        unsafe { *self.0 }
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
    /// The bytes, without the zero that ends them.
    pub fn bytes(self) -> impl Iterator<Item = u8> {
        let mut next = self.0;
        iter::from_fn(move || {
            // SAFETY: `next` starts inside the string and stops for good at the zero that ends it.
            let byte = unsafe { *next };
            next = next.wrapping_add(usize::from(byte != 0));
            (byte != 0).then_some(byte)
        })
    }
}

impl PartialEq<CStr> for StackStr {
    #[inline(always)]
    fn eq(&self, other: &CStr) -> bool {
        let (mut left, mut right) = (self.0, other.as_ptr().cast::<u8>());
        loop {
            // SAFETY: this pointer starts inside a string, and moves on only when it isn't at the zero that ends
            // it.
            let a = unsafe { *left };
            // SAFETY: so does this one, since it moves on only past a byte that was the same.
            let b = unsafe { *right };
            if a != b {
                return false;
            }
            if a == 0 {
                return true;
            }
            (left, right) = (left.wrapping_add(1), right.wrapping_add(1));
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
        assert!(stack.arg(1).is_some_and(|arg| arg == *c"-v"));
        assert!(stack.arg(2).is_none());
        assert!(stack.env().zip([c"A=1", c"B", c""]).all(|(variable, text)| variable == *text));
        assert_eq!(stack.env().count(), 3);
    }

    #[test]
    fn a_program_may_have_no_argument_at_all() {
        let words = [0, 0, word(c"A=1"), 0];
        assert_eq!(stack(&words).args().count(), 0);
        assert!(stack(&words).arg(0).is_none());
        assert_eq!(stack(&words).env().count(), 1);
    }

    #[test]
    fn equal_means_the_whole_string() {
        let words = [1, word(c"-v"), 0, 0];
        let arg = stack(&words).args().next().expect("there is one");
        assert!(arg == *c"-v");
        assert!(arg != *c"-");
        assert!(arg != *c"-vv");
        assert!(arg != *c"");
    }
}
