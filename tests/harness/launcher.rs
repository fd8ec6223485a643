//! How a program is started.

use std::ffi::{OsStr, OsString};
use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result};

use crate::dist;
use crate::launcher_file::{self, pid_namespaces};
use crate::outcome::Outcome;
use crate::require;
use crate::running::Running;
use crate::signal::Signal;
use crate::target::{Cpu, Target};

/// The program to start.
enum Program {
    Release(&'static str),
    File(PathBuf),
}

/// A start of a program by the `launcher` program.
pub struct Launcher {
    target: Target,
    program: Program,
    options: Vec<OsString>,
    arguments: Vec<OsString>,
    pub(crate) environment: Vec<(OsString, Option<OsString>)>,
    pub(crate) stdin: Option<Stdio>,
    stdout: Option<Stdio>,
    pub(crate) stderr: Option<Stdio>,
    trace: Option<PathBuf>,
    whole_trace: Option<PathBuf>,
    pub(crate) trace_options: Vec<OsString>,
    inside: u32,
}

impl Launcher {
    /// A start of the release file `program` with no argument and pipes for its streams.
    pub fn of(target: Target, program: &'static str) -> Self {
        Self::new(target, Program::Release(program))
    }

    /// A start of another file of the target's platform.
    pub fn of_file(target: Target, file: impl Into<PathBuf>) -> Self {
        Self::new(target, Program::File(file.into()))
    }

    fn new(target: Target, program: Program) -> Self {
        let mut launcher = Self {
            target,
            program,
            options: Vec::new(),
            arguments: Vec::new(),
            environment: Vec::new(),
            stdin: None,
            stdout: None,
            stderr: None,
            trace: None,
            whole_trace: None,
            trace_options: Vec::new(),
            inside: 0,
        };
        if target.calls_as_386() {
            launcher = launcher.option("--abi", "386");
        }
        launcher
    }

    /// Adds an argument.
    pub fn argument(mut self, argument: impl AsRef<OsStr>) -> Self {
        self.arguments.push(argument.as_ref().to_owned());
        self
    }

    /// Starts with no argument at all, not even the program's name.
    pub fn without_arguments(self) -> Self {
        self.flag("--no-arguments")
    }

    /// Starts with `signal` blocked.
    pub fn block(self, signal: impl Into<Signal>) -> Self {
        self.option("--block", signal.into().to_string())
    }

    /// Starts with `signal` ignored.
    pub fn ignore(self, signal: impl Into<Signal>) -> Self {
        self.option("--ignore", signal.into().to_string())
    }

    /// Starts with `signal` blocked and pending.
    pub fn pending(self, signal: impl Into<Signal>) -> Self {
        self.option("--pending", signal.into().to_string())
    }

    /// Starts as PID 1 of a new PID namespace.
    pub fn as_pid_1(mut self) -> Self {
        self.inside = 1;
        self.flag("--pid-namespace")
    }

    /// Starts as process 2 of a new PID namespace, whose PID 1 waits and does nothing.
    pub fn as_pid_2(mut self) -> Self {
        self.inside = 2;
        self.flag("--process-2")
    }

    /// Starts with `count` zombies as children.
    pub fn zombies(self, count: u32) -> Self {
        self.option("--zombies", count.to_string())
    }

    /// Starts with `count` zombies as children whose exit has sent no signal.
    pub fn unusual_zombies(self, count: u32) -> Self {
        self.option("--unusual-zombies", count.to_string())
    }

    /// Starts with `count` orphans as children, which exit when standard input is closed. PID 1 only.
    pub fn orphans(self, count: u32) -> Self {
        self.option("--orphans", count.to_string())
    }

    /// Starts in `directory`.
    pub fn cwd(self, directory: &Path) -> Self {
        self.option("--cwd", directory)
    }

    /// Starts without descriptor `fd`.
    pub fn close(self, fd: i32) -> Self {
        self.option("--close", fd.to_string())
    }

    /// Starts as this user and group.
    pub fn uid(self, id: u32) -> Self {
        self.option("--uid", id.to_string())
    }

    /// Lets no file grow beyond `bytes`.
    pub fn file_limit(self, bytes: u64) -> Self {
        self.option("--file-limit", bytes.to_string())
    }

    /// Has the kernel refuse the system call `call` with `errno`: the emulator's calls, if there is one.
    pub fn refuse(self, call: &str, errno: &str) -> Self {
        self.option("--refuse", format!("{call}={errno}"))
    }

    /// Redirects standard output.
    pub fn stdout(mut self, stdout: impl Into<Stdio>) -> Self {
        self.stdout = Some(stdout.into());
        self
    }

    /// Writes the program's system calls to `file`, by strace or by the emulator.
    pub fn trace(mut self, file: &Path) -> Self {
        self.trace = Some(file.to_owned());
        self
    }

    /// Writes the system calls of the program and of all that it forks to `file`, as strace or the emulator shows them,
    /// and those of the launcher before. The program stays the process that it is without: strace
    /// stands outside. What an emulator's program writes to standard error goes to the file as well.
    pub fn trace_all(mut self, file: &Path) -> Self {
        self.whole_trace = Some(file.to_owned());
        self
    }

    /// The command that starts it, with pipes for its standard input, output and error.
    ///
    /// # Errors
    /// [`require::Missing`] if the machine lacks something.
    pub fn command(mut self) -> Result<Command> {
        if self.inside > 0 {
            pid_namespaces()?;
        }
        let mut command = self.outermost()?;
        command.args(&self.options).arg("--").args(self.words()?).args(&self.arguments);
        for (name, value) in &self.environment {
            match value {
                Some(value) => command.env(name, value),
                None => command.env_remove(name),
            };
        }
        command
            .stdin(self.stdin.unwrap_or_else(Stdio::piped))
            .stdout(self.stdout.unwrap_or_else(Stdio::piped))
            .stderr(self.stderr.unwrap_or_else(Stdio::piped));
        Ok(command)
    }

    /// Starts it.
    ///
    /// # Errors
    /// Those of [`Self::command`]; if it can't be started.
    pub fn spawn(self) -> Result<Running> {
        let (inside, target) = (self.inside, self.target);
        let tracer = self.whole_trace.is_some() && target.cpu == Cpu::Native;
        let mut command = self.command()?;
        let child = command.spawn().context("launcher")?;
        // The ends of pipes in this process would keep the pipes open.
        drop(command);
        Running::new(child, tracer, inside, target)
    }

    /// Returns a command that runs the launcher, or its tracer.
    fn outermost(&mut self) -> Result<Command> {
        let launcher = launcher_file::launcher()?;
        let Some(file) = &self.whole_trace else { return Ok(Command::new(launcher)) };
        if let Cpu::Emulated(_) = self.target.cpu {
            // To standard error, since descriptors from 3 up are what an init closes.
            self.stderr = Some(File::create(file)?.into());
            return Ok(Command::new(launcher));
        }
        let mut command = Command::new(require::tool("strace", "strace")?);
        command.args(["-f", "-qq", "-s", "0", "--decode-pids=pidns", "-o"]).arg(file).arg(launcher);
        Ok(command)
    }

    /// Starts it and waits for its end.
    ///
    /// # Errors
    /// Those of [`Self::spawn`], or if it doesn't end.
    pub fn run(self) -> Result<Outcome> {
        self.spawn()?.wait()
    }

    /// Returns tracer, emulator and file.
    fn words(&self) -> Result<Vec<OsString>> {
        let file = match &self.program {
            Program::Release(name) => dist::file(self.target.platform, name)?,
            Program::File(file) => file.clone(),
        };
        let mut words: Vec<OsString> =
            self.target.emulator()?.into_iter().chain([file]).map(Into::into).collect();
        if self.whole_trace.is_some() && self.target.cpu != Cpu::Native {
            words.insert(1, "-strace".into());
        }
        if let Some(file) = &self.trace {
            let options: Vec<OsString> = match self.target.cpu {
                Cpu::Native => {
                    let strace = require::tool("strace", "strace")?;
                    words.splice(0..0, [strace.into()]);
                    let output = ["-qq".into(), "-o".into(), file.into()];
                    self.trace_options.iter().cloned().chain(output).collect()
                }
                Cpu::Emulated(_) => vec!["-strace".into(), "-D".into(), file.into()],
            };
            words.splice(1..1, options);
        }
        Ok(words)
    }

    pub(crate) fn flag(mut self, name: &str) -> Self {
        self.options.push(name.into());
        self
    }

    pub(crate) fn option(mut self, name: &str, value: impl AsRef<OsStr>) -> Self {
        self.options.extend([name.into(), value.as_ref().to_owned()]);
        self
    }
}
