//! The archives for `docker load`.

use std::fs;

use anyhow::{Context, Result, ensure};
use mote_tests::dist;
use mote_tests::outcome::same;
use serde_json::{Value, json};

use crate::layout::{Image, sha256};
use crate::{Pair, archive};

/// The configuration and the layer are those of the layout, so that an engine computes the same image ID.
pub(crate) fn same_image(pair: Pair) -> Result<()> {
    let image = Image::of(pair)?;
    let name = pair.program.name;
    let file = dist::archive(&format!("{name}-{}.docker.tar", pair.platform.arch))?;
    let files = archive::files(&fs::read(file)?, 0o644)?;
    let digest = sha256(&image.config_bytes);
    let config = format!("{}.json", digest.strip_prefix("sha256:").context("no digest")?);
    let names: Vec<&str> = files.iter().map(|file| file.name.as_str()).collect();
    same(names, vec!["manifest.json", &config, "layer.tar"])?;

    let list: Value = serde_json::from_slice(&files[0].bytes)?;
    let version = env!("CARGO_PKG_VERSION");
    let tags = [format!("{name}:{version}"), format!("{name}:latest")];
    same(list, json!([{ "Config": config, "Layers": ["layer.tar"], "RepoTags": tags }]))?;
    ensure!(files[1].bytes == image.config_bytes, "another configuration");
    ensure!(files[2].bytes == image.archive()?, "another layer");
    Ok(())
}
