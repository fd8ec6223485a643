//! `examples/anycast-bird/same-port.sh`: tests that would be in each other's way.

use std::fs;

use anyhow::{Result, ensure};
use mote_tests::outcome::{same, text};

use crate::bird::{Network, directory};

pub(crate) fn four(network: &Network) -> Result<()> {
    let output = network.script("anycast-bird", &["same-port.sh", "4"])?;
    let mut lines: Vec<&str> = output.lines().collect();
    lines.sort_unstable();
    same(lines, vec!["test 1: passed", "test 2: passed", "test 3: passed", "test 4: passed"])?;
    same(network.engine.docker(&["ps", "--all", "--quiet"])?.as_str(), "")
}

/// The clients are all in the first test's namespace.
pub(crate) fn wrong_answer(network: &Network) -> Result<()> {
    let script = fs::read_to_string(directory("anycast-bird").join("same-port.sh"))?;
    let broken = script.replace("container:test-$1", "container:test-1");
    ensure!(broken != script, "the script has changed");
    let output = network.command("sh", "anycast-bird").args(["-c", &broken, "sh", "2"]).output()?;
    let mut lines: Vec<&str> = text(&output.stdout)?.lines().collect();
    lines.sort_unstable();
    same((lines, output.status.code()), (vec!["test 1: passed", "test 2: got 1"], Some(1)))
}
