//! What the workspace depends on, against the rules of `deny.toml`: those parts of `cargo deny check` that need neither
//! the network nor an installation that takes minutes.

use std::fs;
use std::process::Command;

use anyhow::{Context, Result, ensure};
use mote_tests::command;
use serde_json::Value;
use spdx::{Expression, LicenseReq, ParseMode};
use toml::Table;
use xtask::workspace;

fn rules() -> Result<Table> {
    Ok(fs::read_to_string(workspace::root().join("deny.toml"))?.parse()?)
}

/// The texts in a list of the rules.
fn texts(rules: &Table, section: &str, key: &str) -> Result<Vec<String>> {
    let list = rules.get(section).and_then(|section| section.get(key)).and_then(toml::Value::as_array);
    let text =
        |value: &toml::Value| value.as_str().or_else(|| value.get("name")?.as_str()).map(str::to_owned);
    list.and_then(|list| list.iter().map(text).collect()).with_context(|| format!("no {section}.{key}"))
}

/// Every package of the lock file.
fn packages() -> Result<Vec<Value>> {
    let cargo = std::env::var_os("CARGO").context("not run by Cargo")?;
    let mut metadata = Command::new(cargo);
    metadata.args(["metadata", "--format-version", "1", "--locked"]).current_dir(workspace::root());
    let metadata: Value = serde_json::from_str(&command::stdout(&mut metadata)?)?;
    let packages = metadata["packages"].as_array().cloned().context("no packages")?;
    ensure!(packages.len() > 10, "only {} packages", packages.len());
    Ok(packages)
}

/// A package's name and version.
fn name(package: &Value) -> String {
    let text = |key: &str| package[key].as_str().unwrap_or("?").to_owned();
    format!("{} {}", text("name"), text("version"))
}

pub(crate) fn licences_are_allowed() -> Result<()> {
    let allowed = texts(&rules()?, "licenses", "allow")?;
    let allowed = allowed.iter().map(|text| Ok(spdx::Licensee::parse(text)?)).collect::<Result<Vec<_>>>()?;
    let permits = |wanted: &LicenseReq| allowed.iter().any(|licence| licence.satisfies(wanted));
    for package in packages()? {
        let licence =
            package["license"].as_str().with_context(|| format!("{} has no licence", name(&package)))?;
        // Older packages write a slash for `OR`.
        let expression = Expression::parse_mode(licence, ParseMode::LAX)?;
        ensure!(expression.evaluate(permits), "{}: {licence}", name(&package));
    }
    Ok(())
}

pub(crate) fn none_is_banned() -> Result<()> {
    let banned = texts(&rules()?, "bans", "deny")?;
    for package in packages()? {
        ensure!(!banned.iter().any(|name| package["name"] == name.as_str()), "{}", name(&package));
        let dependencies = package["dependencies"].as_array().context("no dependencies")?;
        let own = package["source"].is_null();
        // A path says which version it is.
        let any = |dependency: &&Value| own && dependency["req"] == "*" && dependency["path"].is_null();
        ensure!(
            !dependencies.iter().any(|dependency| any(&dependency)),
            "{} depends on any version",
            name(&package)
        );
    }
    Ok(())
}

/// The public registry, which is the one that no manifest names.
pub(crate) fn all_come_from_the_public_registry() -> Result<()> {
    let packages = packages()?;
    let source = |package: &Value| package["source"].as_str().map(str::to_owned);
    let public = packages.iter().find(|package| package["name"] == "syscalls").and_then(source);
    let public = public.filter(|source| source.starts_with("registry+")).context("no registry")?;
    for package in &packages {
        let from = source(package);
        ensure!(from.as_ref().is_none_or(|from| *from == public), "{}: {from:?}", name(package));
        for dependency in package["dependencies"].as_array().context("no dependencies")? {
            let named = from.is_none() && !dependency["registry"].is_null();
            ensure!(!named, "{} names a registry for {}", name(package), dependency["name"]);
        }
    }
    Ok(())
}
