//! The environment that the next program gets.

use core::ptr::NonNull;

use crate::{Errno, Strings, ThinCStr, stack::Slot, sys};

/// The environment: strings of the form `NAME=value`, though nothing enforces the form.
///
/// It is changed in the place where the kernel put it, which nothing else reads. It moves when it outgrows the place.
pub struct Environment {
    /// The array of variables, which `None` ends.
    first: NonNull<Slot>,
    /// How many variables and `None`s there is room for, or 0 in the kernel's place, which has room for those that it
    /// holds.
    capacity: usize,
}

impl Environment {
    /// Takes the array that the kernel has put on the stack.
    ///
    /// # Safety
    ///
    /// `first` points to strings that `None` ends. Nothing else reads or writes the array from now on.
    pub(crate) const unsafe fn new(first: NonNull<Slot>) -> Self {
        Self { first, capacity: 0 }
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
        self.move_without(name, self.first);
    }

    /// Sets a variable of the form `NAME=value`, in place of every other of that name.
    ///
    /// # Errors
    /// There is no memory.
    pub fn set(&mut self, variable: ThinCStr<'static>) -> Result<(), Errno> {
        // This variable, and the `None` behind it.
        let needed = self.strings().count() + 2;
        let mut place = self.first;
        if needed > self.capacity {
            let capacity = needed * 2;
            place = NonNull::from(sys::mmap_anonymous::<Slot>(capacity).ok_or(Errno::ENOMEM)?).cast();
            self.capacity = capacity;
        }
        let end = self.move_without(variable, place);
        // SAFETY: there is room for the variable and the `None`.
        unsafe { end.cast::<[Slot; 2]>().write([Some(variable), None]) };
        Ok(())
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

    /// Moves the array to a place that has room for it, which may be where it is, without the variables called `name`.
    /// Returns the new end.
    fn move_without(&mut self, name: ThinCStr<'_>, place: NonNull<Slot>) -> NonNull<Slot> {
        let mut end = place;
        // SAFETY: `None` ends the array, and a slot is read before it is written to.
        for variable in unsafe { Strings::new(self.first) } {
            if value(variable, name).is_none() {
                // SAFETY: there is room for all variables.
                unsafe { end.write(Some(variable)) };
                // SAFETY: there is room for a `None` behind them.
                end = unsafe { end.add(1) };
            }
        }
        // SAFETY: as above.
        unsafe { end.write(None) };
        self.first = place;
        end
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
    use std::{format, vec::Vec};

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

    #[test]
    fn a_variable_replaces_all_of_its_name() {
        let mut environment = environment(&[c"A=1", c"AB=2", c"A=3", c"A", c"B"]);
        environment.set(leaked("A=4")).expect("memory");
        assert_eq!(texts(&environment), [&b"AB=2"[..], b"A", b"B", b"A=4"]);
        assert!(environment.get(c"A".into()).is_some_and(|value| value.to_bytes() == b"4"));
        assert!(environment.get(c"B".into()).is_none() && environment.get(c"".into()).is_none());
    }

    #[test]
    fn there_is_room_for_any_number_of_variables() {
        let mut environment = environment(&[c"A=1"]);
        let variables: Vec<_> = (0..3000).map(|number| leaked(&format!("V{number}=x"))).collect();
        for variable in &variables {
            environment.set(*variable).expect("memory");
        }
        let expected: Vec<_> =
            [&b"A=1"[..]].into_iter().chain(variables.iter().map(|v| v.to_bytes())).collect();
        assert_eq!(texts(&environment), expected);
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
        environment.set(leaked("A=1")).expect("memory");
        assert_eq!(texts(&environment), [b"A=1"]);
    }
}
