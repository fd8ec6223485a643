//! dumb-init's command line, a word in each line of the input.

use std::collections::BTreeMap;

use anyhow::Result;
use mote_tests::model::line::{number, signal};

use super::dropin::{self, Meaning, Runs, Stream, invalid, lacking, wrong};
use super::getopt::{Line, Taken};
use crate::stage::Stage;

pub(super) const DICTIONARY: &[&str] = &[
    "-c",
    "-r",
    "-r1:2",
    "-v",
    "-h",
    "-V",
    "--single-child",
    "--rewrite",
    "--rewrite=",
    "--verbose",
    "--help",
    "--version",
    "--",
    "probe",
    "probe\n7",
    "15:2",
    "TERM:QUIT",
    "SIGTERM:INT",
    "HUP:0",
    "RTMIN:1",
    "--help=",
    "--rewrite=\n1:2",
    "-c-v",
    "1:0",
    "31:31",
    "32:1",
    "1:32",
    "-cv",
    "--ver",
    "--v",
];

/// Long options, and the letters that they stand for.
const NAMES: [(&str, char); 5] =
    [("help", 'h'), ("single-child", 'c'), ("rewrite", 'r'), ("verbose", 'v'), ("version", 'V')];

pub(super) fn check(stage: &Stage, input: &[u8]) -> Result<()> {
    dropin::check(stage, input, meaning)
}

fn meaning(words: &[String]) -> Meaning {
    let mut line = Line::new(words, "r", false);
    while let Some(option) = line.take() {
        let option = match option {
            Taken::Long(word) => match long(&mut line, &word) {
                Ok(option) => option,
                Err(meaning) => return meaning,
            },
            option => option,
        };
        match option {
            Taken::Short('c' | 'v', _) => {}
            Taken::Short('h', _) => return Meaning::Says(Stream::Error, "Usage: ".to_owned(), 0),
            Taken::Short('V', _) => return Meaning::Says(Stream::Error, "dumb-init v".to_owned(), 0),
            Taken::Short('r', Some(value)) => {
                if !is_pair(&value) {
                    return wrong("Usage: -r option takes <signum>:<signum>".to_owned());
                }
            }
            Taken::Short(letter, _) => return invalid(letter),
            Taken::Lacking(letter) => return lacking(letter),
            Taken::Odd => return invalid('-'),
            Taken::Long(_) => return Meaning::Open,
        }
    }
    match line.operands() {
        command if command.is_empty() => wrong("[option] program [args]\n".to_owned()),
        command => Meaning::Runs(Runs { command, exits: BTreeMap::new(), adopts: false, not_executed: &[2] }),
    }
}

/// The letter that a word stands for: the beginning of a name is enough, if no other name begins so.
fn long(line: &mut Line<'_>, word: &str) -> Result<Taken, Meaning> {
    let (name, value) = word.split_once('=').map_or((word, None), |(name, value)| (name, Some(value)));
    let found: Vec<char> =
        NAMES.iter().filter(|(long, _)| long.starts_with(name)).map(|(_, letter)| *letter).collect();
    match (found.as_slice(), value) {
        (['r'], Some(value)) => Ok(Taken::Short('r', Some(value.to_owned()))),
        (['r'], None) => match line.next_word() {
            Some(value) => Ok(Taken::Short('r', Some(value))),
            None => Err(wrong(": option '--rewrite' requires an argument\n".to_owned())),
        },
        ([letter], None) => Ok(Taken::Short(*letter, None)),
        ([_], Some(_)) => Err(wrong("' doesn't allow an argument\n".to_owned())),
        ([], _) => Err(wrong(": unrecognized option '--".to_owned())),
        (_, _) => Err(wrong("' is ambiguous; possibilities: ".to_owned())),
    }
}

/// Two standard signals with a colon between them, the second of which may be 0. Anything behind it does not matter.
fn is_pair(value: &str) -> bool {
    let Some((from, to)) = value.split_once(':') else { return false };
    let is_standard = |word: &str| signal(word).is_some_and(|number| number <= 31);
    let digits: String =
        to.strip_prefix("SIG").unwrap_or(to).chars().take_while(char::is_ascii_digit).collect();
    let begins_with_signal = if digits.is_empty() {
        to.char_indices().map(|(at, letter)| at + letter.len_utf8()).any(|end| is_standard(&to[..end]))
    } else {
        number(&digits, 31).is_some()
    };
    is_standard(from) && begins_with_signal
}
