//! Fuzz targets. Each compares a parser or the decisions of the programs with a model, for any input.
//!
//! `cargo xtask test fuzz` tries the corpus and edits of it, which are the same every time. CONTRIBUTING.md has the
//! command for libFuzzer, whose own inputs have no end.

pub mod inputs;
#[path = "../../init/tests/model/kernel.rs"]
mod kernel;
mod report;
#[path = "../../init/tests/model/rules.rs"]
mod rules;
mod sandbox;
mod targets;
mod text;
#[path = "../../init/tests/model/walk.rs"]
mod walk;
#[path = "../../init/tests/model/world.rs"]
mod world;

use std::cell::OnceCell;

use anyhow::{Context, Result};
use mote_tests::Target;

#[cfg(feature = "libfuzzer")]
pub use libfuzzer_sys;
pub use report::exit_if_probe;
use sandbox::Sandbox;
use targets::{dropin, passwd, pid1, signals, step};

/// Checks an input.
pub type Check = Box<dyn Fn(&[u8]) -> Result<()>>;

/// A parser or the decisions, and a model of them.
#[derive(Clone, Copy)]
pub struct FuzzTarget {
    /// The directory of its corpus.
    pub corpus: &'static str,
    comparison: Comparison,
}

#[derive(Clone, Copy)]
enum Comparison {
    /// Runs a release file.
    Program(&'static str, fn(&Sandbox, &[u8]) -> Result<()>),
    /// Calls a library.
    Library(fn(&[u8]) -> Result<()>),
}

/// pid1's command line, an argument in each line.
pub const PID1: FuzzTarget = program("pid1", "pid1", pid1::check_arguments);
/// The value of `PID1_OPTS`.
pub const PID1_OPTS: FuzzTarget = program("pid1_opts", "pid1", pid1::check_opts);
/// `/etc/passwd` and `/etc/group`.
pub const PASSWD: FuzzTarget = program("passwd", "pid1", passwd::check);
/// tini's command line.
pub const TINI: FuzzTarget = program("tini", "tini", dropin::check_tini);
/// dumb-init's command line.
pub const DUMB_INIT: FuzzTarget = program("dumb_init", "dumb-init", dropin::check_dumb_init);
/// catatonit's command line.
pub const CATATONIT: FuzzTarget = program("catatonit", "catatonit", dropin::check_catatonit);
/// Names of signals.
pub const SIGNALS: FuzzTarget =
    FuzzTarget { corpus: "signals", comparison: Comparison::Library(signals::check) };
/// Orders of events.
pub const STEP: FuzzTarget = FuzzTarget { corpus: "step", comparison: Comparison::Library(step::check) };

const fn program(
    corpus: &'static str,
    program: &'static str,
    check: fn(&Sandbox, &[u8]) -> Result<()>,
) -> FuzzTarget {
    FuzzTarget { corpus, comparison: Comparison::Program(program, check) }
}

impl FuzzTarget {
    /// Returns the check, which belongs to this thread.
    ///
    /// # Errors
    /// If the machine lacks something.
    pub fn check(self, target: Target) -> Result<Check> {
        match self.comparison {
            Comparison::Program(program, check) => {
                let sandbox = Sandbox::new(target, program)?;
                Ok(Box::new(move |input| check(&sandbox, input)))
            }
            Comparison::Library(check) => Ok(Box::new(check)),
        }
    }

    /// Checks an input of libFuzzer.
    ///
    /// # Panics
    /// If the program and the model differ, or the machine lacks something.
    pub fn fuzz(self, input: &[u8]) {
        thread_local!(static CHECK: OnceCell<Check> = const { OnceCell::new() });
        let check = || self.check(Target::host().context("no platform of this machine")?);
        let result = CHECK
            .with(|cell| (cell.get_or_init(|| check().unwrap_or_else(|error| panic!("{error:#}"))))(input));
        result.unwrap_or_else(|error| panic!("{error:#}"));
    }
}

/// Defines the entry point of a binary with libFuzzer.
#[macro_export]
macro_rules! libfuzzer {
    ($target:ident) => {
        $crate::libfuzzer_sys::fuzz_target!(init: $crate::exit_if_probe(), |input: &[u8]| {
            $crate::$target.fuzz(input)
        });
    };
}
