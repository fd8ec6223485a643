//! Processes that are measured.

use std::{
    io::{BufRead, BufReader},
    path::Path,
    process::{Child, ChildStdin, ChildStdout, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, ensure};
use nix::{
    sys::{
        signal::{Signal, kill},
        wait::{Id, WaitPidFlag, waitid},
    },
    unistd::Pid,
};
use procfs::process::{Process, Status};

use crate::scheduling::{in_new_pid_namespace, in_pid_namespace_of};

/// Longer than any wait takes on a busy machine.
const DEADLINE: Duration = Duration::from_secs(120);

/// A process with pipes for its input and output. It is killed when this is dropped.
#[derive(Debug)]
pub(crate) struct Running {
    child: Child,
    output: BufReader<ChildStdout>,
    pub(crate) started: Instant,
}

/// The exit of a process.
pub(crate) struct Exit {
    pub(crate) time: Instant,
    pub(crate) minor_faults: u64,
}

impl Running {
    /// Starts a process as PID 1 of a new PID namespace.
    pub(crate) fn pid_1(command: &mut Command) -> Result<Self> {
        in_new_pid_namespace(|| Self::start(command))
    }

    /// Starts a process in the PID namespace of this one.
    pub(crate) fn beside(&self, command: &mut Command) -> Result<Self> {
        in_pid_namespace_of(self.pid(), || Self::start(command))
    }

    fn start(command: &mut Command) -> Result<Self> {
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
        let started = Instant::now();
        let mut child = command.spawn()?;
        let output = BufReader::new(child.stdout.take().context("no stdout")?);
        Ok(Self { child, output, started })
    }

    fn pid(&self) -> i32 {
        self.child.id().cast_signed()
    }

    fn process(&self) -> Result<Process> {
        Ok(Process::new(self.pid())?)
    }

    pub(crate) fn status(&self) -> Result<Status> {
        Ok(self.process()?.status()?)
    }

    pub(crate) fn voluntary_switches(&self) -> Result<u64> {
        self.status()?.voluntary_ctxt_switches.context("no voluntary_ctxt_switches")
    }

    /// Returns the CPU time in nanoseconds.
    pub(crate) fn cpu_time(&self) -> Result<u64> {
        Ok(self.process()?.schedstat()?.sum_exec_runtime)
    }

    /// Returns a field of `smaps_rollup` in kilobytes.
    pub(crate) fn memory(&self, field: &str) -> Result<u64> {
        let rollup = self.process()?.smaps_rollup()?;
        let map = rollup.memory_map_rollup.0.first().context("smaps_rollup is empty")?;
        Ok(map.extension.map.get(field).with_context(|| format!("no {field}"))? / 1024)
    }

    /// Waits until the process sleeps and does not wake up by itself.
    pub(crate) fn settle(&self) -> Result<()> {
        settle(self.pid())
    }

    /// Waits until a child of the process executes `file` and sleeps.
    pub(crate) fn settle_child(&self, file: &Path) -> Result<()> {
        let main = self.process()?.task_main_thread()?;
        settle(until(|| {
            let child = main.children()?.first().map(|child| child.cast_signed());
            Ok(child
                .filter(|pid| Process::new(*pid).and_then(|child| child.exe()).is_ok_and(|exe| exe == file)))
        })?)
    }

    /// Reads a line that the process or its child writes.
    pub(crate) fn line(&mut self) -> Result<String> {
        let mut line = String::new();
        self.output.read_line(&mut line)?;
        ensure!(line.pop() == Some('\n'), "the process ended early");
        Ok(line)
    }

    pub(crate) fn input(&mut self) -> Result<&mut ChildStdin> {
        self.child.stdin.as_mut().context("no stdin")
    }

    pub(crate) fn signal(&self, signal: Signal) -> Result<()> {
        Ok(kill(Pid::from_raw(self.pid()), signal)?)
    }

    /// Waits until the process has exited with status 0.
    pub(crate) fn exit(mut self) -> Result<Exit> {
        waitid(Id::Pid(Pid::from_raw(self.pid())), WaitPidFlag::WEXITED | WaitPidFlag::WNOWAIT)?;
        let time = Instant::now();
        // The counters of a zombie can be read until it is reaped.
        let minor_faults = self.process()?.stat()?.minflt;
        let status = self.child.wait()?;
        ensure!(status.success(), "{status}");
        Ok(Exit { time, minor_faults })
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn settle(pid: i32) -> Result<()> {
    let process = Process::new(pid)?;
    let mut before = None;
    until(|| {
        let is_asleep = process.stat()?.state == 'S';
        let switches = process.status()?.voluntary_ctxt_switches.filter(|_| is_asleep);
        let is_settled = switches.is_some() && switches == before;
        before = switches;
        Ok(is_settled.then_some(()))
    })
}

/// Polls until `probe` returns a value.
fn until<T>(mut probe: impl FnMut() -> Result<Option<T>>) -> Result<T> {
    let start = Instant::now();
    loop {
        if let Some(value) = probe()? {
            return Ok(value);
        }
        ensure!(start.elapsed() < DEADLINE, "timeout after {} s", DEADLINE.as_secs());
        thread::sleep(Duration::from_millis(1));
    }
}
