//! Content that is addressed by its digest.

use std::str::FromStr;

use anyhow::Result;
use oci_spec::image::{Descriptor, DescriptorBuilder, MediaType, Sha256Digest};
use serde::Serialize;

use crate::record::sha256;

/// A piece of content and its type.
#[derive(Debug)]
pub struct Blob {
    /// Media type.
    pub media: MediaType,
    /// The content.
    pub bytes: Vec<u8>,
}

impl Blob {
    /// Returns `value` as JSON.
    pub(super) fn json(media: MediaType, value: &impl Serialize) -> Result<Self> {
        Ok(Self { media, bytes: json(value)? })
    }

    /// Returns the digest in hexadecimal, without the algorithm.
    pub(super) fn hex(&self) -> String {
        sha256(&self.bytes)
    }

    /// Returns the digest in the form that images have.
    #[must_use]
    pub fn digest(&self) -> String {
        format!("sha256:{}", self.hex())
    }

    /// Returns the descriptor by which other content refers to this.
    pub(super) fn descriptor(&self) -> Result<Descriptor> {
        let descriptor = DescriptorBuilder::default()
            .media_type(self.media.clone())
            .digest(Sha256Digest::from_str(&self.hex())?)
            .size(self.bytes.len() as u64);
        Ok(descriptor.build()?)
    }
}

/// Returns JSON without blanks and with sorted keys. The specification's types contain maps whose order is random.
pub(super) fn json(value: &impl Serialize) -> Result<Vec<u8>> {
    Ok(serde_json::to_vec(&serde_json::to_value(value)?)?)
}
