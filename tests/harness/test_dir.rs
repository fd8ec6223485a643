//! The surroundings of a test: a directory, and the test child, whose lines are read from a file.

use std::env;
use std::ffi::OsStr;
use std::fs::{self, File};
use std::io::{ErrorKind, Read, Write};
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail, ensure};
use nix::libc;
use nix::sys::stat::Mode;
use nix::unistd::mkfifo;
use tempfile::TempDir;

use crate::require::Missing;
pub use crate::signal::send;
use crate::signal::{SIGCHLD, Signal};
use crate::{Launcher, Outcome, Running, Target, process, until};

/// Adds arguments.
pub fn with<T: AsRef<OsStr>>(launcher: Launcher, words: impl IntoIterator<Item = T>) -> Launcher {
    words.into_iter().fold(launcher, Launcher::argument)
}

/// Adds arguments, which are given with blanks between them.
pub fn words(launcher: Launcher, line: &str) -> Launcher {
    with(launcher, line.split_whitespace())
}

/// Returns the program that the inits under test run as their child.
///
/// # Errors
/// [`Missing`] if it wasn't built.
pub fn test_child() -> Result<PathBuf> {
    let test = env::current_exe()?;
    let child = test.parent().and_then(Path::parent).context("no directory above the test")?.join("child");
    ensure!(child.is_file(), Missing("child (cargo build -p mote-tests)".into()));
    Ok(child)
}

/// A directory that every user may read and write, with the log of the test child.
pub struct TestDir {
    directory: TempDir,
}

impl TestDir {
    /// An empty directory.
    ///
    /// # Errors
    /// If there is no room for it.
    pub fn new() -> Result<Self> {
        let directory = tempfile::tempdir()?;
        fs::set_permissions(directory.path(), fs::Permissions::from_mode(0o777))?;
        Ok(Self { directory })
    }

    /// Returns the directory.
    pub fn path(&self) -> &Path {
        self.directory.path()
    }

    /// Returns a path in the directory.
    pub fn join(&self, name: &str) -> PathBuf {
        self.directory.path().join(name)
    }

    /// Writes a file with these permissions. Another process writes an executable one: a child that another thread
    /// forks meanwhile would inherit the descriptor, and execve(2) fails with ETXTBSY as long as one is open.
    ///
    /// # Errors
    /// If it can't be written.
    pub fn file(&self, name: &str, content: impl AsRef<[u8]>, mode: u32) -> Result<PathBuf> {
        let path = self.join(name);
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent)?;
        }
        if mode & 0o111 == 0 {
            fs::write(&path, content)?;
        } else {
            let mut writer = Command::new("dd")
                .arg("status=none")
                .arg(format!("of={}", path.display()))
                .stdin(Stdio::piped())
                .spawn()?;
            writer.stdin.take().context("no pipe")?.write_all(content.as_ref())?;
            ensure!(writer.wait()?.success(), "dd can't write {}", path.display());
        }
        fs::set_permissions(&path, fs::Permissions::from_mode(mode))?;
        Ok(path)
    }

    /// Makes a named pipe, and reads it.
    ///
    /// # Errors
    /// If it can't be made.
    pub fn pipe(&self, name: &str) -> Result<Pipe> {
        let path = self.join(name);
        mkfifo(&path, Mode::S_IRWXU)?;
        Ok(Pipe(File::options().read(true).custom_flags(libc::O_NONBLOCK).open(path)?))
    }

    /// Has the init run the test child with these steps, which blanks separate. `@` stands for the directory.
    ///
    /// # Errors
    /// If there is no test child.
    pub fn play(&self, launcher: Launcher, options: &str, steps: &str) -> Result<Launcher> {
        let launcher = words(launcher, options).argument("--").argument(test_child()?);
        Ok(words(launcher.argument(format!("log={}", self.join("log").display())), &self.resolve(steps)))
    }

    /// Starts that, and waits until the test child has written the line `ready`.
    ///
    /// # Errors
    /// If it does not start, or never writes the line.
    pub fn start(&self, launcher: Launcher, options: &str, steps: &str) -> Result<Running> {
        let running = self.play(launcher, options, steps)?.spawn()?;
        self.until("ready")?;
        Ok(running)
    }

    /// Has an init, which the words of `init` start, run the test child, and gives it a parent that ends: PID 1 is another
    /// test child, whose child starts the init and ends when the file `end` is there. All signals are blocked from the
    /// start, so that one that arrives before the child waits for signals is not lost.
    ///
    /// # Errors
    /// If there is no test child, or no native platform.
    pub fn family<T: AsRef<OsStr>>(
        &self,
        init: impl IntoIterator<Item = T>,
        options: &str,
        steps: &str,
    ) -> Result<Launcher> {
        let host = Target::host().context("no native platform")?;
        let launcher = words(Launcher::of_file(host, test_child()?).as_pid_1(), "block fork [ fork [ exec");
        let launcher = self.play(with(launcher, init), options, steps)?;
        Ok(words(launcher, &self.resolve("] await=@end ] sleep")))
    }

    /// Replaces `@` by the directory.
    pub fn resolve(&self, steps: &str) -> String {
        steps.replace('@', &format!("{}/", self.directory.path().display()))
    }

    /// Returns the complete lines that the test child has written.
    pub fn lines(&self) -> Vec<String> {
        let text = fs::read(self.join("log")).unwrap_or_default();
        let complete = text.split_inclusive(|byte| *byte == b'\n').filter(|line| line.ends_with(b"\n"));
        complete.map(|line| String::from_utf8_lossy(line).trim_end_matches('\n').to_owned()).collect()
    }

    /// Waits until the test child has written this line.
    ///
    /// # Errors
    /// If it never does.
    pub fn until(&self, line: &str) -> Result<()> {
        until(&format!("the line {line:?}"), || {
            Ok(self.lines().iter().any(|written| written == line).then_some(()))
        })
        .with_context(|| format!("{:?}", self.lines()))
    }

    /// Returns the signals that the test child of this name has received, in order. Each must have been sent by `sender`,
    /// except SIGCHLD from a child of its own, which is left out.
    ///
    /// # Errors
    /// If another process sent one.
    pub fn received(&self, name: &str, sender: i32) -> Result<Vec<Signal>> {
        let prefix = if name.is_empty() { "signal ".to_owned() } else { format!("{name}: signal ") };
        let mut signals = Vec::new();
        for line in self.lines() {
            let Some(rest) = line.strip_prefix(&prefix) else { continue };
            let (signal, from) = rest.split_once(" from ").context("no sender")?;
            let signal = signal.parse()?;
            if signal == SIGCHLD && from != sender.to_string() {
                continue;
            }
            ensure!(from == sender.to_string(), "expected {sender} as sender: {line}");
            signals.push(signal);
        }
        Ok(signals)
    }

    /// Waits until the test child of this name has received exactly these signals, each sent by `sender`.
    ///
    /// # Errors
    /// If it never does, or if another process sent one.
    pub fn until_received(&self, name: &str, sender: i32, expected: &[Signal]) -> Result<()> {
        until(&format!("signals {expected:?}"), || {
            Ok((self.received(name, sender)? == expected).then_some(()))
        })
        .with_context(|| format!("got {:?}", self.received(name, sender)))
    }
}

/// The reading end of a pipe.
pub struct Pipe(File);

impl Pipe {
    /// Returns whether no process has the other end.
    ///
    /// # Errors
    /// If something was written.
    pub fn has_ended(&self) -> Result<bool> {
        match (&self.0).read(&mut [0]) {
            Ok(0) => Ok(true),
            Ok(_) => bail!("something was written"),
            Err(error) if error.kind() == ErrorKind::WouldBlock => Ok(false),
            Err(error) => Err(error.into()),
        }
    }
}

/// Returns the value of the line that begins with this name, in the report of the test child.
///
/// # Errors
/// If there is none.
pub fn fact<'a>(lines: &'a [String], name: &str) -> Result<&'a str> {
    let of =
        |line: &'a String| line.split_once(' ').filter(|(first, _)| *first == name).map(|(_, value)| value);
    lines.iter().find_map(of).with_context(|| format!("no {name} in {lines:?}"))
}

/// Returns all values of this name.
pub fn facts<'a>(lines: &'a [String], name: &'a str) -> impl Iterator<Item = &'a str> {
    lines
        .iter()
        .filter_map(|line| line.split_once(' '))
        .filter(move |(first, _)| *first == name)
        .map(|(_, v)| v)
}

/// Waits for the first child of a program, and returns its PID.
///
/// # Errors
/// If there never is one.
pub fn child_of(running: &Running) -> Result<i32> {
    until("a child", || Ok(process::children(running.pid())?.first().map(|(pid, _)| *pid)))
}

/// Expects this status and no output.
///
/// # Errors
/// If the status or the output differs.
pub fn exits(outcome: &Outcome, status: i32) -> Result<()> {
    outcome.is(&Outcome::exited("", status))
}
