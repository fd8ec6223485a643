//! Options as `getopt(3)` of the GNU C library takes them apart, without knowing what they mean.

use crate::{
    stack::{CommandLine, InitialStack, Strings},
    string::StackStr,
};

/// The words of a command line, of which options are taken one by one.
///
/// Operands are moved together, in the place where the kernel put them all, so that they are one list in the end.
pub struct Options {
    /// The letters of a word that are still to be taken.
    letters: StackStr,
    /// The words that are still to be looked at.
    words: Strings,
    /// The first operand, if there are any.
    operands: Strings,
    /// Behind the last operand so far.
    end: Strings,
    /// Whether options are also taken from behind an operand.
    permutes: bool,
}

impl Options {
    /// The command line behind the program's own name. `permutes` is whether options are also taken from behind the
    /// first operand, up to `--`.
    #[inline(always)]
    pub fn of(stack: InitialStack, permutes: bool) -> Self {
        let words = stack.arguments();
        Self { letters: StackStr::empty(), words, operands: words, end: words, permutes }
    }

    /// Takes the next letter. `-` stands for a long option, whose name is all of [`value`](Self::value). `None` if
    /// there are no more options.
    pub fn take(&mut self) -> Option<u8> {
        while self.letters.first() == 0 {
            let before = self.words;
            let word = self.words.next()?;
            let letters = word.rest();
            if word.first() == b'-' && letters.first() != 0 {
                if letters.first() == b'-' && letters.rest().first() == 0 {
                    return None;
                }
                self.letters = letters;
            } else if self.permutes {
                self.end.put(word);
            } else {
                self.words = before;
                return None;
            }
        }
        let letter = self.letters.first();
        self.letters = self.letters.rest();
        Some(letter)
    }

    /// Takes the value of the option that was taken last: the rest of its word or, if there is none, the next word.
    pub fn value(&mut self) -> Option<StackStr> {
        let rest = core::mem::replace(&mut self.letters, StackStr::empty());
        if rest.first() == 0 { self.words.next() } else { Some(rest) }
    }

    /// Takes the name of a long option, and leaves the value for [`value`](Self::value) that follows it behind a `=`.
    /// The name is one in `names`, which has for each a letter, the name and a line feed, or its beginning if no other
    /// begins so. Returns its letter.
    ///
    /// # Errors
    /// How many names begin so, if that is not one.
    #[inline(always)]
    pub fn take_long(&mut self, names: StackStr) -> Result<u8, u32> {
        let (mut found, mut count, mut line) = (0, 0, names);
        let word = self.letters;
        while line.first() != 0 {
            let (letter, mut name, mut rest) = (line.first(), line.rest(), word);
            while rest.first() == name.first() && rest.first() != b'\n' {
                (name, rest) = (name.rest(), rest.rest());
            }
            line = name.from_byte(b'\n').rest();
            if rest.first() == 0 || rest.first() == b'=' {
                (found, count) = (letter, count + 1);
                self.letters = rest.rest();
            }
        }
        if count == 1 { Ok(found) } else { Err(count) }
    }

    /// What is still to be taken of the word of the last option.
    #[inline(always)]
    pub fn rest(&self) -> StackStr {
        self.letters
    }

    /// The operands, if there are any. No option is to be taken any more.
    pub fn operands(mut self) -> Option<CommandLine> {
        for word in self.words {
            self.end.put(word);
        }
        self.end.finish();
        CommandLine::of(self.operands)
    }
}

#[cfg(test)]
mod properties;

#[cfg(test)]
#[allow(unsafe_code)]
mod tests {
    extern crate std;
    use std::{ffi::CString, string::String, vec, vec::Vec};

    use super::*;

    /// What is taken, with the values of the options in `valued`, and what is left.
    pub(super) fn parse(line: &[&str], permutes: bool, valued: &str) -> (String, Option<Vec<String>>) {
        let mut options = options(line, permutes);
        let mut taken = String::new();
        while let Some(letter) = options.take() {
            taken.push(letter.into());
            if letter == b'-' || valued.as_bytes().contains(&letter) {
                taken.push('(');
                taken.push_str(&options.value().map_or("nothing".into(), text));
                taken.push(')');
            }
        }
        (taken, options.operands().map(|line| line.strings().map(text).collect()))
    }

    /// The options of a command line, which stays in memory for good.
    pub(super) fn options(line: &[&str], permutes: bool) -> Options {
        let strings = line.iter().map(|word| CString::new(*word).expect("no zero").into_raw());
        let mut words = vec![line.len()];
        words.extend(strings.map(|string| string as usize));
        words.extend([0, 0, 0]);
        // SAFETY: laid out as the kernel does.
        let stack = unsafe { InitialStack::new(words.leak().as_mut_ptr()) };
        Options::of(stack, permutes)
    }

    pub(super) fn text(string: StackStr) -> String {
        let mut memory = crate::buffer::Text::memory();
        let mut text = crate::buffer::Text::new(&mut memory);
        text.string(string);
        String::from_utf8_lossy(text.as_bytes()).into()
    }

    fn check(line: &[&str], permutes: bool, taken: &str, left: &[&str]) {
        let left: Vec<String> = left.iter().map(|word| (*word).into()).collect();
        let expected = (taken.into(), (!left.is_empty()).then_some(left));
        assert_eq!(parse(line, permutes, "ep"), expected, "{line:?}");
    }

    #[test]
    fn letters_cluster_and_values_are_attached_or_follow() {
        check(&["x", "-sv", "-e5", "-ge", "6", "a"], true, "sve(5)ge(6)", &["a"]);
        check(&["x", "-e", "--", "-p", "-1", "-"], true, "e(--)p(-1)", &["-"]);
        check(&["x", "-e"], true, "e(nothing)", &[]);
        check(&["x", "", "-s"], true, "s", &[""]);
    }

    #[test]
    fn options_behind_operands_are_taken_if_wanted() {
        check(&["x", "-s", "echo", "-v", "a", "-s", "b"], true, "svs", &["echo", "a", "b"]);
        check(&["x", "-s", "echo", "-v", "a"], false, "s", &["echo", "-v", "a"]);
    }

    #[test]
    fn two_dashes_end_the_options_and_are_taken_off() {
        check(&["x", "-s", "echo", "a", "--", "-v"], true, "s", &["echo", "a", "-v"]);
        check(&["x", "-s", "--", "echo", "-v", "--", "a"], true, "s", &["echo", "-v", "--", "a"]);
        check(&["x", "--", "--"], false, "", &["--"]);
        check(&["x", "echo", "--", "a"], false, "", &["echo", "--", "a"]);
        check(&["x", "--"], true, "", &[]);
    }

    #[test]
    fn long_options_are_dashes_with_a_name() {
        check(&["x", "--version", "-s"], true, "-(version)s", &[]);
        check(&["x", "--a=b", "--", "c"], false, "-(a=b)", &["c"]);
    }

    #[test]
    fn the_beginning_of_a_long_name_is_enough() {
        let names = c"hhelp\nvverbose\nVversion\nrrewrite\n".into();
        let take = |word: &str| {
            let mut options = options(&["x", word], false);
            assert_eq!(options.take(), Some(b'-'));
            let taken = options.take_long(names);
            (taken, (options.rest().first() != 0).then(|| text(options.rest())))
        };
        for (word, letter) in [("--help", b'h'), ("--h", b'h'), ("--verb", b'v'), ("--version", b'V')] {
            assert_eq!(take(word), (Ok(letter), None), "{word:?}");
        }
        assert_eq!(take("--re=1:2"), (Ok(b'r'), Some("1:2".into())));
        assert_eq!(take("--ver").0, Err(2));
        for word in ["--helpx", "--x", "--help\nvverbose\n"] {
            assert_eq!(take(word).0, Err(0), "{word:?}");
        }
    }

    #[test]
    fn there_may_be_no_words() {
        check(&["x"], true, "", &[]);
        check(&[], true, "", &[]);
    }
}
