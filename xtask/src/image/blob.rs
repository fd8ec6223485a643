//! Content that is found by its digest.

use std::str::FromStr;

use anyhow::Result;
use oci_spec::image::{Descriptor, DescriptorBuilder, MediaType, Sha256Digest};
use serde::Serialize;

use crate::record::sha256;

/// A piece of content and its type.
#[derive(Debug)]
pub struct Blob {
    /// What it is.
    pub media: MediaType,
    /// The content.
    pub bytes: Vec<u8>,
}

impl Blob {
    /// The JSON of `value`.
    pub(super) fn json(media: MediaType, value: &impl Serialize) -> Result<Self> {
        Ok(Self { media, bytes: json(value)? })
    }

    /// The digest in hexadecimal, without the algorithm.
    pub(super) fn hex(&self) -> String {
        sha256(&self.bytes)
    }

    /// The digest as everything in an image writes it.
    #[must_use]
    pub fn digest(&self) -> String {
        format!("sha256:{}", self.hex())
    }

    /// What other content refers to this with.
    pub(super) fn descriptor(&self) -> Result<Descriptor> {
        let descriptor = DescriptorBuilder::default()
            .media_type(self.media.clone())
            .digest(Sha256Digest::from_str(&self.hex())?)
            .size(self.bytes.len() as u64);
        Ok(descriptor.build()?)
    }
}

/// JSON without blanks whose keys are sorted. The specification's types hold maps that have another order
/// in each run.
pub(super) fn json(value: &impl Serialize) -> Result<Vec<u8>> {
    Ok(serde_json::to_vec(&serde_json::to_value(value)?)?)
}
