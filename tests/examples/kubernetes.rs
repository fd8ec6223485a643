//! `examples/kubernetes`: manifests against the interface that Kubernetes publishes.

use std::fs;

use anyhow::{Context, Result, ensure};
use k8s_openapi::api::core::v1::Pod;
use mote_tests::outcome::same;
use serde_json::Value;

use crate::bird::directory;

/// Reads a pod, and checks that nothing was lost: a field that the interface does not define is
/// lost on the way, or can't be read.
fn pod(text: &str) -> Result<Pod> {
    let written: Value = serde_saphyr::from_str(text)?;
    let pod: Pod = serde_json::from_value(written.clone())?;
    same(serde_json::to_value(&pod)?, written)?;
    Ok(pod)
}

pub(crate) fn manifests() -> Result<()> {
    let mut names = Vec::new();
    for entry in fs::read_dir(directory("kubernetes"))? {
        let path = entry?.path();
        if path.extension().is_none_or(|extension| extension != "yaml") {
            continue;
        }
        let pod = pod(&fs::read_to_string(&path)?).with_context(|| path.display().to_string())?;
        let name = pod.metadata.name.context("no name")?;
        same(path.file_stem().and_then(|stem| stem.to_str()), Some(name.as_str()))?;
        names.push(name);
    }
    names.sort();
    same(names, ["pid1-from-a-volume", "pid1-from-an-image", "shared-processes"].map(str::to_owned).to_vec())
}

pub(crate) fn unknown_fields() -> Result<()> {
    let text = fs::read_to_string(directory("kubernetes").join("shared-processes.yaml"))?;
    for (right, wrong) in [
        ("shareProcessNamespace: true", "shareProcessNamespaces: true"),
        ("shareProcessNamespace: true", "shareProcessNamespace: maybe"),
        ("image: ", "picture: "),
        ("kind: Pod", "kind: Node"),
    ] {
        let changed = text.replace(right, wrong);
        ensure!(changed != text && pod(&changed).is_err(), "{wrong} is accepted");
    }
    Ok(())
}
