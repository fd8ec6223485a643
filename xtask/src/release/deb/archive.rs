//! The archives in a package, and the package, which is one as well.

use std::{collections::BTreeMap, io::Write as _};

use anyhow::Result;
use flate2::{Compression, write::GzEncoder};

/// What a package installs at a path.
pub(super) enum Entry {
    File(Vec<u8>, u32),
    Link(String),
}

/// A package that installs `entries` and that `control` tells of, all of it from `date`.
pub(super) fn package(
    control: &BTreeMap<String, Entry>,
    entries: &BTreeMap<String, Entry>,
    date: u64,
) -> Result<Vec<u8>> {
    let mut archive = ar::Builder::new(Vec::new());
    for (name, bytes) in [
        ("debian-binary", b"2.0\n".to_vec()),
        ("control.tar.gz", gzip(&tar(control, date)?)?),
        ("data.tar.gz", gzip(&tar(entries, date)?)?),
    ] {
        let mut header = ar::Header::new(name.into(), bytes.len() as u64);
        header.set_mode(0o100_644);
        header.set_mtime(date);
        archive.append(&header, bytes.as_slice())?;
    }
    Ok(archive.into_inner()?)
}

/// An archive of `entries` and the folders that they lie in, root's and of one time.
fn tar(entries: &BTreeMap<String, Entry>, date: u64) -> Result<Vec<u8>> {
    let mut archive = tar::Builder::new(Vec::new());
    let mut made: Vec<String> = Vec::new();
    for (path, entry) in entries {
        for (at, _) in path.match_indices('/') {
            let folder = path[..=at].to_owned();
            if !made.contains(&folder) {
                let mut header = header(tar::EntryType::Directory, 0, 0o755, date);
                archive.append_data(&mut header, &folder, &[][..])?;
                made.push(folder);
            }
        }
        match entry {
            Entry::File(bytes, mode) => {
                let mut header = header(tar::EntryType::Regular, bytes.len() as u64, *mode, date);
                archive.append_data(&mut header, path, bytes.as_slice())?;
            }
            Entry::Link(target) => {
                let mut header = header(tar::EntryType::Symlink, 0, 0o777, date);
                archive.append_link(&mut header, path, target)?;
            }
        }
    }
    Ok(archive.into_inner()?)
}

fn header(kind: tar::EntryType, size: u64, mode: u32, date: u64) -> tar::Header {
    let mut header = tar::Header::new_ustar();
    header.set_entry_type(kind);
    header.set_size(size);
    header.set_mode(mode);
    header.set_uid(0);
    header.set_gid(0);
    header.set_mtime(date);
    header
}

/// Without a name and a time in the header.
pub(super) fn gzip(bytes: &[u8]) -> Result<Vec<u8>> {
    let mut gzip = GzEncoder::new(Vec::new(), Compression::best());
    gzip.write_all(bytes)?;
    Ok(gzip.finish()?)
}
