//! The surroundings of a scenario: a target, and a tracer or a filter for the program's system calls.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::path::PathBuf;

use anyhow::{Context, Result, bail};
use mote_tests::outcome::same;
use mote_tests::test_dir::{TestDir, child_of};
use mote_tests::variables::start_without_variables;
use mote_tests::{Cpu, End, Launcher, Outcome, Running, Target, dist, process, until};

use crate::trace;

/// What watches.
enum Watch {
    /// A tracer, which writes to these files.
    Trace(RefCell<Vec<PathBuf>>),
    /// A filter, which kills for any other call.
    Only(BTreeSet<String>),
}

/// Starts one program, again and again.
pub(crate) struct Stage {
    pub(crate) target: Target,
    program: &'static str,
    dir: TestDir,
    watch: Watch,
}

impl Stage {
    /// One that writes down which calls are made.
    pub(crate) fn traced(target: Target, program: &'static str) -> Result<Self> {
        Ok(Self { target, program, dir: TestDir::new()?, watch: Watch::Trace(RefCell::default()) })
    }

    /// One on which other calls than these are deadly.
    pub(crate) fn sealed(target: Target, program: &'static str, calls: BTreeSet<String>) -> Result<Self> {
        Ok(Self { target, program, dir: TestDir::new()?, watch: Watch::Only(calls) })
    }

    /// A start of the program that says nothing yet about which process it is.
    pub(crate) fn start(&self) -> Launcher {
        let launcher = start_without_variables(self.target, self.program);
        match &self.watch {
            Watch::Trace(files) => {
                let mut files = files.borrow_mut();
                let file = self.dir.join(&format!("trace-{}", files.len()));
                let launcher = launcher.trace_all(&file);
                files.push(file);
                launcher
            }
            Watch::Only(calls) => launcher.only(calls),
        }
    }

    /// Returns the file of a program as the child. Below an emulated init the host executes it.
    pub(crate) fn command(&self, program: &str) -> Result<PathBuf> {
        dist::file(self.command_case()?.platform, program)
    }

    /// Writes a file, and returns its path.
    pub(crate) fn file(&self, name: &str, content: &[u8], mode: u32) -> Result<PathBuf> {
        self.dir.file(name, content, mode)
    }

    /// Returns a path in the test directory.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.dir.join(name)
    }

    fn command_case(&self) -> Result<Target> {
        match self.target.cpu {
            Cpu::Native => Ok(self.target),
            Cpu::Emulated(_) => Target::host().context("this machine is none of the platforms"),
        }
    }

    /// Waits until `pause` sleeps as the child of an init.
    pub(crate) fn until_command_sleeps(&self, init: &Running) -> Result<()> {
        let (command, target) = (child_of(init)?, self.command_case()?);
        until_in(command, target, &["pause", "ppoll"])
    }

    /// Waits until an init waits for signals.
    pub(crate) fn until_it_listens(&self, init: &Running) -> Result<()> {
        until_in(init.pid(), self.target, &["rt_sigtimedwait"])
    }

    /// All calls that the program has made on this stage.
    pub(crate) fn calls(&self) -> Result<BTreeSet<String>> {
        let Watch::Trace(files) = &self.watch else { bail!("nothing was traced") };
        let file = dist::file(self.target.platform, self.program)?;
        let mut calls = BTreeSet::new();
        for log in files.borrow().iter() {
            calls.extend(trace::calls(log, self.target, &file).with_context(|| log.display().to_string())?);
        }
        Ok(calls)
    }
}

/// Waits until a process sleeps in one of these calls.
pub(crate) fn until_in(pid: i32, target: Target, calls: &[&str]) -> Result<()> {
    until(&format!("sleep in {calls:?}"), || {
        Ok(process::asleep_in(pid, target)?.filter(|call| calls.contains(call)).map(|_| ()))
    })
}

/// It left with this status, whatever it said: a tracer may have a say in the same stream.
pub(crate) fn exits(outcome: &Outcome, status: i32) -> Result<()> {
    same(outcome.end, End::Exited(status)).with_context(|| format!("{outcome:?}"))
}
