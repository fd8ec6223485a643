//! States to start in that only tests of inits need.

use std::ffi::OsStr;
use std::path::Path;
use std::process::Stdio;

use crate::launcher::Launcher;

impl Launcher {
    /// Shows the program `target` as `source` is. Needs root's rights.
    pub fn bind(self, source: &Path, target: &str) -> Self {
        self.option("--bind", format!("{}={target}", source.display()))
    }

    /// Has a `/proc` of its PID namespace. Needs root's rights.
    pub fn own_proc(self) -> Self {
        self.flag("--own-proc")
    }

    /// Has PID 1 stay after the end of PID 2 until `file` is there, so that the remaining processes can be looked at.
    pub fn linger(self, file: &Path) -> Self {
        self.option("--linger", file)
    }

    /// Leads a session that has the terminal on standard input.
    pub fn session(self) -> Self {
        self.flag("--session")
    }

    /// Starts with `file` open for writing as descriptor `fd`.
    pub fn open(self, fd: i32, file: &Path) -> Self {
        self.option("--open", format!("{fd}={}", file.display()))
    }

    /// Starts without a capability, even as root.
    pub fn drop_capability(self, number: u8) -> Self {
        self.option("--drop-capability", number.to_string())
    }

    /// Starts with a timer that expires after so many seconds and then sends SIGALRM.
    pub fn alarm(self, seconds: u32) -> Self {
        self.option("--alarm", seconds.to_string())
    }

    /// Starts with SIGALRM blocked, and with one of a timer that has expired pending.
    pub fn expired_alarm(self) -> Self {
        self.flag("--expired-alarm")
    }

    /// Starts with all signals blocked.
    pub fn block_all(self) -> Self {
        self.flag("--block-all")
    }

    /// Starts with all signals ignored.
    pub fn ignore_all(self) -> Self {
        self.flag("--ignore-all")
    }

    /// Sets a variable of the environment.
    pub fn env(mut self, name: impl AsRef<OsStr>, value: impl AsRef<OsStr>) -> Self {
        self.environment.push((name.as_ref().to_owned(), Some(value.as_ref().to_owned())));
        self
    }

    /// Removes a variable from the environment.
    pub fn without_env(mut self, name: impl AsRef<OsStr>) -> Self {
        self.environment.push((name.as_ref().to_owned(), None));
        self
    }

    /// Redirects standard input.
    pub fn stdin(mut self, stdin: impl Into<Stdio>) -> Self {
        self.stdin = Some(stdin.into());
        self
    }

    /// Redirects standard error.
    pub fn stderr(mut self, stderr: impl Into<Stdio>) -> Self {
        self.stderr = Some(stderr.into());
        self
    }

    /// Starts with `count` children of its own that exit when standard input is closed.
    pub fn children(self, count: u32) -> Self {
        self.option("--children", count.to_string())
    }

    /// Has the kernel kill the program and its children for any system call except these and the first `execve`. Native
    /// targets only.
    pub fn only(self, calls: impl IntoIterator<Item: AsRef<OsStr>>) -> Self {
        calls.into_iter().fold(self, |launcher, call| launcher.option("--only", call))
    }

    /// Adds an option for strace.
    pub fn strace(mut self, option: &str) -> Self {
        self.trace_options.push(option.into());
        self
    }
}
