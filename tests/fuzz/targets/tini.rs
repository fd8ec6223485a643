//! tini's command line, a word in each line of the input.

use std::collections::BTreeMap;

use anyhow::Result;
use mote_tests::model::line::{number, signal};

use super::dropin::{self, Meaning, Runs, Stream, invalid, lacking, wrong};
use super::getopt::{Line, Taken};
use crate::stage::Stage;

pub(super) const DICTIONARY: &[&str] = &[
    "-s",
    "-v",
    "-vvv",
    "-w",
    "-g",
    "-h",
    "-l",
    "-e",
    "-p",
    "-e7",
    "-pTERM",
    "--version",
    "--",
    "probe",
    "probe\n7",
    "7",
    "143",
    "255",
    "256",
    "SIGKILL",
    "RTMIN+3",
    "64",
    "65",
    "-sgv",
    "126",
    "127",
];

pub(super) fn check(stage: &Stage, input: &[u8]) -> Result<()> {
    dropin::check(stage, input, meaning)
}

fn meaning(words: &[String]) -> Meaning {
    let mut line = Line::new(words, "ep", true);
    let (mut exits, mut adopts) = (BTreeMap::new(), false);
    while let Some(option) = line.take() {
        match option {
            Taken::Short('s', _) => adopts = true,
            Taken::Short('v' | 'w' | 'g', _) => {}
            Taken::Short('h', _) => return Meaning::Says(Stream::Out, "tini (tini version ".to_owned(), 0),
            Taken::Short('l', _) => return Meaning::Says(Stream::Out, "MIT or Apache-2.0".to_owned(), 0),
            Taken::Short('e', Some(value)) => match number(&value, 255) {
                Some(status) => drop(exits.insert(status as i32, 0)),
                None => return not_valid('e', &value),
            },
            Taken::Short('p', Some(value)) => {
                if signal(&value).is_none() {
                    return not_valid('p', &value);
                }
            }
            Taken::Short(letter, _) => return invalid(letter),
            Taken::Lacking(letter) => return lacking(letter),
            Taken::Odd => return invalid('-'),
            Taken::Long(name) if name == "version" => {
                return Meaning::Says(Stream::Out, "tini version ".to_owned(), 0);
            }
            Taken::Long(_) => return invalid('-'),
        }
    }
    match line.operands() {
        command if command.is_empty() => wrong("Usage: tini [OPTIONS] PROGRAM".to_owned()),
        command => Meaning::Runs(Runs { command, exits, adopts, not_executed: &[126, 127] }),
    }
}

/// The value is told, as far as there is room.
fn not_valid(letter: char, value: &str) -> Meaning {
    let beginning: String = value.chars().take(60).collect();
    wrong(format!(")] Not a valid option for -{letter}: {beginning}"))
}
