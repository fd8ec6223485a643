//! What the kernel leaves on the stack of a new program: its arguments and its environment.
//!
//! The layout is the same on all architectures (`fs/binfmt_elf.c`, `create_elf_tables`), in words:
//!
//! ```text
//! argc, argv[0] … argv[argc - 1], 0, envp[0] … envp[n - 1], 0, auxiliary vector
//! ```

use crate::string::{OwnStr, StackStr};

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
        self.strings(2).first()
    }

    /// The arguments, the program's own name first. There may be none at all.
    pub fn args(self) -> Args {
        Args(self.strings(0))
    }

    /// The program's own name; empty if it was started without one.
    #[inline(always)]
    pub fn name(self) -> StackStr {
        self.strings(1).first().unwrap_or_else(StackStr::empty)
    }

    /// The arguments behind the program's own name, if it was started with one.
    pub(crate) fn arguments(self) -> Strings {
        self.strings(1 + usize::from(self.argc() != 0))
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
#[repr(transparent)]
pub struct Strings(pub(crate) *mut Option<StackStr>);

impl Strings {
    /// The first of them.
    #[inline(always)]
    pub fn first(self) -> Option<StackStr> {
        // SAFETY: this is a word of one of the two arrays, at most the zero that ends it.
        unsafe { *self.0 }
    }

    pub(crate) fn as_ptr(self) -> *const Option<StackStr> {
        self.0
    }

    /// Replaces the first of them, and goes on to the next.
    pub(crate) fn put(&mut self, string: StackStr) {
        // SAFETY: a word of one of the two arrays, since what is put there comes from at or behind it.
        unsafe { *self.0 = Some(string) };
        self.0 = self.0.wrapping_add(1);
    }

    /// Ends the array here.
    pub(crate) fn finish(self) {
        // SAFETY: a word of one of the two arrays, at most the zero that ends it.
        unsafe { *self.0 = None };
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

/// The arguments of the process, gone through one by one.
pub struct Args(Strings);

impl Args {
    /// The arguments from the one on that was taken last, unless that was none.
    pub fn from_last(self) -> Option<CommandLine> {
        CommandLine::of(self.0)
    }
}

impl Iterator for Args {
    type Item = OwnStr;

    /// At first the word in front of the arguments counts as the last that was taken. That is their count, which
    /// is zero only if there are none.
    fn next(&mut self) -> Option<OwnStr> {
        self.0.next()?;
        self.0.first().map(OwnStr)
    }
}

/// The arguments of a program to be executed, at least one, behind a word that nobody needs any more.
#[derive(Clone, Copy)]
pub struct CommandLine(Strings);

impl CommandLine {
    /// These, which are behind some word of the initial stack; `None` if there are none.
    pub(crate) fn of(strings: Strings) -> Option<Self> {
        strings.first().map(|_| Self(strings))
    }

    /// The first of the words.
    pub fn name(self) -> StackStr {
        self.0.first().unwrap_or_else(StackStr::empty)
    }

    /// The words.
    pub fn strings(self) -> Strings {
        self.0
    }

    /// The same for an interpreter that is to execute the program in the file `path`.
    pub fn interpreted(self, interpreter: StackStr, path: StackStr) -> Strings {
        let second = self.0.0;
        let first = second.wrapping_sub(1);
        // SAFETY: the word before the first argument is that of an argument that was skipped, or the count.
        unsafe { *first = Some(interpreter) };
        // SAFETY: the first argument, since there is one: the name of what was executed.
        unsafe { *second = Some(path) };
        Strings(first)
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
        assert!(stack.args().zip([c"pause", c"-v"]).all(|(arg, text)| *arg == *text));
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
}
