//! Changing the arguments and the environment that the next program gets, in the place where the kernel put
//! ours: on the initial stack, which nobody else reads any more. Only an environment that outgrows it moves.

use core::ptr;

use crate::{
    stack::{InitialStack, StackStr, Strings},
    sys,
};

/// The environment, which can be changed.
pub struct Environment {
    first: Strings,
    /// How many more variables fit. They are put over the auxiliary vector, which lies behind and which a
    /// program without a dynamic loader has no use for.
    room: usize,
}

impl Environment {
    /// Takes over the environment of the process. There must be only one.
    pub fn of(stack: InitialStack) -> Self {
        let first = stack.env();
        let mut word = end(first).wrapping_add(1).cast::<usize>();
        let mut room = 0;
        loop {
            // SAFETY: the auxiliary vector follows the zero of the environment. It is made of pairs, the last of
            // which begins with a zero.
            if unsafe { *word } == 0 {
                break;
            }
            word = word.wrapping_add(2);
            room += 2;
        }
        Self { first, room }
    }

    /// All variables.
    pub fn strings(&self) -> Strings {
        self.first
    }

    /// The value of the variable whose string begins with `name`, which ends in `=`.
    pub fn get(&self, name: &[u8]) -> Option<StackStr> {
        self.strings().find_map(|variable| variable.after(name))
    }

    /// Removes a variable, and returns the words of its value, which nobody else sees any more.
    pub fn take(&mut self, name: &[u8]) -> Option<Words> {
        let value = self.get(name)?;
        self.remove(name);
        Some(Words(value.as_ptr().cast_mut()))
    }

    /// Sets a variable of the form `NAME=value` in place of any of the same name. When there is no room behind the
    /// environment any more, it moves to memory of its own. False if there is none.
    pub fn set(&mut self, variable: StackStr) -> bool {
        self.remove(name_of(variable));
        if self.room == 0 && !self.grow() {
            return false;
        }
        self.room = self.room.wrapping_sub(1);
        let end = end(self.first);
        // SAFETY: `room` words behind the zero that ends the environment may be written to.
        unsafe { *end.wrapping_add(1) = ptr::null() };
        // SAFETY: this is the zero that ended the environment so far.
        unsafe { *end = variable.as_ptr() };
        true
    }

    /// Moves the environment to where there is room for more.
    fn grow(&mut self) -> bool {
        const MORE: usize = 1024;
        let Ok(memory) = sys::memory((self.first.count() + MORE) * size_of::<usize>()) else {
            return false;
        };
        let mut next = memory.cast::<*const u8>();
        for variable in core::mem::replace(&mut self.first, Strings(next)) {
            // SAFETY: the new memory has a word for each variable, one for the zero behind them, which it is full
            // of, and `MORE` - 1 further ones.
            unsafe { *next = variable.as_ptr() };
            next = next.wrapping_add(1);
        }
        self.room = MORE - 1;
        true
    }

    /// Removes the variables whose strings begin with `name`, which ends in `=`.
    pub fn remove(&mut self, name: &[u8]) {
        let mut kept = self.first.0;
        for variable in self.first {
            if variable.after(name).is_none() {
                // SAFETY: this word of the environment, or one before it that is not needed any more.
                unsafe { *kept = variable.as_ptr() };
                kept = kept.wrapping_add(1);
            } else {
                self.room += 1;
            }
        }
        // SAFETY: as above, or the zero that ends the environment.
        unsafe { *kept = ptr::null() };
    }
}

/// A variable's name with the `=` behind it.
fn name_of(variable: StackStr) -> &'static [u8] {
    let end = variable.from_byte(b'=').rest().as_ptr();
    let length = (end as usize).wrapping_sub(variable.as_ptr() as usize);
    // SAFETY: these are bytes of the string, from its start to one of its later bytes or its end.
    unsafe { core::slice::from_raw_parts(variable.as_ptr(), length) }
}

/// The zero word that ends `strings`.
fn end(mut strings: Strings) -> *mut *const u8 {
    while strings.next().is_some() {}
    strings.0
}

/// The arguments of a program to be executed, behind at least one word that is free.
#[derive(Clone, Copy)]
pub struct CommandLine(Strings);

impl CommandLine {
    /// What is left of `strings` after the first, which is skipped.
    pub fn behind_first(mut strings: Strings) -> Self {
        strings.next();
        Self(strings)
    }

    /// The words.
    pub fn strings(self) -> Strings {
        self.0
    }

    /// The same for an interpreter that is to execute the program in the file `path`.
    pub fn interpreted(self, interpreter: StackStr, path: StackStr) -> Strings {
        let second = self.0.0;
        let first = second.wrapping_sub(1);
        // SAFETY: the word before the first argument is that of an argument that was skipped.
        unsafe { *first = interpreter.as_ptr() };
        // SAFETY: the first argument, since there is one: the name of what was executed.
        unsafe { *second = path.as_ptr() };
        Strings(first)
    }
}

/// The words of a variable's value, between blanks. Each is ended in the place where it lies.
pub struct Words(*mut u8);

impl Words {
    fn at(&self) -> u8 {
        // SAFETY: a byte of the value, at most the zero that ends it.
        unsafe { *self.0 }
    }
}

impl Iterator for Words {
    type Item = StackStr;

    fn next(&mut self) -> Option<StackStr> {
        while self.at() != 0 && self.at() <= b' ' {
            self.0 = self.0.wrapping_add(1);
        }
        if self.at() == 0 {
            return None;
        }
        let word = StackStr(self.0);
        while self.at() > b' ' {
            self.0 = self.0.wrapping_add(1);
        }
        let end = self.0;
        self.0 = StackStr(end).rest().0.cast_mut();
        // SAFETY: the blank behind the word, or the zero that ends the value, which is nobody else's any more.
        unsafe { *end = 0 };
        Some(word)
    }
}

/// Ends `string` in place before the first `byte`, and returns what follows that; `None` if it has none.
///
/// Only for strings of the initial stack, which are this process's own.
pub fn split(string: StackStr, byte: u8) -> Option<StackStr> {
    let end = string.from_byte(byte);
    if end.first() == 0 {
        return None;
    }
    let rest = end.rest();
    // SAFETY: an argument lies on the initial stack, which can be written to.
    unsafe { *end.0.cast_mut() = 0 };
    Some(rest)
}

/// Undoes [`split`].
pub fn join(string: StackStr, byte: u8) {
    // SAFETY: the zero that `split` has put there.
    unsafe { *string.from_byte(0).0.cast_mut() = byte };
}

#[cfg(test)]
mod tests {
    extern crate std;
    use std::{vec, vec::Vec};

    use super::*;

    /// An initial stack with these variables and one pair in its auxiliary vector.
    fn stack(variables: &[&'static core::ffi::CStr]) -> Vec<usize> {
        let mut words = vec![1, c"pid1".as_ptr() as usize, 0];
        words.extend(variables.iter().map(|variable| variable.as_ptr() as usize));
        words.extend([0, 6, 4096, 0, 0]);
        words
    }

    fn environment(words: &mut [usize]) -> Environment {
        // SAFETY: laid out as the kernel does.
        Environment::of(unsafe { InitialStack::new(words.as_mut_ptr()) })
    }

    fn is(environment: &Environment, expected: &[&core::ffi::CStr]) -> bool {
        environment.strings().count() == expected.len()
            && environment.strings().zip(expected).all(|(variable, text)| variable == **text)
    }

    #[test]
    fn a_variable_replaces_all_of_its_name() {
        let mut words = stack(&[c"A=1", c"AB=2", c"A=3", c"B"]);
        let mut environment = environment(&mut words);
        assert!(environment.set(c"A=4".into()));
        assert!(is(&environment, &[c"AB=2", c"B", c"A=4"]));
        assert!(environment.get(b"A=").is_some_and(|value| value == *c"4"));
    }

    #[test]
    fn there_is_room_for_any_number_of_variables() {
        let mut words = stack(&[c"A=1"]);
        let mut environment = environment(&mut words);
        let variables: Vec<_> = (0..3000)
            .map(|number| std::ffi::CString::new(std::format!("V{number}=x")).expect("no zero in it"))
            .map(|variable| &*std::boxed::Box::leak(variable.into_boxed_c_str()))
            .collect();
        assert!(variables.iter().all(|&variable| environment.set(variable.into())));
        assert_eq!(environment.strings().count(), 3001);
        assert!(environment.strings().skip(1).zip(&variables).all(|(variable, text)| variable == **text));
    }

    #[test]
    fn words_are_what_is_between_blanks() {
        let value = Vec::leak(b"V=  -a b\0".to_vec());
        let mut words = stack(&[c"W=1"]);
        words.insert(4, value.as_ptr() as usize);
        let mut environment = environment(&mut words);
        let mut found = environment.take(b"V=").expect("it is there");
        assert!(found.next().is_some_and(|word| word == *c"-a"));
        assert!(found.next().is_some_and(|word| word == *c"b"));
        assert!(found.next().is_none());
        assert!(found.next().is_none());
        assert!(is(&environment, &[c"W=1"]));
    }
}
