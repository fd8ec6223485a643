//! catatonit's command line, a word in each line of the input.

use std::collections::BTreeMap;

use anyhow::Result;

use super::dropin::{self, Meaning, Runs, Stream, invalid, wrong};
use super::getopt::{Line, Taken};
use crate::stage::Stage;

pub(super) const DICTIONARY: &[&str] = &[
    "-g",
    "-h",
    "-L",
    "-P",
    "-V",
    "-gV",
    "--version",
    "--vers",
    "--",
    "probe",
    "probe\n7",
    "-gg",
    "-x",
    "--nope",
];

pub(super) fn check(stage: &Stage, input: &[u8]) -> Result<()> {
    dropin::check(stage, input, meaning)
}

fn meaning(words: &[String]) -> Meaning {
    let mut line = Line::new(words, "", true);
    let mut pauses = false;
    while let Some(option) = line.take() {
        match option {
            Taken::Short('g', _) => {}
            Taken::Short('P', _) => pauses = true,
            Taken::Short('h', _) => return Meaning::Says(Stream::Error, "usage: catatonit ".to_owned(), 0),
            Taken::Short('L', _) => return Meaning::Says(Stream::Out, "MIT or Apache-2.0".to_owned(), 0),
            Taken::Short('V', _) => return version(),
            Taken::Odd => return invalid('-'),
            Taken::Long(word) if "version".starts_with(&word) => return version(),
            Taken::Long(word)
                if word.split_once('=').is_some_and(|(name, _)| "version".starts_with(name)) =>
            {
                return wrong(": option '--version' doesn't allow an argument\n".to_owned());
            }
            Taken::Long(_) => return wrong(": unrecognized option '--".to_owned()),
            Taken::Short(letter, _) | Taken::Lacking(letter) => return invalid(letter),
        }
    }
    match line.operands() {
        _ if pauses => Meaning::Sleeps,
        command if command.is_empty() => wrong("): missing program name\n".to_owned()),
        command => Meaning::Runs(Runs { command, exits: BTreeMap::new(), adopts: false, not_executed: &[1] }),
    }
}

fn version() -> Meaning {
    Meaning::Says(Stream::Out, "_catatonit_mote\n".to_owned(), 0)
}
