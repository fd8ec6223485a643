//! A list of strings that grows.

use core::{ptr::NonNull, slice};

use crate::{Errno, ThinCStr, sys};

/// A list of strings, in memory that is never unmapped.
pub struct StringList {
    first: NonNull<ThinCStr<'static>>,
    length: usize,
    capacity: usize,
}

impl StringList {
    /// Returns an empty list.
    pub const fn new() -> Self {
        Self { first: NonNull::dangling(), length: 0, capacity: 0 }
    }

    /// Appends a string. On average, its cost does not depend on the length of the list.
    ///
    /// # Errors
    /// There is no memory.
    pub fn push(&mut self, string: ThinCStr<'static>) -> Result<(), Errno> {
        if self.length == self.capacity {
            self.grow()?;
        }
        // SAFETY: the memory has room for more strings than there are.
        let end = unsafe { self.first.add(self.length) };
        // SAFETY: nothing else has access to the memory.
        unsafe { end.write(string) };
        self.length += 1;
        Ok(())
    }

    /// Returns for how many strings there is memory: 0, or a power of two.
    pub(crate) const fn capacity(&self) -> usize {
        self.capacity
    }

    /// Returns the strings.
    pub const fn as_slice(&self) -> &[ThinCStr<'static>] {
        // SAFETY: so many strings were written, and they do not change while the list is borrowed.
        unsafe { slice::from_raw_parts(self.first.as_ptr(), self.length) }
    }

    /// Moves to memory of twice the size.
    fn grow(&mut self) -> Result<(), Errno> {
        let capacity = (2 * self.capacity).max(64);
        let memory = sys::mmap_anonymous::<Option<ThinCStr<'static>>>(capacity).ok_or(Errno::ENOMEM)?;
        for (slot, string) in memory.iter_mut().zip(self.as_slice()) {
            *slot = Some(*string);
        }
        self.first = NonNull::from(memory).cast();
        self.capacity = capacity;
        Ok(())
    }
}

impl Default for StringList {
    fn default() -> Self {
        Self::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_holds_what_was_pushed() {
        let mut list = StringList::new();
        assert!(list.as_slice().is_empty());
        for number in 0..1000 {
            list.push(if number % 3 == 0 { c"a" } else { c"b" }.into()).expect("memory");
        }
        assert_eq!(list.as_slice().len(), 1000);
        assert!((0..1000).all(|number| list.as_slice()[number].to_bytes() == if number % 3 == 0 { b"a" } else { b"b" }));
    }
}
