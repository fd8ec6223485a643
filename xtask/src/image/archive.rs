//! The archives: the layer, the OCI layout, and what `docker load` reads.

use std::collections::{BTreeMap, HashMap};

use anyhow::Result;
use oci_spec::image::{ImageIndexBuilder, MediaType, OciLayoutBuilder};
use serde_json::{Value, json};

use super::{Image, Images, SCHEMA, VERSION, blob};
use crate::program::Program;

/// A tar archive. Every file belongs to root and is from 1970.
pub(super) struct Archive(tar::Builder<Vec<u8>>);

impl Default for Archive {
    fn default() -> Self {
        Self(tar::Builder::new(Vec::new()))
    }
}

impl Archive {
    pub(super) fn add(&mut self, name: &str, bytes: &[u8], mode: u32) -> Result<()> {
        // The form that POSIX has. The older one without its magic number would save nine bytes of a
        // compressed layer, and the newer ones need a second header.
        let mut header = tar::Header::new_ustar();
        header.set_path(name)?;
        header.set_entry_type(tar::EntryType::Regular);
        header.set_size(bytes.len() as u64);
        header.set_mode(mode);
        header.set_uid(0);
        header.set_gid(0);
        header.set_mtime(0);
        header.set_cksum();
        Ok(self.0.append(&header, bytes)?)
    }

    fn add_json(&mut self, name: &str, value: &impl serde::Serialize) -> Result<()> {
        self.add(name, &blob::json(value)?, 0o644)
    }

    pub(super) fn end(self) -> Result<Vec<u8>> {
        Ok(self.0.into_inner()?)
    }
}

/// Returns an image layout. Its only entry is the index of the images, so that readers that expect a single image choose
/// among the platforms instead of giving up.
pub(super) fn layout(images: &Images) -> Result<Vec<u8>> {
    let mut descriptor = images.index.descriptor()?;
    descriptor.set_annotations(Some(names(images.program)));
    let top = ImageIndexBuilder::default()
        .schema_version(SCHEMA)
        .media_type(MediaType::ImageIndex)
        .manifests([descriptor])
        .build()?;
    let mut archive = Archive::default();
    archive.add_json("oci-layout", &OciLayoutBuilder::default().image_layout_version("1.0.0").build()?)?;
    archive.add_json("index.json", &top)?;
    let blobs = images.platforms.iter().flat_map(|image| [&image.manifest, &image.config, &image.layer]);
    // Sorted by digest, each blob once.
    let blobs: BTreeMap<_, _> = blobs.chain([&images.index]).map(|blob| (blob.hex(), blob)).collect();
    for (digest, blob) in blobs {
        archive.add(&format!("blobs/sha256/{digest}"), &blob.bytes, 0o644)?;
    }
    archive.end()
}

/// Returns the names that engines give to an image from a layout: the specification's tag, and the full name for
/// containerd, Docker and Podman.
fn names(program: &Program) -> HashMap<String, String> {
    let full = format!("docker.io/library/{}:{VERSION}", program.name);
    let pairs =
        [("org.opencontainers.image.ref.name", VERSION.to_owned()), ("io.containerd.image.name", full)];
    pairs.map(|(key, value)| (key.to_owned(), value)).into()
}

/// Returns an archive in the format of `docker save`: a list of images, the configuration, the uncompressed layer.
pub(super) fn docker(image: &Image, program: &Program) -> Result<Vec<u8>> {
    let config = format!("{}.json", image.config.hex());
    let layer = "layer.tar";
    let tags: Value = [VERSION, "latest"].map(|tag| format!("{}:{tag}", program.name)).to_vec().into();
    let list = json!([{ "Config": config, "Layers": [layer], "RepoTags": tags }]);
    let mut archive = Archive::default();
    archive.add_json("manifest.json", &list)?;
    archive.add(&config, &image.config.bytes, 0o644)?;
    archive.add(layer, &image.archive, 0o644)?;
    archive.end()
}
