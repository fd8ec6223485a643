//! Reads an image layout, from its index to the last layer.

use std::collections::BTreeMap;
use std::fs;
use std::io::Read;

use anyhow::{Context, Result, ensure};
use flate2::bufread::GzDecoder;
use mote_tests::dist;
use mote_tests::outcome::same;
use serde_json::Value;
use sha2::{Digest, Sha256};
use xtask::program::Program;

use crate::{Pair, archive};

/// The files of a layout by path.
pub(crate) struct Layout {
    pub(crate) files: BTreeMap<String, Vec<u8>>,
}

/// The parts of an image.
pub(crate) struct Image {
    /// The manifest's entry in the index.
    pub(crate) entry: Value,
    pub(crate) manifest: Value,
    pub(crate) config: Value,
    /// The bytes of the configuration.
    pub(crate) config_bytes: Vec<u8>,
    /// The layer, compressed.
    pub(crate) layer: Vec<u8>,
}

impl Image {
    pub(crate) fn of(pair: Pair) -> Result<Self> {
        let layout = Layout::of(pair.program)?;
        let name = pair.platform.docker;
        let manifests = layout.manifests()?;
        let entry = manifests.into_iter().find(|entry| docker_name(entry).is_some_and(|own| own == name));
        let entry = entry.with_context(|| format!("no {name}"))?;
        let manifest: Value = serde_json::from_slice(layout.blob(&entry)?)?;
        let config_bytes = layout.blob(&manifest["config"])?.to_vec();
        let layer = layout.blob(&manifest["layers"][0])?.to_vec();
        Ok(Self { entry, config: serde_json::from_slice(&config_bytes)?, manifest, config_bytes, layer })
    }

    /// Decompresses the layer.
    pub(crate) fn archive(&self) -> Result<Vec<u8>> {
        let mut decoder = GzDecoder::new(&*self.layer);
        let mut archive = Vec::new();
        decoder.read_to_end(&mut archive)?;
        ensure!(decoder.into_inner().is_empty(), "data follows the compressed layer");
        Ok(archive)
    }

    /// Returns the size of manifest, configuration and compressed layer.
    pub(crate) fn size(&self) -> Option<u64> {
        let manifest = self.entry["size"].as_u64()?;
        Some(
            manifest
                + self.manifest["config"]["size"].as_u64()?
                + self.manifest["layers"][0]["size"].as_u64()?,
        )
    }
}

impl Layout {
    pub(crate) fn of(program: &Program) -> Result<Self> {
        let file = dist::archive(&format!("{}.oci.tar", program.name))?;
        let files = archive::files(&fs::read(file)?, 0o644)?;
        let count = files.len();
        let files: BTreeMap<_, _> = files.into_iter().map(|entry| (entry.name, entry.bytes)).collect();
        same(files.len(), count).context("a file is there twice")?;
        Ok(Self { files })
    }

    /// Returns the only entry of the layout's own index.
    pub(crate) fn top(&self) -> Result<Value> {
        let index: Value = serde_json::from_slice(self.files.get("index.json").context("no index.json")?)?;
        let manifests = index["manifests"].as_array().context("no manifests")?;
        same(manifests.len(), 1)?;
        Ok(manifests[0].clone())
    }

    /// Returns the entries of the index of images.
    pub(crate) fn manifests(&self) -> Result<Vec<Value>> {
        let index: Value = serde_json::from_slice(self.blob(&self.top()?)?)?;
        Ok(index["manifests"].as_array().context("no manifests")?.clone())
    }

    /// Returns the blob of a descriptor, after checking its digest and size.
    pub(crate) fn blob(&self, descriptor: &Value) -> Result<&[u8]> {
        let digest = descriptor["digest"].as_str().context("no digest")?;
        let bytes = self.files.get(&blob_path(digest)).with_context(|| format!("no {digest}"))?;
        same(sha256(bytes).as_str(), digest)?;
        same(descriptor["size"].as_u64(), Some(bytes.len() as u64))?;
        Ok(bytes)
    }
}

/// Returns the path of the blob with this digest.
pub(crate) fn blob_path(digest: &str) -> String {
    format!("blobs/{}", digest.replace(':', "/"))
}

/// Returns the digest in the form that images have.
pub(crate) fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().fold("sha256:".to_owned(), |text, byte| format!("{text}{byte:02x}"))
}

/// Returns Docker's name of the platform of an entry in an index.
fn docker_name(entry: &Value) -> Option<String> {
    let platform = &entry["platform"];
    let variant = platform["variant"].as_str().map_or_else(String::new, |variant| format!("/{variant}"));
    Some(format!("{}/{}{variant}", platform["os"].as_str()?, platform["architecture"].as_str()?))
}
