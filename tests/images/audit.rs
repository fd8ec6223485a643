//! The exact content of a layout.

use std::collections::BTreeSet;
use std::fs;
use std::process::Command;

use anyhow::{Context, Result, ensure};
use mote_tests::outcome::{same, text};
use mote_tests::{dist, require};
use serde_json::{Value, json};
use xtask::program::Program;
use xtask::workspace;

use crate::layout::{Image, Layout, blob_path, sha256};
use crate::{Pair, archive};

const INDEX: &str = "application/vnd.oci.image.index.v1+json";
const MANIFEST: &str = "application/vnd.oci.image.manifest.v1+json";
const CONFIG: &str = "application/vnd.oci.image.config.v1+json";
const LAYER: &str = "application/vnd.oci.image.layer.v1.tar+gzip";

pub(crate) fn layout(program: &Program) -> Result<()> {
    let layout = Layout::of(program)?;
    let mut reached = vec![layout.top()?];
    for entry in layout.manifests()? {
        let manifest: Value = serde_json::from_slice(layout.blob(&entry)?)?;
        let layers = manifest["layers"].as_array().context("no layers")?;
        reached.extend(layers.iter().chain([&manifest["config"], &entry]).cloned());
    }
    let mut expected = BTreeSet::from(["oci-layout".to_owned(), "index.json".to_owned()]);
    for descriptor in reached {
        layout.blob(&descriptor)?;
        expected.insert(blob_path(descriptor["digest"].as_str().context("no digest")?));
    }
    same(layout.files.keys().cloned().collect(), expected)?;
    let marker = layout.files.get("oci-layout").context("no oci-layout")?;
    same(text(marker)?, "{\"imageLayoutVersion\":\"1.0.0\"}")
}

/// Each platform with its architecture, and 32-bit Arm with its variant, without which engines assume another one.
pub(crate) fn index(program: &Program) -> Result<()> {
    let layout = Layout::of(program)?;
    let top = layout.top()?;
    same(top["mediaType"].as_str(), Some(INDEX))?;
    let index: Value = serde_json::from_slice(layout.blob(&top)?)?;
    same((&index["schemaVersion"], &index["mediaType"]), (&json!(2), &json!(INDEX)))?;
    let entries = layout.manifests()?;
    let kinds = entries.iter().all(|entry| entry["mediaType"] == MANIFEST);
    ensure!(kinds, "{index:#}");
    let platforms: Vec<Value> = entries.iter().map(|entry| entry["platform"].clone()).collect();
    let plain = |architecture: &str| json!({ "architecture": architecture, "os": "linux" });
    let arm = json!({ "architecture": "arm", "os": "linux", "variant": "v7" });
    same(platforms, vec![plain("amd64"), plain("386"), plain("arm64"), arm, plain("riscv64")])
}

pub(crate) fn names(program: &Program) -> Result<()> {
    let version = env!("CARGO_PKG_VERSION");
    let expected = json!({
        "io.containerd.image.name": format!("docker.io/library/{}:{version}", program.name),
        "org.opencontainers.image.ref.name": version,
    });
    same(&Layout::of(program)?.top()?["annotations"], &expected)
}

pub(crate) fn json(program: &Program) -> Result<()> {
    for (path, bytes) in &Layout::of(program)?.files {
        // All files except the layers.
        if bytes.starts_with(b"{") {
            let value: Value = serde_json::from_slice(bytes)?;
            same(text(bytes)?, &value.to_string()).with_context(|| path.clone())?;
        }
    }
    Ok(())
}

pub(crate) fn manifest_has_one_layer(pair: Pair) -> Result<()> {
    let image = Image::of(pair)?;
    let expected = json!({
        "schemaVersion": 2,
        "mediaType": MANIFEST,
        "config": {
            "mediaType": CONFIG,
            "digest": sha256(&image.config_bytes),
            "size": image.config_bytes.len(),
        },
        "layers": [{ "mediaType": LAYER, "digest": sha256(&image.layer), "size": image.layer.len() }],
    });
    same(image.manifest, expected)
}

pub(crate) fn config(pair: Pair) -> Result<()> {
    let image = Image::of(pair)?;
    let name = pair.program.name;
    let mut config = json!({
        "Entrypoint": [format!("/{name}")],
        "Labels": {
            "org.opencontainers.image.title": name,
            "org.opencontainers.image.version": env!("CARGO_PKG_VERSION"),
            "org.opencontainers.image.licenses": "MIT OR Apache-2.0",
        },
    });
    // The other images exist to copy files from.
    if ["hello", "pause"].contains(&name) {
        config["User"] = "65535:65535".into();
    }
    let mut expected = json!({
        "created": created()?,
        "os": "linux",
        "architecture": image.entry["platform"]["architecture"],
        "config": config,
        "rootfs": { "type": "layers", "diff_ids": [sha256(&image.archive()?)] },
    });
    if let Some(variant) = image.entry["platform"].get("variant") {
        expected["variant"] = variant.clone();
    }
    same(image.config, expected)
}

/// Returns the date of the sources in the format of RFC 3339.
fn created() -> Result<String> {
    let date = xtask::source::date(&workspace::root())?;
    let mut command = Command::new(require::tool("date", "coreutils")?);
    command.args(["--utc", &format!("--date=@{date}"), "+%Y-%m-%dT%H:%M:%SZ"]);
    Ok(text(&command.output()?.stdout)?.trim_end().to_owned())
}

pub(crate) fn layer(pair: Pair) -> Result<()> {
    let files = archive::files(&Image::of(pair)?.archive()?, 0o755)?;
    same(files.len(), 1)?;
    same(files[0].name.as_str(), pair.program.name)?;
    let file = fs::read(dist::file(pair.platform, pair.program.name)?)?;
    ensure!(files[0].bytes == file, "the layer of {pair} has another file than dist");
    Ok(())
}

/// The gzip header: deflate, no optional field, no time, best compression, unknown system.
pub(crate) fn gzip_header(pair: Pair) -> Result<()> {
    same(Image::of(pair)?.layer.get(..10), Some(&[0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 2, 0xff][..]))
}

pub(crate) fn budget(pair: Pair) -> Result<()> {
    let size = Image::of(pair)?.size().context("no size")?;
    let ceiling = match pair.program.name {
        "hello" => 1180,
        "pause" => 1400,
        _ => pair.program.image_ceiling,
    };
    ensure!(size <= ceiling, "{pair}: {size} bytes, and {ceiling} are allowed");
    Ok(())
}
