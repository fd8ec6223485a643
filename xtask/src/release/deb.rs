//! Debian packages.
//!
//! One package has the whole family below `/usr/lib/mote`, a folder that no other package uses: Debian has a `hello`, a
//! `tini`, a `dumb-init` and a `catatonit` of its own in `/usr/bin`, and they may be installed beside this one. Only
//! `pid1` and `pause`, whose names are free, can be called without a folder.

use std::{collections::BTreeMap, fs, io::Write as _};

use anyhow::{Context, Result};
use flate2::{Compression, write::GzEncoder};

use super::VERSION;
use crate::{
    dist::Content,
    platform::{PLATFORMS, Platform},
    record::Output,
    workspace,
};

/// What can be called by its bare name.
const IN_PATH: [&str; 2] = ["pause", "pid1"];

/// What a package installs at a path.
enum Entry {
    File(Vec<u8>, u32),
    Link(String),
}

/// The packages, one for each platform.
pub(super) fn packages(content: &Content, licences: &str) -> Result<Vec<Output>> {
    let common = common(content, licences)?;
    PLATFORMS.iter().map(|platform| package(platform, content, &common)).collect()
}

/// What is the same on all platforms: documents and seccomp profiles.
fn common(content: &Content, licences: &str) -> Result<BTreeMap<String, Vec<u8>>> {
    let root = workspace::root();
    let mut files = BTreeMap::from([("usr/share/doc/mote/copyright".to_owned(), licences.into())]);
    let changelog = fs::read(root.join("CHANGELOG.md"))?;
    files.insert("usr/share/doc/mote/changelog.gz".to_owned(), gzip(&changelog)?);
    for page in fs::read_dir(root.join("man")).context("man")? {
        let page = page?;
        let name = page.file_name().into_string().ok().context("a manual page's name is no text")?;
        let program =
            name.strip_suffix(".1").with_context(|| format!("man/{name} is no page of section 1"))?;
        // The others' names are those of other packages' pages.
        let prefix = if IN_PATH.contains(&program) { "" } else { "mote-" };
        files.insert(format!("usr/share/man/man1/{prefix}{name}.gz"), gzip(&fs::read(page.path())?)?);
    }
    for output in content.outputs.iter().filter(|output| output.path.starts_with("seccomp/")) {
        files.insert(format!("usr/share/mote/{}", output.path), output.bytes.clone());
    }
    Ok(files)
}

fn package(platform: &Platform, content: &Content, common: &BTreeMap<String, Vec<u8>>) -> Result<Output> {
    let files = common.iter().map(|(path, bytes)| (path.clone(), Entry::File(bytes.clone(), 0o644)));
    let mut entries: BTreeMap<String, Entry> = files.collect();
    for file in content.files.iter().filter(|file| file.platform == platform) {
        let name = file.program.name;
        entries.insert(format!("usr/lib/mote/{name}"), Entry::File(file.bytes.clone(), 0o755));
        if IN_PATH.contains(&name) {
            entries.insert(format!("usr/bin/{name}"), Entry::Link(format!("../lib/mote/{name}")));
        }
    }
    let control = control(architecture(platform), &entries);
    let control = BTreeMap::from([("control".to_owned(), Entry::File(control.into_bytes(), 0o644))]);
    let mut archive = ar::Builder::new(Vec::new());
    for (name, bytes) in [
        ("debian-binary", b"2.0\n".to_vec()),
        ("control.tar.gz", gzip(&tar(&control, content.date)?)?),
        ("data.tar.gz", gzip(&tar(&entries, content.date)?)?),
    ] {
        let mut header = ar::Header::new(name.into(), bytes.len() as u64);
        header.set_mode(0o100_644);
        header.set_mtime(content.date);
        archive.append(&header, bytes.as_slice())?;
    }
    let path = format!("mote_{VERSION}_{}.deb", architecture(platform));
    Ok(Output { path, bytes: archive.into_inner()?, mode: 0o644 })
}

/// Debian's name for a platform.
fn architecture(platform: &Platform) -> &'static str {
    match platform.arch {
        "386" => "i386",
        "armv7" => "armhf",
        arch => arch,
    }
}

fn control(architecture: &str, entries: &BTreeMap<String, Entry>) -> String {
    let size = |entry: &Entry| match entry {
        Entry::File(bytes, _) => bytes.len().div_ceil(1024),
        Entry::Link(_) => 1,
    };
    let size: usize = entries.values().map(size).sum();
    format!(
        "Package: mote\n\
         Version: {VERSION}\n\
         Architecture: {architecture}\n\
         Multi-Arch: foreign\n\
         Maintainer: The mote contributors <maintainers@mote.invalid>\n\
         Installed-Size: {size}\n\
         Section: admin\n\
         Priority: optional\n\
         Description: tiny init, pause and drop-in inits for containers\n \
         pid1 is a complete process 1 for any image, pause holds namespaces open at no\n \
         cost, and tini, dumb-init and catatonit take the place of the programs of\n \
         those names: static files of a few kilobytes that need nothing but the kernel.\n \
         .\n \
         All are in /usr/lib/mote, to be copied into images or named in the\n \
         configuration of container engines; pid1 and pause can be called as they are.\n"
    )
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
fn gzip(bytes: &[u8]) -> Result<Vec<u8>> {
    let mut gzip = GzEncoder::new(Vec::new(), Compression::best());
    gzip.write_all(bytes)?;
    Ok(gzip.finish()?)
}
