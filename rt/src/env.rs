//! The environment that the next program gets.

use core::ptr::NonNull;

use crate::{Errno, Strings, ThinCStr, stack::Slot, sys};

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
    pub fn set_all(&mut self, variables: &[ThinCStr<'static>]) -> Result<(), Errno> {
        if variables.is_empty() {
            return Ok(());
        }
        let most = self.strings().count() + variables.len();
        let array = sys::mmap_anonymous::<Slot>(most + 1).ok_or(Errno::ENOMEM)?;
        let mut names = Names::new(variables).ok_or(Errno::ENOMEM)?;
        for (index, variable) in variables.iter().enumerate().rev() {
            names.insert(*variable, index);
        }
        let mut slots = array.iter_mut();
        for variable in self.strings().filter(|variable| names.find(*variable).is_none()) {
            slots.next().map(|slot| slot.insert(variable));
        }
        for (index, variable) in variables.iter().enumerate() {
            if names.find(*variable) == Some(index) {
                slots.next().map(|slot| slot.insert(*variable));
            }
        }
        self.first = NonNull::from(array).cast();
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
}

/// The names of variables, by hash: a table of open addressing.
struct Names<'a> {
    variables: &'a [ThinCStr<'static>],
    /// The places of the table: 0, or 1 more than the index of a variable. Their number is a power of two, and more than
    /// half of them are 0, so that a search is short.
    places: &'static mut [u32],
}

impl<'a> Names<'a> {
    /// Returns an empty table for these variables, or `None` if there is no memory.
    fn new(variables: &'a [ThinCStr<'static>]) -> Option<Self> {
        let places = sys::mmap_anonymous((2 * variables.len() + 1).next_power_of_two())?;
        Some(Self { variables, places })
    }

    /// Returns the place of a variable's name: where it is, or else where it belongs.
    fn place(&self, variable: ThinCStr<'static>) -> usize {
        let mut hash = 0_usize;
        let mut name = variable;
        while let Some((byte, rest)) = name.split_first()
            && byte != b'='
        {
            hash = hash.wrapping_mul(31).wrapping_add(byte.into());
            name = rest;
        }
        loop {
            let place = hash & (self.places.len() - 1);
            match self.at(place) {
                Some(index)
                    if self.variables.get(index).is_some_and(|other| value(variable, *other).is_none()) =>
                {
                    hash = hash.wrapping_add(1);
                }
                _ => return place,
            }
        }
    }

    /// Returns the index at a place.
    fn at(&self, place: usize) -> Option<usize> {
        (*self.places.get(place)? as usize).checked_sub(1)
    }

    /// Returns the index of the variable with the name of `variable`.
    fn find(&self, variable: ThinCStr<'static>) -> Option<usize> {
        self.at(self.place(variable))
    }

    /// Inserts a variable, unless one of its name is there.
    fn insert(&mut self, variable: ThinCStr<'static>, index: usize) {
        let place = self.place(variable);
        if let Some(slot) = self.places.get_mut(place)
            && *slot == 0
        {
            *slot = index as u32 + 1;
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
        let variables: Vec<_> = variables.iter().map(|variable| leaked(variable)).collect();
        environment.set_all(&variables).expect("memory");
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
