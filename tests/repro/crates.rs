//! The crates that can be published.

use std::collections::BTreeSet;
use std::fs;
use std::process::Command;

use anyhow::{Context, Result, ensure};
use mote_tests::command;
use mote_tests::outcome::same;
use serde_json::Value;
use toml::Table;
use xtask::program::PROGRAMS;
use xtask::workspace;

/// Published crates that are no programs.
const LIBRARIES: [&str; 6] = ["mote-cli", "mote-compat", "mote-init", "mote-linker", "mote-rt", "mote-user"];

fn cargo(words: &[&str]) -> Result<String> {
    let cargo = std::env::var_os("CARGO").context("not run by Cargo")?;
    command::stdout(Command::new(cargo).args(words).current_dir(workspace::root()))
}

/// The packages of the workspace, as Cargo sees them.
fn packages() -> Result<Vec<Value>> {
    let metadata: Value =
        serde_json::from_str(&cargo(&["metadata", "--format-version", "1", "--no-deps", "--locked"])?)?;
    metadata["packages"].as_array().cloned().context("no packages")
}

fn names() -> Vec<&'static str> {
    LIBRARIES.into_iter().chain(PROGRAMS.iter().map(|program| program.package)).collect()
}

/// The programs and the crates that they consist of, all with the family's prefix, and no other package.
pub(crate) fn are_the_shipped_ones() -> Result<()> {
    let packages = packages()?;
    let public = packages.iter().filter(|package| package["publish"].is_null());
    let public: BTreeSet<&str> = public.filter_map(|package| package["name"].as_str()).collect();
    same(&public, &names().into_iter().collect())?;
    ensure!(public.iter().all(|name| name.starts_with("mote-")), "{public:?}");
    Ok(())
}

/// The version of the workspace, also where the manifest repeats it.
pub(crate) fn have_one_version() -> Result<()> {
    let version = env!("CARGO_PKG_VERSION");
    for package in packages()? {
        same(
            (package["name"].as_str(), package["version"].as_str()),
            (package["name"].as_str(), Some(version)),
        )?;
    }
    let manifest: Table = fs::read_to_string(workspace::root().join("Cargo.toml"))?.parse()?;
    let repeated = manifest["workspace"]["dependencies"].as_table().context("no dependencies")?;
    same(repeated.len(), LIBRARIES.len())?;
    for (name, dependency) in repeated {
        same((name.as_str(), dependency["version"].as_str()), (name.as_str(), Some(version)))?;
    }
    Ok(())
}

/// Cargo builds the archives that it would upload. Each contains the licences and a README.
pub(crate) fn can_be_packaged() -> Result<()> {
    let target = tempfile::tempdir()?;
    let packages: Vec<&str> = names().into_iter().flat_map(|name| ["--package", name]).collect();
    let directory = target.path().to_str().context("not UTF-8")?;
    cargo(
        &[
            &["package", "--quiet", "--locked", "--no-verify", "--allow-dirty", "--target-dir", directory],
            &packages[..],
        ]
        .concat(),
    )?;
    for name in names() {
        let stem = format!("{name}-{}", env!("CARGO_PKG_VERSION"));
        let archive = fs::File::open(target.path().join("package").join(format!("{stem}.crate")))?;
        let mut archive = tar::Archive::new(flate2::read::GzDecoder::new(archive));
        let mut files = BTreeSet::new();
        for entry in archive.entries()? {
            let entry = entry?;
            ensure!(entry.size() > 0, "{:?} is empty", entry.path()?);
            files.insert(entry.path()?.strip_prefix(&stem)?.display().to_string());
        }
        for wanted in ["LICENSE-APACHE", "LICENSE-MIT", "README.md", "Cargo.toml"] {
            ensure!(files.contains(wanted), "{name}: no {wanted} in {files:?}");
        }
    }
    Ok(())
}

/// The fields that a registry requires or shows.
pub(crate) fn describe_themselves() -> Result<()> {
    for package in packages()?.iter().filter(|package| package["publish"].is_null()) {
        for key in ["description", "license", "readme"] {
            ensure!(package[key].is_string(), "{}: no {key}", package["name"]);
        }
        for key in ["keywords", "categories"] {
            let count = package[key].as_array().map_or(0, Vec::len);
            ensure!((1..=5).contains(&count), "{}: {count} {key}", package["name"]);
        }
    }
    Ok(())
}
