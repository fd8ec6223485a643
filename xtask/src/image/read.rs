//! Measures existing images.

use std::{
    collections::HashMap,
    io::Read,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};
use oci_spec::image::{Descriptor, ImageIndex, ImageManifest};

use crate::platform::{PLATFORMS, Platform};

/// Returns the sizes of the images in a layout, by platform, as [`Image::size`](super::Image::size) counts.
///
/// # Errors
/// This is no layout as this tool writes it.
pub fn sizes(layout: &[u8]) -> Result<Vec<(&'static Platform, u64)>> {
    let mut files = HashMap::new();
    for entry in tar::Archive::new(layout).entries()? {
        let mut entry = entry?;
        let mut bytes = Vec::new();
        entry.read_to_end(&mut bytes)?;
        files.insert(entry.path()?.into_owned(), bytes);
    }
    let top: ImageIndex = serde_json::from_slice(get(&files, Path::new("index.json"))?)?;
    let index = top.manifests().first().context("there is nothing in the layout")?;
    let index: ImageIndex = serde_json::from_slice(blob(&files, index)?)?;
    index.manifests().iter().map(|manifest| measure(&files, manifest)).collect()
}

type Files = HashMap<PathBuf, Vec<u8>>;

fn get<'a>(files: &'a Files, path: &Path) -> Result<&'a [u8]> {
    Ok(files.get(path).with_context(|| format!("there is no {}", path.display()))?)
}

fn blob<'a>(files: &'a Files, descriptor: &Descriptor) -> Result<&'a [u8]> {
    get(files, &Path::new("blobs/sha256").join(descriptor.digest().digest()))
}

fn measure(files: &Files, descriptor: &Descriptor) -> Result<(&'static Platform, u64)> {
    let manifest: ImageManifest = serde_json::from_slice(blob(files, descriptor)?)?;
    let layers: u64 = manifest.layers().iter().map(Descriptor::size).sum();
    let size = descriptor.size() + manifest.config().size() + layers;
    let found = descriptor.platform().as_ref().context("a manifest without a platform")?;
    let platform =
        PLATFORMS.iter().find(|platform| super::oci_platform(platform).is_ok_and(|own| own == *found));
    Ok((platform.context("a manifest of an unknown platform")?, size))
}
