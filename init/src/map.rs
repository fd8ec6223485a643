//! Small numbers in place of others.

/// For each byte the one that takes its place.
pub struct Map {
    /// Each is kept exclusive-or its own number, so that zeros change nothing.
    changes: [u8; 256],
}

impl Map {
    /// Changes nothing.
    #[inline(always)]
    pub const fn new() -> Self {
        Self { changes: [0; 256] }
    }

    /// Lets `to` take the place of `from`.
    #[inline(always)]
    pub fn set(&mut self, from: u8, to: u8) {
        self.changes[usize::from(from)] = from ^ to;
    }

    /// What takes the place of `from`.
    #[inline(always)]
    pub fn get(&self, from: u8) -> u8 {
        from ^ self.changes[usize::from(from)]
    }
}

impl Default for Map {
    fn default() -> Self {
        Self::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_was_set_is_changed() {
        let mut map = Map::new();
        map.set(0, 255);
        map.set(15, 2);
        map.set(9, 0);
        map.set(15, 3);
        for byte in 0..=u8::MAX {
            let expected = match byte {
                0 => 255,
                15 => 3,
                9 => 0,
                other => other,
            };
            assert_eq!(map.get(byte), expected);
        }
    }
}
