//! dumb-init's command line, a word in each line of the input.

use std::collections::BTreeMap;

use anyhow::Result;
use mote_tests::model::line::number;

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
            Taken::Odd | Taken::Long(_) => return Meaning::Open,
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
        // What nothing behind the equals sign means is left open.
        ([_], Some("")) => Err(Meaning::Open),
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

/// Two numbers up to 31 with a colon between them, the first not 0. What follows the second does not matter.
fn is_pair(value: &str) -> bool {
    let Some((from, to)) = value.split_once(':') else { return false };
    let to: String = to.chars().take_while(char::is_ascii_digit).collect();
    number(from, 31).is_some_and(|from| from > 0) && number(&to, 31).is_some()
}
