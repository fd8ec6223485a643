//! The images in `build.json`.

use std::fs;

use anyhow::{Context, Result};
use mote_tests::dist;
use mote_tests::outcome::same;
use serde_json::{Value, json};
use xtask::program::Program;
use xtask::workspace;

use crate::Pair;
use crate::layout::{Image, Layout};

fn record(program: &Program) -> Result<Value> {
    let record: Value = serde_json::from_slice(&fs::read(dist::directory().join("build.json"))?)?;
    same(record["date"].as_u64(), Some(xtask::source::date(&workspace::root())?))?;
    let images = record["images"].as_array().context("no images")?;
    let found = images.iter().find(|entry| entry["program"] == program.name);
    found.cloned().with_context(|| format!("no {}", program.name))
}

pub(crate) fn whole(program: &Program) -> Result<()> {
    same(&record(program)?["digest"], &Layout::of(program)?.top()?["digest"])
}

pub(crate) fn platform(pair: Pair) -> Result<()> {
    let image = Image::of(pair)?;
    let record = record(pair.program)?;
    let platforms = record["platforms"].as_array().context("no platforms")?;
    let found = platforms.iter().find(|entry| entry["platform"] == pair.platform.docker);
    let expected = json!({
        "platform": pair.platform.docker,
        "size": image.size(),
        "manifest": image.entry["digest"],
        "config": image.manifest["config"]["digest"],
        "layer": image.manifest["layers"][0]["digest"],
    });
    same(found, Some(&expected))
}
