//! Changing the environment that the next program gets, in the place where the kernel put ours: on the initial
//! stack, which nobody else reads any more. Only an environment that is added to moves.

use crate::{
    stack::{InitialStack, Strings},
    string::{OwnStr, StackStr},
    sys,
};

/// The environment, which can be changed.
pub struct Environment {
    first: Strings,
    /// Whether it has moved to where there is room for more.
    has_room: bool,
}

impl Environment {
    /// How many variables there is room for once it has moved, the zero behind them included. Kernels keep all that a
    /// program is given below 6 MiB (`fs/exec.c`, `bprm_stack_limits`); older ones have no such limit.
    const ROOM: usize = 1 << 20;

    /// Takes over the environment of the process. There must be only one.
    pub fn of(stack: InitialStack) -> Self {
        Self { first: stack.env(), has_room: false }
    }

    /// All variables.
    pub fn strings(&self) -> Strings {
        self.first
    }

    /// The value of the variable whose string begins with `name`, which ends in `=`.
    pub fn get(&self, name: StackStr) -> Option<OwnStr> {
        self.strings().find_map(|variable| variable.after(name)).map(OwnStr)
    }

    /// Sets a variable of the form `NAME=value` in place of any of the same name. `None` if there is no memory
    /// to move to, or not enough for so many.
    pub fn set(&mut self, variable: OwnStr) -> Option<()> {
        if self.first.count() + 2 > Self::ROOM {
            return None;
        }
        let mut place = self.first;
        if !self.has_room {
            place = Strings(sys::memory(Self::ROOM)?.as_mut_ptr());
            self.has_room = true;
        }
        let end = self.move_without(*variable, place);
        // SAFETY: a word of those that there is room for: the variables, this one and the zero are no more.
        unsafe { *end.wrapping_add(1) = None };
        // SAFETY: the zero that ends the environment so far.
        unsafe { *end = Some(*variable) };
        Some(())
    }

    /// Removes the variables whose strings begin with `name`, which ends in `=`.
    pub fn remove(&mut self, name: StackStr) {
        self.move_without(name, self.first);
    }

    /// Moves to a place that has room for it, which may be where it is, and leaves out the variables of a name.
    /// Returns the end.
    #[inline(always)]
    fn move_without(&mut self, name: StackStr, place: Strings) -> *mut Option<StackStr> {
        let mut end = place.0;
        for variable in core::mem::replace(&mut self.first, place) {
            if variable.after(name).is_none() {
                // SAFETY: one of the words that there is room for; never one that is still to be read.
                unsafe { *end = Some(variable) };
                end = end.wrapping_add(1);
            }
        }
        // SAFETY: as above, or the zero that ended the environment.
        unsafe { *end = None };
        end
    }
}

/// The words of a string, between blanks.
pub struct Words(pub OwnStr);

impl Iterator for Words {
    type Item = OwnStr;

    fn next(&mut self) -> Option<OwnStr> {
        while (1..=b' ').contains(&self.0.first()) {
            self.0 = self.0.rest();
        }
        let mut end = *self.0;
        while end.first() > b' ' {
            end = end.rest();
        }
        let word = self.0;
        self.0 = word.cut_at(end);
        (word.first() != 0).then_some(word)
    }
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

    /// A string of our own, as the kernel puts it on the stack.
    fn own(text: &str) -> OwnStr {
        let bytes = Vec::leak(std::format!("{text}\0").into_bytes());
        OwnStr(StackStr(core::ptr::NonNull::from(bytes).cast()))
    }

    #[test]
    fn a_variable_replaces_all_of_its_name() {
        let mut words = stack(&[c"A=1", c"AB=2", c"A=3", c"B"]);
        let mut environment = environment(&mut words);
        assert!(environment.set(own("A=4")).is_some());
        assert!(is(&environment, &[c"AB=2", c"B", c"A=4"]));
        assert!(environment.get(c"A=".into()).is_some_and(|value| value.is(c"4".into())));
    }

    #[test]
    fn there_is_room_for_any_number_of_variables() {
        let mut words = stack(&[c"A=1"]);
        let mut environment = environment(&mut words);
        let variables: Vec<_> = (0..3000).map(|number| own(&std::format!("V{number}=x"))).collect();
        assert!(variables.iter().all(|&variable| environment.set(variable).is_some()));
        assert_eq!(environment.strings().count(), 3001);
        assert!(environment.strings().skip(1).zip(&variables).all(|(variable, text)| variable.is(**text)));
    }

    #[test]
    fn more_variables_than_there_is_room_for_are_refused() {
        let many = std::vec![c"A=1"; Environment::ROOM - 1];
        let mut words = stack(&many);
        let mut full = environment(&mut words);
        assert!(full.set(own("B=2")).is_none());
        assert_eq!(full.strings().count(), Environment::ROOM - 1);
        let mut words = stack(many.split_last().expect("there are some").1);
        let mut fits = environment(&mut words);
        assert!(fits.set(own("B=2")).is_some());
        assert!(fits.set(own("C=3")).is_none());
        assert_eq!(fits.strings().count(), Environment::ROOM - 1);
    }

    #[test]
    fn a_variable_is_removed_with_all_of_its_name() {
        let mut words = stack(&[c"A=1", c"B=2", c"A=", c"A"]);
        let mut environment = environment(&mut words);
        environment.remove(c"A=".into());
        assert!(is(&environment, &[c"B=2", c"A"]));
    }

    #[test]
    fn words_are_what_is_between_blanks() {
        for text in ["-a b", "  -a \t\n b ", "-a b\n"] {
            let mut found = Words(own(text));
            assert!(found.next().is_some_and(|word| word.is(c"-a".into())));
            assert!(found.next().is_some_and(|word| word.is(c"b".into())));
            assert!(found.next().is_none());
            assert!(found.next().is_none());
        }
        assert!(Words(own(" ")).next().is_none());
    }
}
