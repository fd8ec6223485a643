//! Arguments in an environment variable.

use mote_rt::{Args, ThinCStr, ThinCStrs, sys};

/// Splits a string at blanks and control characters. Returns the words as arguments of a program called `name`.
///
/// The words are copies, because strings of the environment never change. Returns `None` if there is no memory.
pub fn split_words(name: ThinCStr<'static>, string: ThinCStr<'_>) -> Option<Args> {
    let bytes = string.to_bytes();
    // Separators become NULs, and one more follows the last word.
    let copy = sys::mmap_anonymous(bytes.len() + 1)?;
    for (to, &byte) in copy.iter_mut().zip(bytes) {
        *to = if byte > b' ' { byte } else { 0 };
    }
    // The name, at most one word in two bytes, and `None`.
    let slots = sys::mmap_anonymous(bytes.len() / 2 + 3)?;
    let mut words = ThinCStrs::new(copy).filter(|word| !word.is_empty());
    let mut next = Some(name);
    for slot in &mut *slots {
        *slot = next;
        next = words.next();
    }
    Some(Args::new(slots))
}

#[cfg(test)]
mod tests {
    extern crate std;
    use std::{format, string::String, vec::Vec};

    use super::*;

    fn words(text: &str) -> Vec<String> {
        let text = format!("{text}\0");
        let string = ThinCStr::from_bytes_until_nul(text.as_bytes()).expect("a NUL");
        let args = split_words(c"NAME".into(), string).expect("memory");
        let words = (0..=args.count()).map_while(|index| args.get(index));
        words.map(|word| String::from_utf8_lossy(word.to_bytes()).into()).collect()
    }

    #[test]
    fn words_are_separated_by_blanks() {
        for text in ["-a b", "  -a \t\n b ", "-a b\n", "-a\u{1}b"] {
            assert_eq!(words(text), ["NAME", "-a", "b"], "{text:?}");
        }
        for text in ["", " ", "\n \t"] {
            assert_eq!(words(text), ["NAME"], "{text:?}");
        }
        let many = "x ".repeat(1000);
        assert_eq!(words(&many).len(), 1001);
    }
}
