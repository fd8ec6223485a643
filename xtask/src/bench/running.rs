//! A program that was started as process 1, and is killed when this is dropped.

use std::{
    fs,
    io::{BufRead, BufReader},
    path::Path,
    process::{Child, ChildStdout, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, bail};
use nix::{
    sys::{
        signal::{Signal, kill},
        wait::{Id, WaitPidFlag, waitid},
    },
    unistd::Pid,
};
use procfs::process::{Process, Status};

use super::namespace;

/// Nothing that is waited for takes so long, however busy the machine is.
const DEADLINE: Duration = Duration::from_secs(120);

pub(super) struct Running {
    child: Child,
    output: Option<BufReader<ChildStdout>>,
}

/// A program's end.
pub(super) struct Finish {
    pub(super) end: Instant,
    /// Pages that it had to ask the kernel for, and that needed no disk.
    pub(super) faults: u64,
}

impl Running {
    /// Starts a program as process 1, with pipes for its input and output.
    pub(super) fn process_1(mut start: Command) -> Result<Self> {
        start.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
        Ok(Self::timed(start)?.0)
    }

    /// Starts a program as process 1, and tells when.
    pub(super) fn timed(mut start: Command) -> Result<(Self, Instant)> {
        let (child, begin) = namespace::as_process_1(|| {
            let begin = Instant::now();
            Ok((start.spawn()?, begin))
        })?;
        Ok((Self::new(child), begin))
    }

    /// Starts a program in the PID namespace of this one.
    pub(super) fn beside(&self, mut start: Command) -> Result<Self> {
        start.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
        Ok(Self::new(namespace::beside(self.pid(), || Ok(start.spawn()?))?))
    }

    fn new(mut child: Child) -> Self {
        let output = child.stdout.take().map(BufReader::new);
        Self { child, output }
    }

    /// Its number, as seen from here.
    pub(super) fn pid(&self) -> i32 {
        self.child.id().cast_signed()
    }

    fn process(&self) -> Result<Process> {
        Ok(Process::new(self.pid())?)
    }

    /// What `/proc` says of it.
    pub(super) fn status(&self) -> Result<Status> {
        Ok(self.process()?.status()?)
    }

    /// Nanoseconds of CPU time that it has used.
    pub(super) fn cpu_time(&self) -> Result<u64> {
        Ok(self.process()?.schedstat()?.sum_exec_runtime)
    }

    /// Kilobytes of resident memory, and the same with shared pages divided among those that share them.
    pub(super) fn memory(&self) -> Result<(u64, u64)> {
        let rollup = self.process()?.smaps_rollup()?;
        let map = rollup.memory_map_rollup.0.first().context("empty smaps_rollup")?;
        let of = |name: &str| map.extension.map.get(name).map(|bytes| bytes / 1024);
        of("Rss").zip(of("Pss")).context("no Rss")
    }

    /// Waits until it sleeps and nothing wakes it.
    pub(super) fn settle(&self) -> Result<()> {
        settled(self.pid())
    }

    /// Waits until a child of it has become the program `file`, and sleeps like itself.
    pub(super) fn settle_with(&self, file: &Path) -> Result<()> {
        let file = file.canonicalize()?;
        let children = format!("/proc/{0}/task/{0}/children", self.pid());
        let child = until(|| {
            let children = fs::read_to_string(&children)?;
            let mut children = children.split(' ').filter_map(|number| number.parse().ok());
            let is_it = |pid: &i32| fs::read_link(format!("/proc/{pid}/exe")).is_ok_and(|exe| exe == file);
            Ok(children.find(is_it))
        })?;
        settled(child)?;
        self.settle()
    }

    /// The next line that it, or what it runs, writes.
    pub(super) fn line(&mut self) -> Result<String> {
        let mut line = String::new();
        self.output.as_mut().context("no output")?.read_line(&mut line)?;
        match line.strip_suffix('\n') {
            Some(line) => Ok(line.to_owned()),
            None => bail!("it ended early"),
        }
    }

    /// The input of it, and of what it runs.
    pub(super) fn input(&mut self) -> Result<&mut std::process::ChildStdin> {
        self.child.stdin.as_mut().context("no input")
    }

    pub(super) fn signal(&self, signal: Signal) -> Result<()> {
        kill(Pid::from_raw(self.pid()), signal).with_context(|| signal.to_string())
    }

    /// Waits for its end.
    pub(super) fn finish(mut self) -> Result<Finish> {
        let id = Id::Pid(Pid::from_raw(self.pid()));
        waitid(id, WaitPidFlag::WEXITED | WaitPidFlag::WNOWAIT)?;
        let end = Instant::now();
        // Dead and not yet waited for, it still has its figures.
        let faults = self.process()?.stat()?.minflt;
        let status = self.child.wait()?;
        if !status.success() {
            bail!("it ended with {status}");
        }
        Ok(Finish { end, faults })
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn settled(pid: i32) -> Result<()> {
    let mut before = None;
    until(|| {
        let process = Process::new(pid)?;
        let asleep = process.stat()?.state == 'S';
        let now = asleep.then_some(process.status()?.voluntary_ctxt_switches);
        let same = now.is_some() && now == before;
        before = now;
        Ok(same.then_some(()))
    })
}

/// Asks again and again until there is an answer.
fn until<T>(mut probe: impl FnMut() -> Result<Option<T>>) -> Result<T> {
    let start = Instant::now();
    loop {
        if let Some(answer) = probe()? {
            return Ok(answer);
        }
        if start.elapsed() > DEADLINE {
            bail!("waited {} s in vain", DEADLINE.as_secs());
        }
        thread::sleep(Duration::from_millis(1));
    }
}
