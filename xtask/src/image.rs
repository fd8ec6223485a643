//! The images of the programs, built without a container engine.
//!
//! An image is a pure function of the program's file, the version and the date. A layer depends on the file alone, so
//! that a registry stores it once for all versions that share it.

mod archive;
mod blob;
mod read;
#[cfg(test)]
mod tests;

use std::{
    collections::HashMap,
    fmt::Write as _,
    io::Write as _,
    time::{Duration, UNIX_EPOCH},
};

use anyhow::{Context, Result};
use flate2::{Compression, write::GzEncoder};
use oci_spec::image::{
    ConfigBuilder, Descriptor, ImageConfiguration, ImageConfigurationBuilder, ImageIndexBuilder,
    ImageManifestBuilder, MediaType, Platform as OciPlatform, PlatformBuilder, RootFsBuilder,
};

use self::archive::Archive;
pub use self::{blob::Blob, read::sizes};
use crate::{
    platform::Platform,
    program::Program,
    record::{Built, sha256},
};

/// The version of the whole family.
const VERSION: &str = env!("CARGO_PKG_VERSION");

/// The schema version of manifests and indexes; there is no other.
const SCHEMA: u32 = 2;

/// Input of an image.
#[derive(Clone, Copy, Debug)]
pub struct Content<'a> {
    /// Name of the file in the image.
    pub name: &'a str,
    /// User that the image runs as.
    pub user: Option<&'a str>,
    /// The file's bytes.
    pub bytes: &'a [u8],
}

/// A program's image for one platform.
#[derive(Debug)]
pub struct Image {
    /// The platform.
    pub platform: &'static Platform,
    /// The uncompressed archive with the file.
    archive: Vec<u8>,
    /// The compressed archive.
    pub layer: Blob,
    /// The configuration.
    pub config: Blob,
    /// The manifest, which refers to configuration and layer.
    pub manifest: Blob,
}

/// A program's images, one for each platform.
#[derive(Debug)]
pub struct Images {
    /// The program.
    pub program: &'static Program,
    /// The index, which refers to the manifests.
    pub index: Blob,
    /// One image for each file, in the same order.
    pub platforms: Vec<Image>,
}

impl Images {
    /// Builds the images of `files`, which are sorted by program, as of `date` in seconds since 1970.
    ///
    /// # Errors
    /// The date is out of range.
    pub fn of(files: &[Built], date: u64) -> Result<Vec<Self>> {
        files
            .chunk_by(|one, other| one.program == other.program)
            .map(|files| Self::one(files, date))
            .collect()
    }

    fn one(files: &[Built], date: u64) -> Result<Self> {
        let program = files.first().context("an image of nothing")?.program;
        let platforms = files.iter().map(|file| Image::of(file, date)).collect::<Result<Vec<_>>>()?;
        let manifests = platforms.iter().map(Image::descriptor).collect::<Result<Vec<_>>>()?;
        let index = ImageIndexBuilder::default()
            .schema_version(SCHEMA)
            .media_type(MediaType::ImageIndex)
            .manifests(manifests)
            .build()?;
        let index = Blob::json(MediaType::ImageIndex, &index)?;
        Ok(Self { program, index, platforms })
    }

    /// Returns the path in `dist/` of the layout for all platforms.
    #[must_use]
    pub fn path(program: &Program) -> String {
        format!("images/{}.oci.tar", program.name)
    }

    /// Returns the path in `dist/` of the archive for `docker load` on a platform.
    #[must_use]
    pub fn path_on(program: &Program, platform: &Platform) -> String {
        format!("images/{}-{}.docker.tar", program.name, platform.arch)
    }

    /// Returns an OCI image layout as a tar archive.
    ///
    /// # Errors
    /// A name is too long for the archive.
    pub fn layout(&self) -> Result<Vec<u8>> {
        archive::layout(self)
    }
}

impl Image {
    fn of(file: &Built, date: u64) -> Result<Self> {
        let Built { program, platform, ref bytes } = *file;
        Self::of_file(Content { name: program.name, user: program.user, bytes }, platform, date)
    }

    /// Builds the image of any file, with an entry point and labels like those of the programs.
    ///
    /// # Errors
    /// The name is too long for the archive, or the date is out of range.
    pub fn of_file(file: Content<'_>, platform: &'static Platform, date: u64) -> Result<Self> {
        let mut archive = Archive::default();
        archive.add(file.name, file.bytes, 0o755)?;
        let archive = archive.end()?;
        let layer = Blob { media: MediaType::ImageLayerGzip, bytes: gzip(&archive)? };
        let config = configuration(file, platform, format!("sha256:{}", sha256(&archive)), date)?;
        let config = Blob::json(MediaType::ImageConfig, &config)?;
        let manifest = ImageManifestBuilder::default()
            .schema_version(SCHEMA)
            .media_type(MediaType::ImageManifest)
            .config(config.descriptor()?)
            .layers([layer.descriptor()?])
            .build()?;
        let manifest = Blob::json(MediaType::ImageManifest, &manifest)?;
        Ok(Self { platform, archive, layer, config, manifest })
    }

    /// Returns the size in a registry, in bytes: manifest, configuration and compressed layer.
    #[must_use]
    pub fn size(&self) -> u64 {
        [&self.manifest, &self.config, &self.layer].map(|blob| blob.bytes.len() as u64).iter().sum()
    }

    /// Returns the path in `dist/` of the archive for `docker load`.
    #[must_use]
    pub fn path(&self, program: &Program) -> String {
        Images::path_on(program, self.platform)
    }

    /// Returns an archive in the format of `docker save`.
    ///
    /// # Errors
    /// A name is too long for the archive.
    pub fn docker_archive(&self, program: &Program) -> Result<Vec<u8>> {
        archive::docker(self, program)
    }

    fn descriptor(&self) -> Result<Descriptor> {
        let mut descriptor = self.manifest.descriptor()?;
        descriptor.set_platform(Some(oci_platform(self.platform)?));
        Ok(descriptor)
    }
}

/// Compresses `bytes`, without a name and a time in the header.
pub(crate) fn gzip(bytes: &[u8]) -> Result<Vec<u8>> {
    let mut gzip = GzEncoder::new(Vec::new(), Compression::best());
    gzip.write_all(bytes)?;
    Ok(gzip.finish()?)
}

/// Returns the platform in the form of an index.
fn oci_platform(platform: &Platform) -> Result<OciPlatform> {
    let (os, arch, variant) = platform.parts().context("a platform without an architecture")?;
    let builder = PlatformBuilder::default().os(os).architecture(arch);
    let builder = variant.into_iter().fold(builder, PlatformBuilder::variant);
    Ok(builder.build()?)
}

/// Returns the configuration, whose labels identify an image without a name.
fn configuration(
    file: Content<'_>,
    platform: &Platform,
    diff_id: String,
    date: u64,
) -> Result<ImageConfiguration> {
    let labels = [("title", file.name), ("version", VERSION), ("licenses", env!("CARGO_PKG_LICENSE"))];
    let labels = labels.map(|(key, value)| (format!("org.opencontainers.image.{key}"), value.to_owned()));
    let config =
        ConfigBuilder::default().entrypoint([format!("/{}", file.name)]).labels(HashMap::from(labels));
    let config = file.user.into_iter().fold(config, ConfigBuilder::user);
    let date = UNIX_EPOCH.checked_add(Duration::from_secs(date)).context("the date is out of range")?;
    let mut created = String::new();
    write!(created, "{}", humantime::format_rfc3339_seconds(date)).context("the date is out of range")?;
    let (os, arch, variant) = platform.parts().context("a platform without an architecture")?;
    let builder = ImageConfigurationBuilder::default()
        .created(created)
        .os(os)
        .architecture(arch)
        .config(config.build()?)
        .rootfs(RootFsBuilder::default().diff_ids([diff_id]).build()?);
    Ok(variant.into_iter().fold(builder, ImageConfigurationBuilder::variant).build()?)
}
