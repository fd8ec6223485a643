//! Messages about a command that can't be executed.

use anyhow::{Context, Result};
use mote_tests::Launcher;

use crate::init::{Init, says_without_pids};

/// Why a command can't be executed.
#[derive(Clone, Copy)]
pub(crate) enum Reason {
    NotFound,
    NoPermission,
    WrongFormat,
    NoInterpreter,
    /// Another error of the kernel: its name and its number.
    Other(&'static str, u32),
}

impl Init {
    /// Returns the message and the status for a command that can't be executed.
    pub(crate) fn exec_error(self, command: &str, reason: Reason) -> (String, i32) {
        let (name, of_pid1) = match reason {
            Reason::NotFound if command.is_empty() => (String::new(), ("COMMAND is empty", 127)),
            Reason::NotFound => (format!("{command}: "), ("not found", 127)),
            Reason::NoPermission => (format!("{command}: "), ("EACCES", 126)),
            Reason::WrongFormat => (format!("{command}: "), ("ENOEXEC: wrong format or architecture", 126)),
            Reason::NoInterpreter => {
                (format!("{command}: "), ("ENOENT: its interpreter or loader is missing", 126))
            }
            Reason::Other(error, _) => (format!("{command}: "), (error, 126)),
        };
        let (description, of_tini) = match reason {
            Reason::NotFound => ("No such file or directory".to_owned(), 127),
            Reason::NoPermission => ("Permission denied".to_owned(), 126),
            Reason::WrongFormat => ("Exec format error".to_owned(), 1),
            Reason::NoInterpreter => ("Its interpreter or loader is missing".to_owned(), 127),
            Reason::Other(_, number) => (number.to_string(), 1),
        };
        match self.name {
            "pid1" => (format!("pid1: {name}{}\n", of_pid1.0), of_pid1.1),
            "tini" => (format!("[FATAL tini (N)] exec {command} failed: {description}\n"), of_tini),
            "dumb-init" => (format!("[dumb-init] {command}: {description}\n"), 2),
            _ => (format!("ERROR (catatonit:N): failed to exec pid1: {description}\n"), 1),
        }
    }

    /// Runs a command that can't be executed, and expects the message and the status.
    pub(crate) fn fails(self, launcher: Launcher, command: &str, reason: Reason) -> Result<()> {
        let outcome = launcher.argument("--").argument(command).argument("argument").run()?;
        let (line, status) = self.exec_error(command, reason);
        says_without_pids(&outcome, "", &line, status).with_context(|| format!("{command:?}"))
    }
}
