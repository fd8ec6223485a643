//! Makes inputs and tries them.

pub(crate) mod corpus;
pub(crate) mod coverage;
mod mutate;
mod shrink;

use std::collections::HashSet;
use std::panic::{AssertUnwindSafe, catch_unwind};

use anyhow::{Error, Result, anyhow};
use fastrand::Rng;

use self::coverage::Seen;
use crate::stage;
use crate::targets::Target;

/// An input that breaks a rule, as small as it could be made.
pub(crate) struct Failure {
    /// The input.
    pub(crate) input: Vec<u8>,
    /// What it breaks.
    pub(crate) error: Error,
}

/// A target and the inputs that new ones are made of.
pub(crate) struct Engine<'a> {
    target: &'a mut Target,
    rng: Rng,
    /// Inputs that are worth keeping.
    pub(crate) inputs: Vec<Vec<u8>>,
    /// What code they have led to.
    pub(crate) seen: Seen,
}

impl<'a> Engine<'a> {
    /// One with these inputs to begin with, and others that depend on `seed` alone.
    pub(crate) fn new(target: &'a mut Target, inputs: Vec<Vec<u8>>, seed: u64) -> Self {
        let inputs = if inputs.is_empty() { vec![Vec::new()] } else { inputs };
        Self { target, rng: Rng::with_seed(seed), inputs, seen: Seen::default() }
    }

    /// Tries an input of the corpus.
    pub(crate) fn replay(&mut self, input: &[u8]) -> Result<(), Failure> {
        let result = tried(self.target, input);
        self.seen.add();
        result.map_err(|error| self.shrunk(input, error))
    }

    /// Makes one new input, tries it, and keeps it if it led somewhere new.
    pub(crate) fn step(&mut self) -> Result<(), Failure> {
        let [input, other] = [(); 2].map(|()| self.rng.usize(..self.inputs.len()));
        let dictionary = self.target.dictionary;
        let input = mutate::mutated(&mut self.rng, &self.inputs[input], &self.inputs[other], dictionary);
        let result = tried(self.target, &input);
        let is_new = self.seen.add();
        result.map_err(|error| self.shrunk(&input, error))?;
        if is_new {
            self.inputs.push(input);
        }
        Ok(())
    }

    /// The fewest and smallest inputs that, beside those that stay, reach all the code that those that there are do.
    /// Nothing is run for it but what is in this process.
    pub(crate) fn minimised<'i>(&mut self, staying: impl Iterator<Item = &'i [u8]>) -> Vec<Vec<u8>> {
        let mut inputs = std::mem::take(&mut self.inputs);
        inputs.sort_by_key(Vec::len);
        stage::pretend(true);
        let mut all: HashSet<usize> = staying.flat_map(|input| reached(self.target, input)).collect();
        let mut kept = Vec::new();
        for input in inputs {
            let new = &reached(self.target, &input) - &all;
            if !new.is_empty() {
                let small = shrink::shrunk(&input, |smaller| new.is_subset(&reached(self.target, smaller)));
                all.extend(reached(self.target, &small));
                kept.push(small);
            }
        }
        stage::pretend(false);
        kept
    }

    fn shrunk(&mut self, input: &[u8], error: Error) -> Failure {
        let input = shrink::shrunk(input, |smaller| tried(self.target, smaller).is_err());
        let error = tried(self.target, &input).err().unwrap_or(error);
        Failure { input, error }
    }
}

/// Tries an input. A panic is an error.
fn tried(target: &mut Target, input: &[u8]) -> Result<()> {
    coverage::begin();
    let result = catch_unwind(AssertUnwindSafe(|| (target.check)(input)));
    coverage::end();
    result.unwrap_or_else(|_| Err(anyhow!("it panicked")))
}

/// The code that an input leads to.
fn reached(target: &mut Target, input: &[u8]) -> HashSet<usize> {
    // Whatever comes of it.
    let _ = tried(target, input);
    coverage::reached()
}
