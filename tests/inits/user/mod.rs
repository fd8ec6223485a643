//! `-u` and `-g`: the IDs, the groups and the HOME of the child. Each test has an `/etc` of its own.

mod entries;
mod files;
mod group;
mod kill;
mod spec;
mod switch;

use anyhow::{Context, Result};
use mote_tests::outcome::same;
use mote_tests::{Launcher, Suite, Target, require};

use crate::failure;
use crate::fixture::{TestDir, exits, fact, facts, itself, pid1, with, words};

/// The HOME that pid1 is started with.
const HOME: &str = "/started/with";

/// Entries of a user, and of a group that lists it.
const ALICE: &str = "alice:x:1000:1001:Alice:/home/alice:/bin/sh\n";
const STAFF: &str = "staff:x:50:alice\n";

/// The [`credentials`] of that user, and those with that group.
const ALONE: &str = "1000:1001 1001 /home/alice";
const IN_STAFF: &str = "1000:1001 50,1001 /home/alice";

pub(crate) fn add(suite: Suite) -> Suite {
    let suite = spec::add(suite);
    let suite = group::add(suite);
    let suite = entries::add(suite);
    let suite = files::add(suite);
    let suite = switch::add(suite);
    kill::add(suite)
}

/// An `/etc` that holds nothing else, and the credentials that pid1 is started with.
#[derive(Default)]
pub(crate) struct Etc {
    passwd: Option<Vec<u8>>,
    group: Option<Vec<u8>>,
    /// Options of setpriv(1).
    credentials: Option<String>,
}

impl Etc {
    /// An `/etc` with these two files.
    pub(crate) fn new(passwd: impl AsRef<[u8]>, group: impl AsRef<[u8]>) -> Self {
        let [passwd, group] = [passwd.as_ref(), group.as_ref()].map(|file| Some(file.to_vec()));
        Self { passwd, group, credentials: None }
    }

    /// Starts pid1 with the credentials that these options of setpriv(1) set.
    fn setpriv(self, options: &str) -> Self {
        Self { credentials: Some(options.to_owned()), ..self }
    }

    /// Writes the files into a test directory, and returns a start of pid1 as PID 1 with them. Every user can write to the
    /// log.
    pub(crate) fn start(&self, dir: &TestDir, target: Target) -> Result<Launcher> {
        require::root()?;
        dir.file("log", "", 0o666)?;
        let etc = dir.join("etc");
        std::fs::create_dir(&etc)?;
        for (name, content) in [("etc/passwd", &self.passwd), ("etc/group", &self.group)] {
            content.as_ref().map(|content| dir.file(name, content, 0o644)).transpose()?;
        }
        let launcher = match &self.credentials {
            None => pid1(target),
            Some(options) => {
                let host = Target::host().context("no native platform")?;
                let setpriv = Launcher::of_file(host, require::tool("setpriv", "util-linux")?).as_pid_1();
                with(words(setpriv.without_env("PID1_OPTS"), options).argument("--"), itself(target)?)
            }
        };
        Ok(launcher.bind(&etc, "/etc").env("HOME", HOME))
    }

    /// Checks the [`credentials`] that each of the options gives the child.
    fn gives(&self, target: Target, rows: &[(&str, &str)]) -> Result<()> {
        for (options, expected) in rows {
            let dir = TestDir::new()?;
            exits(&dir.play(self.start(&dir, target)?, options, "report")?.run()?, 0)
                .and_then(|()| same(credentials(&dir.lines())?.as_str(), expected))
                .with_context(|| (*options).to_owned())?;
        }
        Ok(())
    }

    /// Checks the error that each of the options causes before a child runs.
    fn refuses(&self, target: Target, rows: &[(&str, &str)]) -> Result<()> {
        for (options, message) in rows {
            let options: Vec<&str> = options.split_whitespace().collect();
            failure::refuses(self.start(&TestDir::new()?, target)?, &options, message)
                .with_context(|| options.join(" "))?;
        }
        Ok(())
    }
}

/// Returns the credentials in a report as `UID:GID GROUPS HOME`, each group once and in ascending order. The
/// real, effective, saved and file system's ID appear as one if they are the same.
fn credentials(report: &[String]) -> Result<String> {
    let ids = |name: &str, separator: &str| -> Result<String> {
        let mut ids: Vec<&str> = fact(report, name)?.split(' ').collect();
        ids.dedup();
        Ok(ids.join(separator))
    };
    let homes: Vec<&str> = facts(report, "env").filter_map(|env| env.strip_prefix("HOME=")).collect();
    Ok(format!("{}:{} {} {}", ids("Uid", " ")?, ids("Gid", " ")?, ids("Groups", ",")?, homes.join(" ")))
}
