//! A table of system calls: sections, in each of them calls, and of each call why, and where not everywhere.

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
    /// What it is for.
    pub why: String,
    /// The platforms on which it is made, as [`Platform::arch`]; all if none is named.
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
    /// It is none.
    pub fn parse(text: &str) -> Result<Self> {
        toml::from_str(text).context("a table of system calls")
    }

    /// The calls of a section.
    ///
    /// # Errors
    /// There is no such section.
    pub fn section(&self, name: &str) -> Result<&BTreeMap<String, Call>> {
        self.0.get(name).with_context(|| format!("no system calls of {name}"))
    }

    /// The names of all sections.
    pub fn sections(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }

    /// The names of the calls of a section that are made on a platform.
    ///
    /// # Errors
    /// There is no such section.
    pub fn on(&self, section: &str, platform: &Platform) -> Result<BTreeSet<String>> {
        let calls = self.section(section)?.iter().filter(|(_, call)| call.is_on(platform.arch));
        Ok(calls.map(|(name, _)| name.clone()).collect())
    }

    /// Has exactly these calls made on a platform. What is known about others stays; a new one has no reason yet.
    pub fn set(&mut self, section: &str, platform: &Platform, calls: &BTreeSet<String>) {
        let section = self.0.entry(section.to_owned()).or_default();
        for name in calls {
            // On none so far.
            section.entry(name.clone()).or_insert(Call { why: String::new(), on: vec![String::new()] });
        }
        for (name, call) in section.iter_mut() {
            let is_on = |arch: &str| {
                if arch == platform.arch { calls.contains(name) } else { call.is_on(arch) }
            };
            let on: Vec<String> =
                PLATFORMS.iter().map(|p| p.arch).filter(|arch| is_on(arch)).map(str::to_owned).collect();
            // A call that nobody makes is left with a name that no platform has, and goes.
            call.on = match on.len() {
                0 => vec![String::new()],
                count if count == PLATFORMS.len() => Vec::new(),
                _ => on,
            };
        }
        section.retain(|_, call| call.on != [""]);
    }

    /// The text that [`parse`](Self::parse) reads, behind the comment that `head` begins with.
    ///
    /// # Errors
    /// None: writing to a text does not fail.
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
