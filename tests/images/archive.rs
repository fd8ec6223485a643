//! Tar archives.

use std::io::Read;

use anyhow::{Context, Result};
use mote_tests::outcome::same;
use tar::{Archive, EntryType};

/// A file in an archive.
pub(crate) struct Entry {
    pub(crate) name: String,
    pub(crate) bytes: Vec<u8>,
}

/// Returns the files of an archive, after checking that it contains nothing else: regular files of root from 1970, with
/// these permissions, in POSIX format without extensions.
pub(crate) fn files(archive: &[u8], mode: u32) -> Result<Vec<Entry>> {
    let mut files = Vec::new();
    for entry in Archive::new(archive).entries()?.raw(true) {
        let mut entry = entry?;
        let mut bytes = Vec::new();
        entry.read_to_end(&mut bytes)?;
        let header = entry.header();
        let name = String::from_utf8(header.path_bytes().into_owned())?;
        let is = || -> Result<()> {
            same(header.entry_type(), EntryType::Regular)?;
            same(header.mode()?, mode)?;
            same((header.uid()?, header.gid()?), (0, 0))?;
            same((header.username()?, header.groupname()?), (Some(""), Some("")))?;
            same(header.mtime()?, 0)?;
            same(header.as_ustar().is_some(), true)
        };
        is().with_context(|| name.clone())?;
        files.push(Entry { name, bytes });
    }
    // The archive ends with two empty blocks.
    same(archive.len() % 512, 0)?;
    same(archive.iter().rev().take(1024).all(|byte| *byte == 0), true)?;
    Ok(files)
}
