//! The records of a build: checksums, and `build.json` with compiler, linker and commit.

use std::fmt::Write as _;

use serde::Serialize;
use sha2::{Digest, Sha256};

use crate::{
    image::{Image, Images},
    platform::Platform,
    program::Program,
    source::Source,
    toolchain::Toolchain,
};

/// The name of the list of checksums.
pub const SUMS: &str = "SHA256SUMS";

/// The name of the record of a build.
pub const RECORD: &str = "build.json";

/// A finished file.
#[derive(Clone, Debug)]
pub struct Built {
    /// The program.
    pub program: &'static Program,
    /// The platform that it runs on.
    pub platform: &'static Platform,
    /// The file's bytes.
    pub bytes: Vec<u8>,
}

/// A program's seccomp profile, for all platforms.
#[derive(Debug)]
pub struct Profile {
    /// The program.
    pub program: &'static Program,
    /// The JSON.
    pub bytes: Vec<u8>,
}

/// A file in `dist/`.
#[derive(Debug)]
pub struct Output {
    /// Path in `dist/`.
    pub path: String,
    /// Content.
    pub bytes: Vec<u8>,
    /// Permissions.
    pub mode: u32,
}

/// `build.json`. It holds neither a time nor a path of the machine: the same sources, compiler and
/// linker give the same record.
#[derive(Debug, Serialize)]
pub struct Record<'a> {
    /// The version of the whole family.
    version: &'a str,
    /// The commit that was built.
    source: Option<&'a Source>,
    /// Version of the compiler.
    compiler: &'a str,
    /// Version of the linker.
    linker: &'a str,
    /// Origin of `core`.
    route: &'a str,
    /// Creation date of the images, in seconds since 1970.
    date: u64,
    files: Vec<Entry<'a>>,
    images: Vec<ImagesEntry<'a>>,
    seccomp: Vec<ProfileEntry<'a>>,
}

#[derive(Debug, Serialize)]
struct Entry<'a> {
    platform: &'a str,
    program: &'a str,
    size: usize,
    sha256: String,
}

/// A program's images.
#[derive(Debug, Serialize)]
struct ImagesEntry<'a> {
    program: &'a str,
    /// Digest of the index, to which a name in a registry refers.
    digest: String,
    platforms: Vec<ImageEntry<'a>>,
}

/// An image for one platform, with the digests of its parts.
#[derive(Debug, Serialize)]
struct ImageEntry<'a> {
    platform: &'a str,
    size: u64,
    manifest: String,
    config: String,
    layer: String,
}

#[derive(Debug, Serialize)]
struct ProfileEntry<'a> {
    program: &'a str,
    sha256: String,
}

/// Toolchain and sources of a build.
#[derive(Clone, Copy, Debug)]
pub struct Origin<'a> {
    /// Compiler and linker.
    pub toolchain: &'a Toolchain,
    /// The commit, if there is one.
    pub source: Option<&'a Source>,
    /// Date of the sources, in seconds since 1970.
    pub date: u64,
}

impl<'a> Record<'a> {
    /// Returns the record of `files`, `images` and `profiles`.
    #[must_use]
    pub fn of(origin: Origin<'a>, files: &'a [Built], images: &'a [Images], profiles: &'a [Profile]) -> Self {
        let Origin { toolchain, source, date } = origin;
        Self {
            version: env!("CARGO_PKG_VERSION"),
            source,
            compiler: &toolchain.compiler.version,
            linker: &toolchain.linker.version,
            route: toolchain.route.name(),
            date,
            files: files.iter().map(Entry::of).collect(),
            images: images.iter().map(ImagesEntry::of).collect(),
            seccomp: profiles.iter().map(ProfileEntry::of).collect(),
        }
    }
}

impl<'a> Entry<'a> {
    fn of(file: &'a Built) -> Self {
        Self {
            platform: file.platform.docker,
            program: file.program.name,
            size: file.bytes.len(),
            sha256: sha256(&file.bytes),
        }
    }
}

impl<'a> ProfileEntry<'a> {
    fn of(profile: &'a Profile) -> Self {
        Self { program: profile.program.name, sha256: sha256(&profile.bytes) }
    }
}

impl<'a> ImagesEntry<'a> {
    fn of(images: &'a Images) -> Self {
        Self {
            program: images.program.name,
            digest: images.index.digest(),
            platforms: images.platforms.iter().map(ImageEntry::of).collect(),
        }
    }
}

impl<'a> ImageEntry<'a> {
    fn of(image: &'a Image) -> Self {
        Self {
            platform: image.platform.docker,
            size: image.size(),
            manifest: image.manifest.digest(),
            config: image.config.digest(),
            layer: image.layer.digest(),
        }
    }
}

/// Returns the text of `SHA256SUMS`, as `sha256sum --check` reads it.
#[must_use]
pub fn checksums(outputs: &[Output]) -> String {
    outputs.iter().fold(String::new(), |mut text, output| {
        let _ = writeln!(text, "{}  {}", sha256(&output.bytes), output.path);
        text
    })
}

/// Returns a SHA-256 in hexadecimal.
#[must_use]
pub fn sha256(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

/// Bytes in hexadecimal.
#[must_use]
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn checksums_are_in_the_form_of_sha256sum() {
        let file = Output { path: "linux/arm/v7/hello".to_owned(), bytes: b"abc".to_vec(), mode: 0o755 };
        let abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(checksums(&[file]), format!("{abc}  linux/arm/v7/hello\n"));
    }
}
