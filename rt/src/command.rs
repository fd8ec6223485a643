//! The command that a program executes.

use core::{marker::PhantomData, ptr::NonNull};

use crate::{ThinCStr, stack::Slot};

/// The arguments of a program to execute, its name first. There is always a name.
pub struct Command {
    /// The slot of the name. A spare slot precedes it; other arguments and `None` follow.
    slot: NonNull<Slot>,
    name: ThinCStr<'static>,
}

impl Command {
    /// Takes the slot of the name.
    ///
    /// # Safety
    ///
    /// A slot precedes it, the array ends in `None`, and nothing else reads or writes these slots from now on.
    pub(crate) const unsafe fn new(slot: NonNull<Slot>, name: ThinCStr<'static>) -> Self {
        Self { slot, name }
    }

    /// Returns the name.
    pub fn name(&self) -> ThinCStr<'static> {
        self.name
    }

    /// Returns the arguments, the name first.
    pub fn strings(&self) -> Strings<'_> {
        // SAFETY: the array ends in `None`, and does not change while it is borrowed.
        unsafe { Strings::new(self.slot) }
    }

    /// Calls `execute` with the arguments of `interpreter` that has to run the script `path`: its own name, the path,
    /// and the arguments behind the command's name. Afterwards the command is as it was before.
    pub(crate) fn with_interpreter<T>(
        &mut self,
        interpreter: ThinCStr<'static>,
        path: ThinCStr<'_>,
        execute: impl FnOnce(Strings<'_>) -> T,
    ) -> T {
        // SAFETY: the slot has its former value again before `path` can change, and `execute` keeps no string.
        let path = unsafe { ThinCStr::from_ptr(path.as_ptr()) };
        // SAFETY: a slot precedes that of the name.
        let spare = unsafe { self.slot.sub(1) };
        // SAFETY: nothing else reads these slots.
        unsafe { spare.cast::<[Slot; 2]>().write([Some(interpreter), Some(path)]) };
        // SAFETY: the array ends in `None`.
        let result = execute(unsafe { Strings::new(spare) });
        // SAFETY: nothing else reads this slot.
        unsafe { self.slot.write(Some(self.name)) };
        result
    }
}

/// The strings of an array that a null pointer ends, as execve(2) takes it, from one of them to the last.
#[derive(Clone, Copy)]
pub struct Strings<'a>(NonNull<Slot>, PhantomData<&'a [Slot]>);

impl Strings<'_> {
    /// Takes the place of a string in such an array.
    ///
    /// # Safety
    ///
    /// A null pointer ends the array. Until `next` has returned a string, its slot is not changed.
    pub(crate) const unsafe fn new(slot: NonNull<Slot>) -> Self {
        Self(slot, PhantomData)
    }

    pub(crate) const fn as_ptr(self) -> *const Slot {
        self.0.as_ptr()
    }
}

impl Iterator for Strings<'_> {
    type Item = ThinCStr<'static>;

    fn next(&mut self) -> Option<ThinCStr<'static>> {
        // SAFETY: a slot of the array, at most the null pointer.
        let string = unsafe { self.0.read() }?;
        // SAFETY: another slot follows a string.
        self.0 = unsafe { self.0.add(1) };
        Some(string)
    }
}
