//! A model of `getopt_long(3)`, by which the drop-ins take options.

use std::collections::VecDeque;

use super::dropin::Message;

/// A command line whose options are taken one after the other.
pub(super) struct Options<'a> {
    arguments: VecDeque<&'a str>,
    /// The rest of the argument from which letters are taken.
    letters: &'a str,
    /// The letters of the options with a value.
    valued: &'a str,
    /// The names of the long options, and their letters.
    long: &'a [(&'a str, char)],
    permutes: bool,
    operands: Vec<String>,
}

impl<'a> Options<'a> {
    /// The options of `arguments`. `permutes` is whether they may follow an operand.
    pub(super) fn new(
        arguments: &'a [String],
        valued: &'a str,
        long: &'a [(&'a str, char)],
        permutes: bool,
    ) -> Self {
        let arguments = arguments.iter().map(String::as_str).collect();
        Self { arguments, letters: "", valued, long, permutes, operands: Vec::new() }
    }

    /// Takes the letter and the value of the next option. Unless there are long options, the letter of one is `-`, and
    /// its value is the rest of the argument.
    pub(super) fn take(&mut self) -> Result<Option<(char, Option<&'a str>)>, Message> {
        while self.letters.is_empty() {
            let Some(argument) = self.arguments.pop_front() else { return Ok(None) };
            match argument.strip_prefix('-') {
                Some("-") => {
                    self.permutes = false;
                    return Ok(None);
                }
                Some(rest) if rest.starts_with('-') => return self.take_long(&rest[1..]).map(Some),
                Some(letters) if !letters.is_empty() => self.letters = letters,
                _ if self.permutes => self.operands.push(argument.to_owned()),
                _ => {
                    self.arguments.push_front(argument);
                    return Ok(None);
                }
            }
        }
        let letters = self.letters;
        let letter = letters.chars().next().unwrap_or_default();
        self.letters = &letters[letter.len_utf8()..];
        if letter == '-' {
            return Err(Message::invalid('-'));
        }
        if !self.valued.contains(letter) {
            return Ok(Some((letter, None)));
        }
        let rest = std::mem::take(&mut self.letters);
        let value = if rest.is_empty() { self.arguments.pop_front() } else { Some(rest) };
        let missing = || Message::error(format!(": option requires an argument -- '{letter}'\n"));
        value.map(|value| Some((letter, Some(value)))).ok_or_else(missing)
    }

    /// The beginning of a name is enough, unless another name begins with it.
    fn take_long(&mut self, rest: &'a str) -> Result<(char, Option<&'a str>), Message> {
        if self.long.is_empty() {
            return Ok(('-', Some(rest)));
        }
        let (name, value) = rest.split_once('=').map_or((rest, None), |(name, value)| (name, Some(value)));
        let mut found = self.long.iter().filter(|(long, _)| long.starts_with(name));
        let (Some((long, letter)), other) = (found.next(), found.next()) else {
            return Err(Message::error(": unrecognized option '--".to_owned()));
        };
        match value {
            _ if other.is_some() => Err(Message::error("' is ambiguous; possibilities: ".to_owned())),
            value if self.valued.contains(*letter) => {
                let missing = || Message::error(format!(": option '--{long}' requires an argument\n"));
                let value = value.or_else(|| self.arguments.pop_front()).ok_or_else(missing)?;
                Ok((*letter, Some(value)))
            }
            Some(_) => Err(Message::error(format!(": option '--{long}' doesn't allow an argument\n"))),
            None => Ok((*letter, None)),
        }
    }

    /// Returns the operands, once there is no further option.
    pub(super) fn operands(self) -> Vec<String> {
        self.operands.into_iter().chain(self.arguments.into_iter().map(str::to_owned)).collect()
    }
}
