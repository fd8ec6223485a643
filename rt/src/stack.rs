//! The initial stack of a program: its arguments and its environment.
//!
//! The layout is the same on all architectures (`create_elf_tables` in the kernel's `fs/binfmt_elf.c`), in words:
//!
//! ```text
//! argc, argv[0] … argv[argc - 1], NULL, envp[0] … envp[n - 1], NULL, auxiliary vector
//! ```

use core::{marker::PhantomData, ptr::NonNull};

use crate::{Command, Environment, ThinCStr};

/// A slot of `argv` or `envp`: a string, or the null pointer that ends the array.
pub(crate) type Slot = Option<ThinCStr<'static>>;

/// The initial stack of the process, which [`entry!`](crate::entry) passes to the program.
#[repr(transparent)]
pub struct InitialStack(NonNull<usize>);

/// Proof that the program has the process to itself: one thread, and no C library or standard library, so that no
/// other code owns a file descriptor or a signal handler. Only [`entry!`](crate::entry) hands it out.
///
/// Safe code can't make one, and so can't fork, close a descriptor or set a handler in a program that has more:
///
/// ```compile_fail,E0423
/// let standalone = mote_rt::Standalone(std::marker::PhantomData);
/// ```
/// ```compile_fail,E0133
/// let standalone = mote_rt::Standalone::assume();
/// ```
#[derive(Clone, Copy)]
pub struct Standalone(PhantomData<*mut ()>);

impl Standalone {
    /// Claims that the program has the process to itself.
    ///
    /// # Safety
    ///
    /// The process has one thread, and the program links neither a C library nor the standard library.
    pub const unsafe fn assume() -> Self {
        Self(PhantomData)
    }
}

impl InitialStack {
    /// Takes the stack pointer as it is at the entry point.
    ///
    /// # Safety
    ///
    /// `sp` points to an initial stack as the kernel lays it out. Nothing else reads or writes its two arrays of
    /// pointers from now on, its strings never change, and the promise of [`Standalone::assume`] holds.
    #[cfg(test)]
    pub(crate) const unsafe fn new(sp: NonNull<usize>) -> Self {
        Self(sp)
    }

    /// Splits the stack into its parts, each of which has one owner.
    pub fn into_parts(self) -> (Standalone, Args, Environment) {
        let (argv, argc) = self.argv();
        // SAFETY: `envp` follows the null pointer that ends `argv`.
        let envp = unsafe { argv.add(argc + 1) };
        // SAFETY: `self` is gone, so the environment is the only owner.
        let env = unsafe { Environment::new(envp) };
        let (standalone, args) = self.into_args();
        (standalone, args, env)
    }

    /// Returns the arguments alone, for a program that does not read its environment.
    pub fn into_args(self) -> (Standalone, Args) {
        let (argv, argc) = self.argv();
        (Standalone(PhantomData), Args { first: argv, count: argc })
    }

    /// Returns where `argv` is, and the number of arguments.
    fn argv(&self) -> (NonNull<Slot>, usize) {
        // SAFETY: the first word of an initial stack is the number of arguments.
        let argc = unsafe { self.0.read() };
        // SAFETY: `argv` follows.
        (unsafe { self.0.add(1) }.cast(), argc)
    }
}

/// The arguments of the program, its own name first. There may be none at all before Linux 5.18.
pub struct Args {
    /// The array of the arguments. `None` follows them, and nothing else reads or writes these slots.
    first: NonNull<Slot>,
    count: usize,
}

impl Args {
    /// Returns arguments that the program has put together: strings, which end at the first `None`. There is no
    /// argument if there is no `None`.
    pub fn new(strings: &'static mut [Slot]) -> Self {
        let count = strings.iter().position(Option::is_none).unwrap_or(0);
        Self { first: NonNull::from(strings).cast(), count }
    }

    /// Returns the argument with this index, if there is one.
    pub fn get(&self, index: usize) -> Option<ThinCStr<'static>> {
        if index >= self.count {
            return None;
        }
        // SAFETY: the index is less than the count.
        let slot = unsafe { self.slot(index) };
        // SAFETY: all slots before `None` have a string.
        Some(unsafe { slot.cast::<ThinCStr<'static>>().read() })
    }

    /// Returns a slot.
    ///
    /// # Safety
    ///
    /// The index is at most the number of arguments, which is the index of `None`.
    unsafe fn slot(&self, index: usize) -> NonNull<Slot> {
        // SAFETY: there is such a slot.
        unsafe { self.first.add(index) }
    }

    /// Returns the number of arguments.
    pub fn count(&self) -> usize {
        self.count
    }

    /// Replaces the argument with this index, if there is one.
    pub fn set(&mut self, index: usize, argument: ThinCStr<'static>) {
        if index < self.count {
            // SAFETY: the index is less than the count.
            let slot = unsafe { self.slot(index) };
            // SAFETY: nothing else has access to the slot.
            unsafe { slot.write(Some(argument)) };
        }
    }

    /// Returns the arguments from `first` up to `end` as a command, or `None` if there is none between. `first` is at
    /// least 1: the argument before it makes room for an interpreter.
    pub fn into_command(self, first: usize, end: usize) -> Option<Command> {
        if first == 0 || first >= end || end > self.count {
            return None;
        }
        let name = self.get(first)?;
        // SAFETY: the index is at most the count.
        let last = unsafe { self.slot(end) };
        // SAFETY: nothing else has access to the slot.
        unsafe { last.write(None) };
        // SAFETY: the index is less than the count.
        let slot = unsafe { self.slot(first) };
        // SAFETY: of the slots, which have no other owner now, one precedes the first, and the last is `None`.
        Some(unsafe { Command::new(slot, name) })
    }
}

#[cfg(test)]
pub(crate) mod tests {
    extern crate std;
    use core::{ffi::CStr, ptr};
    use std::vec::Vec;

    use super::*;

    /// Lays out an initial stack, of pointers where the kernel has pointers, so that Miri can check the accesses.
    pub(crate) fn stack(args: &[&'static CStr], env: &[&'static CStr]) -> InitialStack {
        let pointer = |string: &&'static CStr| string.as_ptr().cast_mut().cast::<u8>();
        let mut words: Vec<*mut u8> = std::vec![ptr::without_provenance_mut(args.len())];
        words.extend(args.iter().map(pointer));
        words.push(ptr::null_mut());
        words.extend(env.iter().map(pointer));
        // The null pointer, and one pair of the auxiliary vector: AT_PAGESZ.
        words.extend([ptr::null_mut(), ptr::without_provenance_mut(6), ptr::without_provenance_mut(4096)]);
        let stack = NonNull::from(words.leak()).cast();
        // SAFETY: laid out as the kernel does and leaked, of strings that never change. The parts under test make no
        // system call that needs `Standalone`.
        unsafe { InitialStack::new(stack) }
    }

    fn texts(strings: impl Iterator<Item = ThinCStr<'static>>) -> Vec<&'static [u8]> {
        strings.map(ThinCStr::to_bytes).collect()
    }

    #[test]
    fn arguments_and_environment_are_told_apart() {
        let (_, args, env) = stack(&[c"pause", c"-v"], &[c"A=1", c"B", c""]).into_parts();
        assert_eq!(texts((0..9).map_while(|index| args.get(index))), [&b"pause"[..], b"-v"]);
        assert_eq!(texts(env.strings()), [&b"A=1"[..], b"B", b""]);
    }

    #[test]
    fn a_program_may_have_no_argument_at_all() {
        let (_, args, env) = stack(&[], &[c"A=1"]).into_parts();
        assert!(args.get(0).is_none() && args.get(1).is_none());
        assert_eq!(texts(env.strings()), [b"A=1"]);
        assert!(args.into_command(1, 0).is_none());
    }

    /// The place of the environment must not be computed from `argc` again: the slot before COMMAND is overwritten.
    #[test]
    fn an_interpreter_takes_the_slot_before_the_command_and_leaves_the_environment() {
        let (_, args, env) = stack(&[c"pid1", c"script", c"x"], &[c"A=1"]).into_parts();
        let mut command = args.into_command(1, 3).expect("a command");
        command.with_interpreter(c"/bin/sh".into(), c"./script".into(), |strings| {
            assert_eq!(texts(strings), [&b"/bin/sh"[..], b"./script", b"x"]);
        });
        assert_eq!(texts(command.strings()), [&b"script"[..], b"x"]);
        assert_eq!(texts(env.strings()), [b"A=1"]);
    }

    #[test]
    fn a_command_is_a_part_of_the_arguments() {
        let command = |first, end| {
            let (_, args, _) = stack(&[c"tini", c"--", c"a", c"b"], &[]).into_parts();
            args.into_command(first, end).map(|command| texts(command.strings()))
        };
        assert_eq!(command(2, 4), Some(std::vec![&b"a"[..], b"b"]));
        assert_eq!(command(1, 2), Some(std::vec![&b"--"[..]]));
        for (first, end) in [(0, 4), (4, 4), (2, 2), (3, 2), (2, 9), (9, 9), (usize::MAX, 4), (1, usize::MAX)]
        {
            assert!(command(first, end).is_none(), "{first}..{end}");
        }
    }
}
