//! Who is measured.

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context, Result};
use object::{
    LittleEndian,
    elf::{FileHeader64, PT_INTERP},
    read::elf::{FileHeader as _, ProgramHeader as _},
};
use serde::Serialize;

use super::peers::{self, LIBCS};
use crate::{platform::Platform, process, program::PROGRAMS, workspace};

/// What a program is for, and so how it is started.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// Runs a command as its child.
    Init,
    /// Sleeps until it is told to end.
    Pause,
    /// Writes a line and ends.
    Hello,
}

/// A program that takes part.
#[derive(Clone, Debug)]
pub(super) struct Subject {
    /// What the tables call it.
    pub(super) name: String,
    pub(super) kind: Kind,
    /// Whether it is one of this family.
    pub(super) ours: bool,
    pub(super) file: PathBuf,
    /// Where it is from, and its version.
    pub(super) origin: String,
    /// Whether it needs a C library on top of its own file.
    pub(super) dynamic: bool,
}

/// A program that does not take part.
#[derive(Clone, Debug, Serialize)]
pub struct LeftOut {
    /// Its name.
    pub name: String,
    /// Why.
    pub why: String,
}

/// The inits that Debian packages: program and package.
const DEBIAN: [(&str, &str); 4] =
    [("tini", "tini"), ("tini-static", "tini"), ("dumb-init", "dumb-init"), ("catatonit", "catatonit")];

/// Everyone who is here, and who is not.
pub(super) fn all(platform: &Platform, folder: &Path) -> Result<(Vec<Subject>, Vec<LeftOut>)> {
    let mut subjects = ours(platform)?;
    let mut left_out = Vec::new();
    let debian = DEBIAN.map(|(name, package)| (name.to_owned(), debian(name, package)));
    let compiled =
        [("pause", Kind::Pause), ("hello", Kind::Hello)].into_iter().flat_map(|(program, kind)| {
            LIBCS.map(|libc| {
                let name = format!("{program} in C, {}", libc.name);
                let file = peers::compile(program, libc, &folder.join("peers"));
                let origin = format!("compiled from C with {}, static", libc.name);
                (name.clone(), file.and_then(|file| Subject::new(name, kind, false, file, origin)))
            })
        });
    for (name, subject) in debian.into_iter().chain(compiled) {
        match subject {
            Ok(subject) => subjects.push(subject),
            Err(error) => left_out.push(LeftOut { name, why: format!("{error:#}") }),
        }
    }
    // Ours first among their kind, since the sort keeps the order of equals.
    subjects.sort_by_key(|subject| subject.kind);
    Ok((subjects, left_out))
}

fn ours(platform: &Platform) -> Result<Vec<Subject>> {
    let dist = env::var_os("MOTE_DIST").map_or_else(workspace::dist, PathBuf::from);
    let subject = |program: &crate::program::Program| {
        let kind = match program.name {
            "hello" => Kind::Hello,
            "pause" => Kind::Pause,
            _ => Kind::Init,
        };
        let file = dist.join(program.path(platform));
        let origin = format!("mote {}", env!("CARGO_PKG_VERSION"));
        Subject::new(format!("mote {}", program.name), kind, true, file, origin)
    };
    PROGRAMS.iter().map(subject).collect()
}

fn debian(name: &str, package: &str) -> Result<Subject> {
    let file =
        process::find(name).with_context(|| format!("{name} is not installed (Debian package {package})"))?;
    let mut query = Command::new("dpkg-query");
    let version = process::stdout(query.args(["--show", "--showformat=${Version}", package]));
    let origin = format!("Debian's {package} {}", version.as_deref().unwrap_or("of unknown version"));
    Subject::new(name.to_owned(), Kind::Init, false, file, origin)
}

impl Subject {
    fn new(name: String, kind: Kind, ours: bool, file: PathBuf, origin: String) -> Result<Self> {
        let bytes = fs::read(&file).with_context(|| file.display().to_string())?;
        Ok(Self { name, kind, ours, dynamic: is_dynamic(&bytes)?, file, origin })
    }

    /// A start of it; an init runs `command`, the others do without.
    pub(super) fn start(&self, command: &[&str]) -> Command {
        let mut start = Command::new(&self.file);
        if self.kind == Kind::Init {
            start.arg("--").args(command);
        }
        // Every variable is copied, searched and passed on.
        start.env_clear().env("PATH", "/usr/bin:/bin");
        start
    }

    /// The name of its file.
    pub(super) fn file_name(&self) -> Result<&str> {
        self.file.file_name().and_then(|name| name.to_str()).context("no name")
    }
}

/// Whether an ELF file names a loader, which fetches the libraries that it needs.
fn is_dynamic(bytes: &[u8]) -> Result<bool> {
    let header = FileHeader64::<LittleEndian>::parse(bytes)?;
    let endian = header.endian()?;
    let segments = header.program_headers(endian, bytes)?;
    Ok(segments.iter().any(|segment| segment.p_type(endian) == PT_INTERP))
}
