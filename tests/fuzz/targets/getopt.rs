//! The rules of `getopt_long(3)`, by which the drop-ins take options: a second time, and by whole words.

use std::collections::VecDeque;

/// An option as it was taken.
#[derive(Debug)]
pub(super) enum Taken {
    /// A letter, with its value if it has one.
    Short(char, Option<String>),
    /// A letter that lacks its value.
    Lacking(char),
    /// A word behind two dashes.
    Long(String),
    /// A dash behind letters, which is no option.
    Odd,
}

/// A command line that options are taken of.
pub(super) struct Line<'a> {
    words: VecDeque<&'a str>,
    /// What is left of the word that letters are taken of.
    letters: &'a str,
    /// Whether nothing was taken of it yet.
    is_first: bool,
    /// Letters that have a value.
    valued: &'a str,
    permutes: bool,
    operands: Vec<String>,
}

impl<'a> Line<'a> {
    pub(super) fn new(words: &'a [String], valued: &'a str, permutes: bool) -> Self {
        let words = words.iter().map(String::as_str).collect();
        Self { words, letters: "", is_first: false, valued, permutes, operands: Vec::new() }
    }

    /// The next option, if there is one.
    pub(super) fn take(&mut self) -> Option<Taken> {
        while self.letters.is_empty() {
            let word = self.words.pop_front()?;
            match word.strip_prefix('-') {
                Some("-") => {
                    self.permutes = false;
                    return None;
                }
                Some(letters) if !letters.is_empty() => (self.letters, self.is_first) = (letters, true),
                _ if self.permutes => self.operands.push(word.to_owned()),
                _ => {
                    self.words.push_front(word);
                    return None;
                }
            }
        }
        let letters = self.letters;
        let is_first = std::mem::take(&mut self.is_first);
        let letter = letters.chars().next()?;
        self.letters = &letters[letter.len_utf8()..];
        if letter != '-' && !self.valued.contains(letter) {
            return Some(Taken::Short(letter, None));
        }
        let rest = std::mem::take(&mut self.letters);
        if letter == '-' {
            return Some(if is_first { Taken::Long(rest.to_owned()) } else { Taken::Odd });
        }
        let value = if rest.is_empty() { self.words.pop_front() } else { Some(rest) };
        Some(value.map_or(Taken::Lacking(letter), |value| Taken::Short(letter, Some(value.to_owned()))))
    }

    /// The next word, as the value of a long option.
    pub(super) fn next_word(&mut self) -> Option<String> {
        self.words.pop_front().map(str::to_owned)
    }

    /// What is no option. None is to be taken any more.
    pub(super) fn operands(self) -> Vec<String> {
        self.operands.into_iter().chain(self.words.into_iter().map(str::to_owned)).collect()
    }
}
