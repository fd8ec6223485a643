//! The bill of materials in CycloneDX format: the components of each file and their licences.

use std::{
    collections::BTreeMap,
    time::{Duration, UNIX_EPOCH},
};

use anyhow::{Context, Result};
use cargo_metadata::Package;
use serde_json::{Value, json};

use crate::{
    parts::{Parts, STANDARD},
    record::{Built, Origin, sha256},
};

/// Path in `dist/`.
pub const PATH: &str = "sbom.cdx.json";

/// Returns the bill of materials of `files`.
///
/// # Errors
/// Cargo can't say what a program is made of, or the date is out of range.
pub fn of(origin: Origin<'_>, files: &[Built]) -> Result<Vec<u8>> {
    let parts = Parts::read()?;
    let compiler = origin.toolchain.compiler.version.as_str();
    let mut libraries: BTreeMap<String, Value> = BTreeMap::new();
    for (name, licence) in STANDARD {
        let reference = format!("rust:{name}");
        libraries.insert(reference.clone(), library(&reference, name, number(compiler), licence));
    }
    let (mut components, mut dependencies) = (Vec::new(), Vec::new());
    for file in files {
        let mut references: Vec<String> = STANDARD.iter().map(|(name, _)| format!("rust:{name}")).collect();
        for package in parts.of(file.program)? {
            let (reference, value) = of_package(package)?;
            references.push(reference.clone());
            libraries.insert(reference, value);
        }
        let path = file.program.path(file.platform);
        dependencies.push(json!({ "ref": path, "dependsOn": references }));
        components.push(of_file(file));
    }
    components.extend(libraries.into_values());
    let all: Vec<&Value> = dependencies.iter().map(|dependency| &dependency["ref"]).collect();
    dependencies.insert(0, json!({ "ref": "mote", "dependsOn": all }));
    let date =
        UNIX_EPOCH.checked_add(Duration::from_secs(origin.date)).context("the date is out of range")?;
    let document = json!({
        "bomFormat": "CycloneDX",
        "specVersion": "1.5",
        "serialNumber": format!("urn:uuid:{}", identity(&json!([&components, origin.date, compiler]))),
        "version": 1,
        "metadata": {
            "timestamp": humantime::format_rfc3339_seconds(date).to_string(),
            "component": {
                "type": "application",
                "bom-ref": "mote",
                "name": "mote",
                "version": env!("CARGO_PKG_VERSION"),
                "licenses": [{ "expression": env!("CARGO_PKG_LICENSE") }],
            },
            "properties": [
                { "name": "mote:compiler", "value": compiler },
                { "name": "mote:linker", "value": origin.toolchain.linker.version },
            ],
        },
        "components": components,
        "dependencies": dependencies,
    });
    let mut text = serde_json::to_vec_pretty(&document)?;
    text.push(b'\n');
    Ok(text)
}

fn of_file(file: &Built) -> Value {
    let path = file.program.path(file.platform);
    json!({
        "type": "file",
        "bom-ref": path,
        "name": path,
        "version": env!("CARGO_PKG_VERSION"),
        "hashes": [{ "alg": "SHA-256", "content": sha256(&file.bytes) }],
        "licenses": [{ "expression": env!("CARGO_PKG_LICENSE") }],
    })
}

/// Returns the reference and the component of a crate.
fn of_package(package: &Package) -> Result<(String, Value)> {
    let (name, version) = (package.name.as_str(), package.version.to_string());
    let reference = format!("pkg:cargo/{name}@{version}");
    let licence = package.license.as_deref().with_context(|| format!("{name} names no licence"))?;
    let mut value = library(&reference, name, &version, licence);
    // Our crates may not be published.
    if package.source.is_some() {
        value["purl"] = reference.as_str().into();
    }
    Ok((reference, value))
}

fn library(reference: &str, name: &str, version: &str, licence: &str) -> Value {
    json!({
        "type": "library",
        "bom-ref": reference,
        "name": name,
        "version": version,
        "licenses": [{ "expression": licence }],
    })
}

/// Returns the number in `rustc 1.96.0 (…)`.
fn number(compiler: &str) -> &str {
    compiler.split(' ').nth(1).unwrap_or(compiler)
}

/// Returns a UUID of version 8, whose content is free: a checksum of `value`.
fn identity(value: &Value) -> String {
    let sum = sha256(value.to_string().as_bytes());
    format!("{}-{}-8{}-a{}-{}", &sum[..8], &sum[8..12], &sum[12..15], &sum[15..18], &sum[18..30])
}
