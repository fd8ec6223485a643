//! Where a scenario is played: a case, and what watches the program's system calls.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::path::PathBuf;

use anyhow::{Context, Result, bail};
use mote_tests::outcome::same;
use mote_tests::scene::{Scene, command_of};
use mote_tests::variables::start_without_variables;
use mote_tests::{Case, Cpu, End, Outcome, Running, Start, dist, process, until};

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
    pub(crate) case: Case,
    program: &'static str,
    scene: Scene,
    watch: Watch,
}

impl Stage {
    /// One that writes down which calls are made.
    pub(crate) fn traced(case: Case, program: &'static str) -> Result<Self> {
        Ok(Self { case, program, scene: Scene::new()?, watch: Watch::Trace(RefCell::default()) })
    }

    /// One on which other calls than these are deadly.
    pub(crate) fn sealed(case: Case, program: &'static str, calls: BTreeSet<String>) -> Result<Self> {
        Ok(Self { case, program, scene: Scene::new()?, watch: Watch::Only(calls) })
    }

    /// A start of the program that says nothing yet about which process it is.
    pub(crate) fn start(&self) -> Start {
        let start = start_without_variables(self.case, self.program);
        match &self.watch {
            Watch::Trace(files) => {
                let mut files = files.borrow_mut();
                let file = self.scene.path(&format!("trace-{}", files.len()));
                let start = start.trace_all(&file);
                files.push(file);
                start
            }
            Watch::Only(calls) => start.only(calls),
        }
    }

    /// A program of ours as COMMAND. An emulator has the host execute it.
    pub(crate) fn command(&self, program: &str) -> Result<PathBuf> {
        dist::file(self.command_case()?.platform, program)
    }

    /// Writes a file, and returns its path.
    pub(crate) fn file(&self, name: &str, content: &[u8], mode: u32) -> Result<PathBuf> {
        self.scene.file(name, content, mode)
    }

    /// Returns a path in the test directory.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.scene.path(name)
    }

    fn command_case(&self) -> Result<Case> {
        match self.case.cpu {
            Cpu::Native => Ok(self.case),
            Cpu::Emulated(_) => Case::host().context("this machine is none of the platforms"),
        }
    }

    /// Waits until `pause` sleeps as COMMAND of an init.
    pub(crate) fn until_command_sleeps(&self, init: &Running) -> Result<()> {
        let (command, case) = (command_of(init)?, self.command_case()?);
        until_in(command, case, &["pause", "ppoll"])
    }

    /// Waits until an init waits for signals.
    pub(crate) fn until_it_listens(&self, init: &Running) -> Result<()> {
        until_in(init.pid(), self.case, &["rt_sigtimedwait"])
    }

    /// All calls that the program has made on this stage.
    pub(crate) fn calls(&self) -> Result<BTreeSet<String>> {
        let Watch::Trace(files) = &self.watch else { bail!("nothing was traced") };
        let file = dist::file(self.case.platform, self.program)?;
        let mut calls = BTreeSet::new();
        for log in files.borrow().iter() {
            calls.extend(trace::calls(log, self.case, &file).with_context(|| log.display().to_string())?);
        }
        Ok(calls)
    }
}

/// Waits until a process sleeps in one of these calls.
pub(crate) fn until_in(pid: i32, case: Case, calls: &[&str]) -> Result<()> {
    until(&format!("sleep in {calls:?}"), || {
        Ok(process::asleep_in(pid, case)?.filter(|call| calls.contains(call)).map(|_| ()))
    })
}

/// It left with this status, whatever it said: a tracer may have a say in the same stream.
pub(crate) fn exits(outcome: &Outcome, status: i32) -> Result<()> {
    same(outcome.end, End::Exited(status)).with_context(|| format!("{outcome:?}"))
}
