//! Reads the system calls of a program from the log of a tracer.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::str::FromStr;

use anyhow::{Context, Result, bail, ensure};
use mote_tests::{Cpu, Target};
use xtask::platform::Platform;

/// Returns the calls of the program `file` and of its children until execve(2).
pub(crate) fn calls(log: &Path, target: Target, file: &Path) -> Result<BTreeSet<String>> {
    let bytes = fs::read(log)?;
    let text = String::from_utf8_lossy(&bytes);
    let calls = match target.cpu {
        Cpu::Native => of_strace(&text, file),
        Cpu::Emulated(_) => of_emulator(&text, target.platform),
    };
    ensure!(!calls.is_empty(), "no system call in {text}");
    Ok(calls)
}

/// A line of strace without its PID.
struct Line<'a> {
    pid: u32,
    /// The name of a call that begins here, or that goes on.
    name: &'a str,
    /// Whether it begins.
    begins: bool,
    rest: &'a str,
}

impl<'a> Line<'a> {
    /// Nothing if the line is about a signal, or about an end.
    fn parse(line: &'a str) -> Option<Self> {
        let (pid, event) = line.split_once(' ')?;
        let pid = pid.parse().ok()?;
        let event = event.trim_start();
        let is_name = |name: &str| !name.is_empty() && name.bytes().all(is_of_name);
        if let Some(event) = event.strip_prefix("<... ") {
            let (name, rest) = event.split_once(" resumed>")?;
            return is_name(name).then_some(Self { pid, name, begins: false, rest });
        }
        let (name, rest) = event.split_once('(')?;
        is_name(name).then_some(Self { pid, name, begins: true, rest })
    }

    /// The child that a call has made, as it is numbered outside.
    fn child(&self) -> Option<u32> {
        if !["clone", "clone3", "fork", "vfork"].contains(&self.name) {
            return None;
        }
        let (_, result) = self.rest.rsplit_once("= ")?;
        // `2 /* 21769 in strace's PID NS */`, or one number for both.
        let outside = result.split_once("/* ").map_or(result, |(_, comment)| comment);
        outside.split_whitespace().next()?.parse().ok()
    }
}

fn is_of_name(byte: u8) -> bool {
    byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_'
}

fn of_strace(text: &str, file: &Path) -> BTreeSet<String> {
    let lines = || text.lines().filter_map(Line::parse);
    // A child's first line may precede the line of its fork.
    let parents: BTreeMap<u32, u32> =
        lines().filter_map(|line| line.child().map(|child| (child, line.pid))).collect();
    let executed = format!("\"{}\"", file.display());
    let (mut calls, mut is_ours, mut executing) = (BTreeSet::new(), BTreeMap::new(), BTreeMap::new());
    for line in lines() {
        let parent_is_ours =
            parents.get(&line.pid).is_some_and(|parent| is_ours.get(parent).copied().unwrap_or(false));
        let ours = *is_ours.entry(line.pid).or_insert(parent_is_ours);
        if ours && line.begins {
            calls.insert(line.name.to_owned());
        }
        if line.name == "execve" {
            if line.begins {
                executing.insert(line.pid, line.rest.starts_with(&executed));
            }
            if line.rest.trim_end().ends_with("= 0") {
                is_ours.insert(line.pid, executing.get(&line.pid).copied().unwrap_or(false));
            }
        }
    }
    calls
}

/// Returns the calls of the process that loads a filter, from there until it executes the program of this name.
pub(crate) fn calls_under_a_filter(text: &str, program: &str) -> Result<BTreeSet<String>> {
    let loads = |line: &Line<'_>| {
        let request = ["PR_SET_SECCOMP", "SECCOMP_SET_MODE_FILTER"];
        // What only tries out whether there are filters has none.
        request.iter().any(|name| line.rest.contains(name)) && line.rest.contains("{len=")
    };
    let lines: Vec<Line<'_>> = text.lines().filter_map(Line::parse).collect();
    let first = lines.iter().rposition(loads).context("no filter is loaded")?;
    let loader = lines.get(first).context("no line")?.pid;
    let mut calls = BTreeSet::new();
    for line in lines.iter().skip(first + 1).filter(|line| line.pid == loader && line.begins) {
        calls.insert(line.name.to_owned());
        if line.name == "execve" && line.rest.starts_with(&format!("\"/{program}\"")) {
            return Ok(calls);
        }
    }
    bail!("{program} was not executed")
}

/// An emulator shows the calls of its program alone, piece by piece: `12 `, `read(`, and so on. The pieces of two processes
/// mix, also with the output of the program. So the longest name of a call before a parenthesis counts.
fn of_emulator(text: &str, platform: &Platform) -> BTreeSet<String> {
    let names = text.match_indices('(').filter_map(|(at, _)| {
        let before = text.get(..at)?;
        let word = before.len() - before.bytes().rev().take_while(|byte| is_of_name(*byte)).count();
        (word..at).find_map(|start| before.get(start..).filter(|name| exists(platform, name)))
    });
    names.map(str::to_owned).collect()
}

/// Whether a platform has a system call of this name.
pub(crate) fn exists(platform: &Platform, name: &str) -> bool {
    match platform.docker {
        "linux/amd64" => syscalls::x86_64::Sysno::from_str(name).is_ok(),
        "linux/386" => syscalls::x86::Sysno::from_str(name).is_ok(),
        "linux/arm64" => syscalls::aarch64::Sysno::from_str(name).is_ok(),
        "linux/arm/v7" => syscalls::arm::Sysno::from_str(name).is_ok(),
        "linux/riscv64" => syscalls::riscv64::Sysno::from_str(name).is_ok(),
        _ => false,
    }
}
