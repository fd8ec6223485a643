//! Debian packages.
//!
//! One package has the whole family below `/usr/libexec/mote`, a folder that no other package uses: Debian has a `hello`,
//! a `tini`, a `dumb-init` and a `catatonit` of its own in `/usr/bin`, and they may be installed beside this one. Only
//! `pid1` and `pause`, whose names are free, can be called without a folder.

mod archive;
mod changelog;
mod copyright;

use std::{collections::BTreeMap, fs};

use anyhow::{Context, Result};
use md5::{Digest, Md5};

use self::archive::{Entry, gzip};
use super::{VERSION, notes};
use crate::{
    dist::Content,
    parts::{self, Notice},
    platform::{PLATFORMS, Platform},
    record::{Output, hex},
    workspace,
};

/// What lintian says and is meant to be as it is, with the reasons.
const OVERRIDES: &str = include_str!("deb/lintian-overrides");

/// What can be called by its bare name.
const IN_PATH: [&str; 2] = ["pause", "pid1"];

/// Name and address of who answers for the packages: the first that the workspace's manifest names. It is part of the
/// source and nothing that the environment says, so that everybody gets the same bytes.
pub(super) fn maintainer() -> &'static str {
    let authors = env!("CARGO_PKG_AUTHORS");
    authors.split_once(':').map_or(authors, |(first, _)| first)
}

/// The changelog of the packages, in a commit that is from `date`, in seconds since 1970.
///
/// # Errors
/// [`CannotStart`](crate::exit::CannotStart) if a section's date is none.
pub(super) fn changelog(date: u64) -> Result<String> {
    changelog::of(&notes::changelog()?, maintainer(), date)
}

/// The packages, one for each platform.
pub(super) fn packages(content: &Content, notices: &[Notice]) -> Result<Vec<Output>> {
    let common = common(content, notices)?;
    PLATFORMS.iter().map(|platform| package(platform, content, &common)).collect()
}

/// What is the same on all platforms: documents and seccomp profiles.
fn common(content: &Content, notices: &[Notice]) -> Result<BTreeMap<String, Vec<u8>>> {
    let root = workspace::root();
    let copyright = copyright::of(maintainer(), &parts::texts(&root)?, notices)?;
    let changelog = changelog(content.date)?;
    let mut files = BTreeMap::from([
        ("usr/share/doc/mote/copyright".to_owned(), copyright.into_bytes()),
        ("usr/share/doc/mote/changelog.gz".to_owned(), gzip(changelog.as_bytes())?),
        ("usr/share/lintian/overrides/mote".to_owned(), OVERRIDES.into()),
    ]);
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
        entries.insert(format!("usr/libexec/mote/{name}"), Entry::File(file.bytes.clone(), 0o755));
        if IN_PATH.contains(&name) {
            entries.insert(format!("usr/bin/{name}"), Entry::Link(format!("../libexec/mote/{name}")));
        }
    }
    let control = BTreeMap::from([
        ("control".to_owned(), Entry::File(control(architecture(platform), &entries).into_bytes(), 0o644)),
        ("md5sums".to_owned(), Entry::File(sums(&entries).into_bytes(), 0o644)),
    ]);
    let path = format!("mote_{}_{}.deb", version(VERSION), architecture(platform));
    Ok(Output { path, bytes: archive::package(&control, &entries, content.date)?, mode: 0o644 })
}

/// Debian's form of a version, in which a hyphen would begin the packaging's own number and not sort before the release
/// that it leads to, as a tilde does. Having no such number it is older than a package that Debian itself makes of the
/// version, which then takes the place of this one.
fn version(version: &str) -> String {
    version.replace('-', "~")
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
    let (version, maintainer) = (version(VERSION), maintainer());
    format!(
        "Package: mote\n\
         Version: {version}\n\
         Architecture: {architecture}\n\
         Multi-Arch: foreign\n\
         Maintainer: {maintainer}\n\
         Installed-Size: {size}\n\
         Section: admin\n\
         Priority: optional\n\
         Description: tiny init, pause and drop-in inits for containers\n \
         pid1 is a complete process 1 for any image, pause holds namespaces open at no\n \
         cost, and tini, dumb-init and catatonit take the place of the programs of\n \
         those names: static files of a few kilobytes that need nothing but the kernel.\n \
         .\n \
         All are in /usr/libexec/mote, to be copied into images or named in the\n \
         configuration of container engines; pid1 and pause can be called as they are.\n"
    )
}

/// What `dpkg --verify` and `debsums` compare installed files with.
fn sums(entries: &BTreeMap<String, Entry>) -> String {
    let mut text = String::new();
    for (path, entry) in entries {
        if let Entry::File(bytes, _) = entry {
            text += &format!("{}  {path}\n", hex(&Md5::digest(bytes)));
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_leads_to_a_release_sorts_before_it() {
        assert_eq!(version("1.2.3"), "1.2.3");
        assert_eq!(version("1.2.3-rc.1"), "1.2.3~rc.1");
    }

    #[test]
    fn the_maintainer_has_a_name_and_an_address() {
        let (name, address) = maintainer().split_once(" <").unwrap_or_default();
        assert!(!name.is_empty() && address.contains('@') && address.ends_with('>'), "{}", maintainer());
    }

    #[test]
    fn files_have_a_sum_and_links_have_none() {
        let entries = BTreeMap::from([
            ("a/b".to_owned(), Entry::Link("c".to_owned())),
            ("a/c".to_owned(), Entry::File(Vec::new(), 0o644)),
        ]);
        assert_eq!(sums(&entries), "d41d8cd98f00b204e9800998ecf8427e  a/c\n");
    }
}
