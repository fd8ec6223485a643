//! The environment that the next program gets.

use core::{ptr::NonNull, slice};

use crate::{Errno, StringList, Strings, ThinCStr, stack::Slot, sys};

/// The environment: strings of the form `NAME=value`, though nothing enforces the form.
///
/// It is changed in the place where the kernel put it, which nothing else reads, and moves when it grows.
pub struct Environment {
    /// The array of variables, which `None` ends.
    first: NonNull<Slot>,
}

impl Environment {
    /// Takes the array that the kernel has put on the stack.
    ///
    /// # Safety
    ///
    /// `first` points to strings that `None` ends. Nothing else reads or writes the array from now on.
    pub(crate) const unsafe fn new(first: NonNull<Slot>) -> Self {
        Self { first }
    }

    /// Returns all variables.
    pub fn strings(&self) -> Strings<'_> {
        // SAFETY: `None` ends the array, which does not change while it is borrowed.
        unsafe { Strings::new(self.first) }
    }

    /// Returns the value of the first variable called `name`.
    pub fn get(&self, name: ThinCStr<'_>) -> Option<ThinCStr<'static>> {
        self.strings().find_map(|variable| value(variable, name))
    }

    /// Removes every variable called `name`.
    pub fn remove(&mut self, name: ThinCStr<'_>) {
        let mut end = self.first;
        // SAFETY: `None` ends the array, and a slot is read before it is written to.
        for variable in unsafe { Strings::new(self.first) } {
            if value(variable, name).is_none() {
                // SAFETY: no more variables are written than were read.
                unsafe { end.write(Some(variable)) };
                // SAFETY: another slot follows a variable.
                end = unsafe { end.add(1) };
            }
        }
        // SAFETY: the slot of a variable that was removed, or that of the `None`.
        unsafe { end.write(None) };
    }

    /// Sets variables of the form `NAME=value`, in place of every other of their names. The last one of a name counts.
    /// Takes time in proportion to the number of variables.
    ///
    /// # Errors
    /// There is no memory.
    pub fn set_all(&mut self, variables: &StringList) -> Result<(), Errno> {
        let set = variables.as_slice();
        if set.is_empty() {
            return Ok(());
        }
        // SAFETY: so many strings precede the `None`, and nothing writes to the old array any more.
        let inherited = unsafe { slice::from_raw_parts(self.first.as_ptr().cast(), self.strings().count()) };
        let count = inherited.len() + set.len();
        let array = sys::mmap_anonymous::<Slot>(count + 1).ok_or(Errno::ENOMEM)?;
        let mut names = Names::new(variables).ok_or(Errno::ENOMEM)?;
        // SAFETY: the array has a slot for each string, and one for the `None` that ends it.
        self.first = unsafe { NonNull::from(array).cast::<Slot>().add(count) };
        // From the last variable to the first, so that the first one of a name is the one that counts.
        for variable in set.iter().rev() {
            let slot = names.slot(*variable);
            if slot.is_none() {
                *slot = Some(*variable);
                // SAFETY: no more strings are prepended than there are.
                unsafe { self.prepend(*variable) };
            }
        }
        for variable in inherited.iter().rev() {
            if names.slot(*variable).is_none() {
                // SAFETY: as above.
                unsafe { self.prepend(*variable) };
            }
        }
        Ok(())
    }

    /// Puts a variable before all others.
    ///
    /// # Safety
    ///
    /// A slot precedes the first one.
    unsafe fn prepend(&mut self, variable: ThinCStr<'static>) {
        // SAFETY: the caller's promise.
        self.first = unsafe { self.first.sub(1) };
        // SAFETY: a slot of the array.
        unsafe { self.first.write(Some(variable)) };
    }

    /// Puts a variable of the form `NAME=value` in the place of each of that name.
    pub fn replace(&mut self, variable: ThinCStr<'static>) {
        let mut slot = self.first;
        // SAFETY: `None` ends the array.
        while let Some(old) = unsafe { slot.read() } {
            if value(old, variable).is_some() {
                // SAFETY: a slot of the array.
                unsafe { slot.write(Some(variable)) };
            }
            // SAFETY: another slot follows a variable.
            slot = unsafe { slot.add(1) };
        }
    }
}

/// Variables with different names, by the hash of the name: a table of open addressing.
struct Names {
    /// The slots of the table. At least half of them are `None`, so that a search is short.
    first: NonNull<Slot>,
    /// The number of slots, a power of two, less 1.
    mask: usize,
}

impl Names {
    /// Returns an empty table for the names of these variables, or `None` if there is no memory.
    fn new(variables: &StringList) -> Option<Self> {
        let slots = sys::mmap_anonymous::<Slot>(2 * variables.capacity())?;
        Some(Self { mask: slots.len() - 1, first: NonNull::from(slots).cast() })
    }

    /// Returns the slot of a variable's name: with a variable that has the same name, or else an empty one.
    #[inline(never)]
    fn slot(&mut self, variable: ThinCStr<'static>) -> &mut Slot {
        let mut hash = 0_usize;
        let mut name = variable;
        while let Some((byte, rest)) = name.split_first()
            && byte != b'='
        {
            hash = hash.wrapping_mul(31).wrapping_add(byte.into());
            name = rest;
        }
        loop {
            // SAFETY: the table has this slot.
            let mut slot = unsafe { self.first.add(hash & self.mask) };
            // SAFETY: nothing else has access to the table while it is borrowed.
            let slot = unsafe { slot.as_mut() };
            match slot {
                Some(other) if value(variable, *other).is_none() => hash = hash.wrapping_add(1),
                _ => return slot,
            }
        }
    }
}

/// Returns the value of a variable if it has the given name, which ends at its NUL or at a `=`.
fn value(variable: ThinCStr<'static>, name: ThinCStr<'_>) -> Option<ThinCStr<'static>> {
    let (mut variable, mut name) = (variable, name);
    loop {
        let (byte, rest) = variable.split_first()?;
        let is_end = match name.split_first() {
            None | Some((b'=', _)) => true,
            Some((expected, name_rest)) => {
                name = name_rest;
                if byte != expected {
                    return None;
                }
                false
            }
        };
        if is_end {
            return (byte == b'=').then_some(rest);
        }
        variable = rest;
    }
}

#[cfg(test)]
mod tests {
    extern crate std;
    use core::ffi::CStr;
    use std::{format, string::String, vec::Vec};

    use super::*;
    use crate::stack;

    fn environment(variables: &[&'static CStr]) -> Environment {
        stack::tests::stack(&[c"pid1"], variables).into_parts().2
    }

    fn texts(environment: &Environment) -> Vec<&'static [u8]> {
        environment.strings().map(ThinCStr::to_bytes).collect()
    }

    fn leaked(text: &str) -> ThinCStr<'static> {
        ThinCStr::from_bytes_until_nul(format!("{text}\0").leak().as_bytes()).expect("a NUL")
    }

    fn set(environment: &mut Environment, variables: &[&str]) {
        let mut list = StringList::new();
        for variable in variables {
            list.push(leaked(variable)).expect("memory");
        }
        environment.set_all(&list).expect("memory");
    }

    #[test]
    fn a_variable_replaces_all_of_its_name() {
        let mut environment = environment(&[c"A=1", c"AB=2", c"A=3", c"A", c"B"]);
        set(&mut environment, &["A=4"]);
        assert_eq!(texts(&environment), [&b"AB=2"[..], b"A", b"B", b"A=4"]);
        assert!(environment.get(c"A".into()).is_some_and(|value| value.to_bytes() == b"4"));
        assert!(environment.get(c"B".into()).is_none() && environment.get(c"".into()).is_none());
    }

    #[test]
    fn the_last_variable_of_a_name_counts() {
        let mut environment = environment(&[c"A=1", c"B=2"]);
        set(&mut environment, &["A=3", "C=", "A=4", "AC=5", "A=6", "C=7"]);
        assert_eq!(texts(&environment), [&b"B=2"[..], b"AC=5", b"A=6", b"C=7"]);
    }

    #[test]
    fn there_is_room_for_any_number_of_variables() {
        let mut environment = environment(&[c"A=1"]);
        let variables: Vec<_> = (0..3000).map(|number| format!("V{number}=x")).collect();
        let all: Vec<_> = variables.iter().chain(&variables).map(String::as_str).collect();
        set(&mut environment, &all);
        let expected: Vec<_> =
            [&b"A=1"[..]].into_iter().chain(variables.iter().map(|v| v.as_bytes())).collect();
        assert_eq!(texts(&environment), expected);
    }

    #[test]
    fn a_variable_is_replaced_in_its_place() {
        let mut environment = environment(&[c"A=1", c"B=2", c"A=3", c"A"]);
        environment.replace(c"A=4".into());
        assert_eq!(texts(&environment), [&b"A=4"[..], b"B=2", b"A=4", b"A"]);
    }

    #[test]
    fn a_variable_is_removed_with_all_of_its_name() {
        let mut environment = environment(&[c"A=1", c"B=2", c"A=", c"A", c"AA=1"]);
        environment.remove(c"A".into());
        assert_eq!(texts(&environment), [&b"B=2"[..], b"A", b"AA=1"]);
    }

    #[test]
    fn an_empty_environment_can_grow() {
        let mut environment = environment(&[]);
        set(&mut environment, &["A=1"]);
        assert_eq!(texts(&environment), [b"A=1"]);
    }
}
