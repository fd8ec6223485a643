//! The bill of materials.

use std::collections::BTreeSet;
use std::fs;

use anyhow::{Context, Result, ensure};
use cyclonedx_bom::models::bom::{Bom, SpecVersion};
use cyclonedx_bom::validation::Validate;
use mote_tests::outcome::same;
use mote_tests::{dist, require};
use serde_json::Value;
use xtask::platform::PLATFORMS;
use xtask::program::PROGRAMS;
use xtask::{record, sbom};

fn text() -> Result<String> {
    require::release()?;
    Ok(fs::read_to_string(dist::directory().join(sbom::PATH))?)
}

/// The library of the format parses and validates it.
pub(crate) fn is_valid() -> Result<()> {
    let document =
        Bom::parse_from_json_v1_5(text()?.as_bytes()).map_err(|error| anyhow::anyhow!("{error:?}"))?;
    let result = document.validate_version(SpecVersion::V1_5);
    ensure!(result.passed(), "{result:?}");
    Ok(())
}

/// Every file with its checksum and its components, no other file, and no dangling reference.
pub(crate) fn tells_what_each_file_is_made_of() -> Result<()> {
    let document: Value = serde_json::from_str(&text()?)?;
    let list = |name: &str| document[name].as_array().cloned().with_context(|| format!("no {name}"));
    let (components, dependencies) = (list("components")?, list("dependencies")?);
    let references: BTreeSet<&str> =
        components.iter().filter_map(|component| component["bom-ref"].as_str()).collect();
    same(references.len(), components.len())?;
    let mut files = 0;
    for program in PROGRAMS {
        for platform in &PLATFORMS {
            let path = program.path(platform);
            let component = components.iter().find(|component| component["name"] == path.as_str());
            let component = component.with_context(|| format!("no {path}"))?;
            let sum = record::sha256(&fs::read(dist::file(platform, program.name)?)?);
            same(component["hashes"][0]["content"].as_str(), Some(sum.as_str()))?;
            let made_of = dependencies.iter().find(|entry| entry["ref"] == path.as_str());
            let made_of =
                made_of.and_then(|entry| entry["dependsOn"].as_array()).with_context(|| path.clone())?;
            let made_of: BTreeSet<&str> = made_of.iter().filter_map(Value::as_str).collect();
            ensure!(made_of.is_subset(&references), "{path}: {made_of:?}");
            let wanted = ["rust:core", "pkg:cargo/syscalls@", "pkg:cargo/mote-rt@"];
            for wanted in wanted.into_iter().chain([format!("pkg:cargo/{}@", program.package).as_str()]) {
                ensure!(
                    made_of.iter().any(|part| part.starts_with(wanted)),
                    "{path}: no {wanted} in {made_of:?}"
                );
            }
            files += 1;
        }
    }
    same(components.iter().filter(|component| component["type"] == "file").count(), files)?;
    ensure!(
        components.iter().all(|component| component["licenses"][0]["expression"].is_string()),
        "no licence"
    );
    Ok(())
}
