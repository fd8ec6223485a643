//! States to start in that only an init is interested in.

use std::path::Path;

use crate::start::Start;

impl Start {
    /// Shows the program `target` as `source` is. Needs root's rights.
    pub fn bind(self, source: &Path, target: &str) -> Self {
        self.option("--bind", format!("{}={target}", source.display()))
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

    /// Starts with all signals blocked.
    pub fn block_all(self) -> Self {
        self.flag("--block-all")
    }

    /// Starts with all signals ignored.
    pub fn ignore_all(self) -> Self {
        self.flag("--ignore-all")
    }
}
