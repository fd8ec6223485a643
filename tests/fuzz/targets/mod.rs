//! What is fuzzed.

mod catatonit;
mod dropin;
mod dumb_init;
mod getopt;
mod passwd;
mod pid1;
mod said;
mod signals;
mod step;
mod tini;
mod words;

use anyhow::{Context, Result};
use mote_tests::Target as Case;

use crate::stage::Stage;

/// What tries an input.
type Check = Box<dyn FnMut(&[u8]) -> Result<()>>;

/// Something that takes an input apart, and a model that says what must come of it.
pub(crate) struct Target {
    /// Words that mean something in it.
    pub(crate) dictionary: &'static [&'static str],
    /// Tries an input: an error is a rule that is broken.
    pub(crate) check: Check,
}

/// How to get at a target.
pub(crate) struct Kind {
    /// Its name, which is that of its directory in the corpus as well.
    pub(crate) name: &'static str,
    dictionary: &'static [&'static str],
    /// How many new inputs the short run makes.
    pub(crate) inputs: u32,
    body: Body,
}

#[derive(Clone, Copy)]
enum Body {
    /// A release file, which is run for each input.
    Program(&'static str, fn(&Stage, &[u8]) -> Result<()>),
    /// Code of the libraries.
    Library(fn(&[u8]) -> Result<()>),
}

/// All of them.
pub(crate) const KINDS: [Kind; 8] = [
    Kind {
        name: "pid1",
        dictionary: pid1::DICTIONARY,
        inputs: 6000,
        body: Body::Program("pid1", pid1::line),
    },
    Kind {
        name: "pid1_opts",
        dictionary: pid1::DICTIONARY,
        inputs: 4000,
        body: Body::Program("pid1", pid1::opts),
    },
    Kind {
        name: "passwd",
        dictionary: passwd::DICTIONARY,
        inputs: 6000,
        body: Body::Program("pid1", passwd::check),
    },
    Kind {
        name: "tini",
        dictionary: tini::DICTIONARY,
        inputs: 4000,
        body: Body::Program("tini", tini::check),
    },
    Kind {
        name: "dumb_init",
        dictionary: dumb_init::DICTIONARY,
        inputs: 4000,
        body: Body::Program("dumb-init", dumb_init::check),
    },
    Kind {
        name: "catatonit",
        dictionary: catatonit::DICTIONARY,
        inputs: 4000,
        body: Body::Program("catatonit", catatonit::check),
    },
    Kind {
        name: "signals",
        dictionary: signals::DICTIONARY,
        inputs: 300_000,
        body: Body::Library(signals::check),
    },
    Kind { name: "step", dictionary: step::DICTIONARY, inputs: 50_000, body: Body::Library(step::check) },
];

impl Kind {
    /// The cases that there are: one for each way to run a program, and none if there is none.
    pub(crate) fn cases(&self) -> Vec<Option<Case>> {
        match self.body {
            Body::Program(..) => Case::all().into_iter().map(Some).collect(),
            Body::Library(_) => vec![None],
        }
    }

    /// The case that new inputs are tried with.
    pub(crate) fn host(&self) -> Option<Case> {
        Case::host().filter(|_| matches!(self.body, Body::Program(..)))
    }

    /// The target, for the thread that asks.
    ///
    /// # Errors
    /// If the machine lacks something.
    pub(crate) fn target(&self, case: Option<Case>) -> Result<Target> {
        let check: Check = match self.body {
            Body::Program(program, check) => {
                let stage = Stage::new(case.context("no native platform")?, program)?;
                Box::new(move |input| check(&stage, input))
            }
            Body::Library(check) => Box::new(check),
        };
        Ok(Target { dictionary: self.dictionary, check })
    }
}
