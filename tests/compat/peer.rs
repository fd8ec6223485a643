//! The original programs.

use std::env;
use std::path::PathBuf;

use anyhow::{Context, Result};
use mote_tests::{Target, dist, require};
use xtask::program::PROGRAMS;

/// An init that one of this family's programs replaces.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Peer {
    /// Its name, that of Debian's package, and that of the program that replaces it.
    pub(crate) name: &'static str,
    /// The version that Debian has, which the links point to.
    pub(crate) version: &'static str,
    /// The address of its source.
    pub(crate) source: &'static str,
    /// The option with which it is a child subreaper when not PID 1; empty if it is one anyway, or never.
    pub(crate) subreaper: &'static str,
    /// The option with which it forwards signals to COMMAND's process group.
    pub(crate) to_group: &'static str,
    /// The option with which it forwards them to COMMAND alone.
    pub(crate) to_child: &'static str,
}

pub(crate) const TINI: Peer = Peer {
    name: "tini",
    version: "0.19.0",
    source: "https://github.com/krallin/tini/blob/v0.19.0/src/tini.c",
    subreaper: "-s",
    to_group: "-g",
    to_child: "",
};

pub(crate) const DUMB_INIT: Peer = Peer {
    name: "dumb-init",
    version: "1.2.5",
    source: "https://github.com/Yelp/dumb-init/blob/v1.2.5/dumb-init.c",
    subreaper: "",
    to_group: "",
    to_child: "-c",
};

pub(crate) const CATATONIT: Peer = Peer {
    name: "catatonit",
    version: "0.1.7",
    source: "https://github.com/openSUSE/catatonit/blob/v0.1.7/catatonit.c",
    subreaper: "",
    to_group: "-g",
    to_child: "",
};

pub(crate) const PEERS: [&Peer; 3] = [&TINI, &DUMB_INIT, &CATATONIT];

impl Peer {
    /// The program as Debian packages it.
    pub(crate) fn theirs(&self) -> Result<PathBuf> {
        require::tool(self.name, self.name)
    }

    /// The release file that replaces it, or the file of that name in the directory that `MOTE_COMPAT` names. `None` if
    /// there is no such program yet, or if `MOTE_COMPAT` is empty: then the peer is compared with itself, which shows
    /// whether the table is deterministic.
    pub(crate) fn ours(&self) -> Result<Option<PathBuf>> {
        if let Some(directory) = env::var_os("MOTE_COMPAT") {
            return Ok((!directory.is_empty()).then(|| PathBuf::from(directory).join(self.name)));
        }
        if PROGRAMS.iter().all(|program| program.name != self.name) {
            return Ok(None);
        }
        let target = Target::host().context("no native platform")?;
        dist::file(target.platform, self.name).map(Some)
    }
}
