//! Test suites: named tests, and what counts as ignored.

use std::process::ExitCode;

use anyhow::Result;
use libtest_mimic::{Arguments, Completion, Failed, Trial};
use xtask::prerequisites::in_ci;

use crate::require::Missing;
use crate::target::Target;

/// The tests of one file.
#[derive(Default)]
pub struct Suite {
    trials: Vec<Trial>,
    threads: Option<usize>,
}

impl Suite {
    /// An empty suite.
    pub fn new() -> Self {
        Self::default()
    }

    /// Runs `count` tests at once, for a suite that mostly waits, or one at a time. The command line wins.
    pub fn threads(mut self, count: usize) -> Self {
        self.threads = Some(count);
        self
    }

    /// Adds a test.
    pub fn one(
        mut self,
        name: impl Into<String>,
        test: impl FnOnce() -> Result<()> + Send + 'static,
    ) -> Self {
        self.trials.push(Trial::ignorable_test(name, || judge(test())));
        self
    }

    /// Adds a test for each of `targets`: `name::platform`.
    pub fn each(mut self, name: &str, targets: &[Target], test: fn(Target) -> Result<()>) -> Self {
        for target in targets.iter().copied() {
            self = self.one(format!("{name}::{target}"), move || test(target));
        }
        self
    }

    /// Runs what the command line asks for.
    pub fn run(self) -> ExitCode {
        let mut arguments = Arguments::from_args();
        arguments.test_threads = arguments.test_threads.or(self.threads);
        libtest_mimic::run(&arguments, self.trials).exit_code()
    }
}

fn judge(result: Result<()>) -> Result<Completion, Failed> {
    let Err(error) = result else { return Ok(Completion::Completed) };
    match error.downcast_ref::<Missing>() {
        Some(missing) if !in_ci() => Ok(Completion::ignored_with(missing)),
        _ => Err(format!("{error:#}").into()),
    }
}
