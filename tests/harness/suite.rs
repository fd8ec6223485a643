//! Test suites: named tests, and what counts as ignored.

use std::any::type_name;
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

    /// Adds `test` for each of `targets` under the name of its function, which [`name_of`] returns, and the target's:
    /// `hello::writes_one_line::linux/amd64`.
    pub fn test<F>(mut self, targets: &[Target], test: F) -> Self
    where
        F: Fn(Target) -> Result<()> + Copy + Send + 'static,
    {
        for target in targets.iter().copied() {
            self = self.one(format!("{}::{target}", name_of::<F>()), move || test(target));
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

/// Returns the path of a function, from the group of tests on: `pause::signals::sigterm_ends_it`. So the name that the
/// runner prints can be searched for.
///
/// # Panics
/// If `F` is a closure, which has no name.
pub fn name_of<F>() -> &'static str {
    let name = type_name::<F>();
    assert!(!name.contains('{'), "{name} has no name of its own: make it a function");
    name
}

fn judge(result: Result<()>) -> Result<Completion, Failed> {
    let Err(error) = result else { return Ok(Completion::Completed) };
    match error.downcast_ref::<Missing>() {
        Some(missing) if !in_ci() => Ok(Completion::ignored_with(missing)),
        _ => Err(format!("{error:#}").into()),
    }
}
