//! A table of system calls in sections, each with its purpose and its platforms.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write as _,
};

use anyhow::{Context, Result};
use serde::Deserialize;

use crate::platform::{PLATFORMS, Platform};

/// A call in a table.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Call {
    /// Its purpose.
    pub why: String,
    /// The platforms on which it is made, by [`Platform::arch`]; all if none is named.
    #[serde(default)]
    pub on: Vec<String>,
}

/// Sections by name, with calls by name.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(transparent)]
pub struct Table(BTreeMap<String, BTreeMap<String, Call>>);

impl Call {
    fn is_on(&self, arch: &str) -> bool {
        self.on.is_empty() || self.on.iter().any(|name| name == arch)
    }
}

impl Table {
    /// Reads a table.
    ///
    /// # Errors
    /// The text is no table.
    pub fn parse(text: &str) -> Result<Self> {
        toml::from_str(text).context("a table of system calls")
    }

    /// Returns the calls of a section.
    ///
    /// # Errors
    /// There is no such section.
    pub fn section(&self, name: &str) -> Result<&BTreeMap<String, Call>> {
        self.0.get(name).with_context(|| format!("no system calls of {name}"))
    }

    /// Returns the names of all sections.
    pub fn sections(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }

    /// Returns the names of the calls of a section on a platform.
    ///
    /// # Errors
    /// There is no such section.
    pub fn on(&self, section: &str, platform: &Platform) -> Result<BTreeSet<String>> {
        let calls = self.section(section)?.iter().filter(|(_, call)| call.is_on(platform.arch));
        Ok(calls.map(|(name, _)| name.clone()).collect())
    }

    /// Sets the calls of a section on a platform. Other platforms stay the same, and a new call has no purpose yet.
    pub fn set(&mut self, section: &str, platform: &Platform, calls: &BTreeSet<String>) {
        let section = self.0.entry(section.to_owned()).or_default();
        for name in calls {
            section.entry(name.clone()).or_insert(Call { why: String::new(), on: vec![String::new()] });
        }
        for (name, call) in section.iter_mut() {
            let is_on = |arch: &str| {
                if arch == platform.arch { calls.contains(name) } else { call.is_on(arch) }
            };
            let on: Vec<String> =
                PLATFORMS.iter().map(|p| p.arch).filter(|arch| is_on(arch)).map(str::to_owned).collect();
            // A call that is made on no platform gets an empty name, and is removed below.
            call.on = match on.len() {
                0 => vec![String::new()],
                count if count == PLATFORMS.len() => Vec::new(),
                _ => on,
            };
        }
        section.retain(|_, call| call.on != [""]);
    }

    /// Returns the text that [`parse`](Self::parse) reads, after the comment at the beginning of `head`.
    ///
    /// # Errors
    /// None: writing to a string does not fail.
    pub fn text(&self, head: &str) -> Result<String> {
        let comment = head.lines().take_while(|line| line.starts_with('#'));
        let mut text = comment.fold(String::new(), |text, line| text + line + "\n");
        for (name, calls) in &self.0 {
            write!(text, "\n[{name}]\n")?;
            for (name, Call { why, on }) in calls {
                write!(text, "{name} = {{ why = {why:?}")?;
                if !on.is_empty() {
                    write!(text, ", on = {on:?}")?;
                }
                text.push_str(" }\n");
            }
        }
        Ok(text)
    }
}
