//! COMMAND of the programs under test: the test's own binary under the name `probe`, which reports its process.

use std::collections::{BTreeMap, BTreeSet};
use std::env;
use std::os::unix::ffi::OsStrExt;
use std::process;

use anyhow::{Result, ensure};
use mote_tests::Outcome;
use nix::unistd::{Gid, Uid, getgroups, getresgid, getresuid};

use crate::text::text;

/// The name by which COMMAND is found.
pub(crate) const NAME: &str = "probe";

/// The attributes of a process that an init may change.
#[derive(Debug)]
pub(crate) struct Report {
    pub(crate) arguments: Vec<String>,
    pub(crate) variables: BTreeMap<String, String>,
    /// The real, effective and saved user ID.
    users: [u32; 3],
    /// The real, effective and saved group ID.
    groups: [u32; 3],
    supplementary_groups: BTreeSet<u32>,
    pub(crate) directory: String,
}

impl Report {
    /// Returns the report of this process.
    ///
    /// # Errors
    /// If a system call fails.
    pub(crate) fn of_this_process() -> Result<Self> {
        let (user, group) = (getresuid()?, getresgid()?);
        let variables = env::vars_os().map(|(name, value)| (text(name.as_bytes()), text(value.as_bytes())));
        Ok(Self {
            arguments: arguments(),
            variables: variables.collect(),
            users: [user.real, user.effective, user.saved].map(Uid::as_raw),
            groups: [group.real, group.effective, group.saved].map(Gid::as_raw),
            supplementary_groups: getgroups()?.into_iter().map(Gid::as_raw).collect(),
            directory: text(env::current_dir()?.as_os_str().as_bytes()),
        })
    }

    /// Sets the credentials. Root with its own group is not switched, and keeps its supplementary groups.
    pub(crate) fn switch(&mut self, user: u32, group: u32, supplementary_groups: BTreeSet<u32>) {
        if (user, group) != (0, 0) {
            (self.users, self.groups) = ([user; 3], [group; 3]);
            self.supplementary_groups = supplementary_groups;
        }
    }

    /// Sets a variable.
    pub(crate) fn set(&mut self, name: &str, value: &str) {
        self.variables.insert(name.to_owned(), value.to_owned());
    }

    /// # Errors
    /// If COMMAND did not report this.
    pub(crate) fn is_in(&self, outcome: &Outcome) -> Result<()> {
        let expected = format!("{self:?}");
        let stdout = String::from_utf8_lossy(&outcome.stdout);
        ensure!(stdout.lines().any(|line| line == expected), "expected {expected}\n     got {outcome:?}");
        Ok(())
    }
}

/// Returns whether COMMAND ran.
pub(crate) fn has_run(outcome: &Outcome) -> bool {
    String::from_utf8_lossy(&outcome.stdout).contains("Report {")
}

/// Returns the exit status of COMMAND, which its first argument is; `None` if the name is not that of the probe.
pub(crate) fn status(command: &[String]) -> Option<i32> {
    let arguments = command.strip_prefix(&[NAME.to_owned()])?;
    Some(arguments.first().and_then(|status| status.parse::<u8>().ok()).unwrap_or(0).into())
}

/// Returns the arguments of this process, the name included.
fn arguments() -> Vec<String> {
    env::args_os().map(|argument| text(argument.as_bytes())).collect()
}

/// If this process was started as the probe: reports, and exits.
pub fn exit_if_probe() {
    let Some(status) = status(&arguments()) else { return };
    match Report::of_this_process() {
        Ok(report) => println!("{report:?}"),
        Err(error) => println!("{error:#}"),
    }
    process::exit(status);
}
