//! The bytes of `pid1` by subject, from the symbols of a build that keeps them.

use std::env;
use std::fmt::Write as _;
use std::fs;

use anyhow::{Context, Result, anyhow, ensure};
use mote_tests::dist;
use mote_tests::require::{self, Missing};
use object::{Object, ObjectSection, ObjectSymbol, SectionKind};
use rustc_demangle::demangle;
use xtask::compile::attempt;
use xtask::platform::Platform;
use xtask::program::Program;
use xtask::seal::seal;
use xtask::toolchain::resolve;
use xtask::workspace;

const PAGE: &str = "docs/design.md";
const BEGIN: &str = "<!-- segment map -->\n";
const END: &str = "<!-- end of the map -->";

/// Writes the table again.
const COMMAND: &str = "MOTE_WRITE_DOCS=1 cargo test --package mote-tests --test docs -- where_the_bytes";

/// Modules of the engine. Not `mote_init::policy`, which is in the names of the functions of `pid1::policy`.
const ENGINE: &[&str] = &[
    "mote_init::run",
    "mote_init::children",
    "mote_init::decide",
    "mote_init::signals",
    "mote_init::table",
    "mote_init::terminal",
    "mote_init::permission",
    "mote_init::timer",
    "mote_init::running",
    "mote_rt::execvp",
    "mote_rt::process",
    "mote_rt::sys::process",
    "mote_rt::sys::signal",
];

/// The purposes of code, each with parts of the names of its functions. The first match counts.
const AREAS: [(&str, &[&str]); 6] = [
    ("to start COMMAND, wait, decide, forward, reap and end", ENGINE),
    ("users and groups", &["mote_user::", "switch_user", "fail_for_user", "give_streams"]),
    ("messages", &["pid1::message", "pid1::policy", "push_signal", "push_errno", "mote_rt::string_buf"]),
    ("the command line", &["pid1::options", "pid1::main", "pid1::copy", "mote_cli::"]),
    ("the environment", &["mote_rt::env", "mote_rt::string_list", "mote_init::systemd"]),
    ("strings, memory, `_start`", &["mote_rt::", "_start"]),
];

/// Compares the table with a new build, or writes it.
pub(crate) fn where_the_bytes_are() -> Result<()> {
    let table = table()?;
    let path = workspace::root().join(PAGE);
    let page = fs::read_to_string(&path)?;
    let (before, rest) = page.split_once(BEGIN).with_context(|| format!("{PAGE} has no {BEGIN:?}"))?;
    let (old, after) = rest.split_once(END).with_context(|| format!("{PAGE} has no {END:?}"))?;
    if env::var_os("MOTE_WRITE_DOCS").is_some() {
        fs::write(&path, format!("{before}{BEGIN}{table}{END}{after}"))?;
        return Ok(());
    }
    ensure!(old == table, "{PAGE} has another table; to write it again: {COMMAND}\n{table}");
    Ok(())
}

fn table() -> Result<String> {
    let linked = linked()?;
    let object = object::File::parse(linked.as_slice())?;
    let size = seal(linked.clone())?.len() as u64;
    let sections = || object.sections().filter(|section| section.size() > 0);
    let text: u64 = sections()
        .filter(|section| matches!(section.kind(), SectionKind::ReadOnlyData | SectionKind::ReadOnlyString))
        .map(|section| section.size())
        .sum();
    let first = sections().map(|section| section.address()).filter(|address| *address > 0).min();
    let headers = first.context("no section")?;
    let mut rows = vec![("headers", headers), ("text: help, messages, names of signals and errors", text)];
    for (name, size) in functions(&object)? {
        let area = AREAS.iter().find(|(_, parts)| parts.iter().any(|part| name.contains(part)));
        let (area, _) = area.with_context(|| format!("what is {name} for?"))?;
        match rows.iter_mut().find(|(known, _)| known == area) {
            Some((_, sum)) => *sum += size,
            None => rows.push((area, size)),
        }
    }
    let rest = size.checked_sub(rows.iter().map(|(_, size)| size).sum()).context("more than the file")?;
    rows[1..].sort_by_key(|(_, size)| std::cmp::Reverse(*size));
    rows.push(("alignment", rest));
    let mut table = String::from("\n| bytes | what for |\n|---|---|\n");
    for (what, size) in rows {
        writeln!(table, "| {size} | {what} |")?;
    }
    writeln!(table, "| **{size}** | the file |\n")?;
    Ok(table)
}

/// Each function and how far it is to the next one.
fn functions(object: &object::File<'_>) -> Result<Vec<(String, u64)>> {
    let code = object.section_by_name(".text").context("no code")?;
    let end = code.address() + code.size();
    let within = |symbol: &object::Symbol<'_, '_>| symbol.section_index() == Some(code.index());
    let mut starts: Vec<(u64, String)> = object
        .symbols()
        .filter(within)
        .map(|symbol| Ok((symbol.address(), format!("{:#}", demangle(symbol.name()?)))))
        .collect::<Result<_>>()?;
    starts.retain(|(_, name)| !name.is_empty());
    starts.sort();
    starts.dedup_by_key(|(address, _)| *address);
    let next = starts.iter().skip(1).map(|(address, _)| *address).chain([end]);
    Ok(starts.iter().zip(next).map(|((address, name), next)| (name.clone(), next - address)).collect())
}

/// `pid1` for amd64 with its symbols. Without them it is the release file, byte for byte.
fn linked() -> Result<Vec<u8>> {
    require::release()?;
    let platform = Platform::named("linux/amd64")?;
    let program = Program::named("pid1")?;
    let toolchain = resolve().map_err(|error| anyhow!(Missing(format!("{error:#}"))))?;
    let attempt = attempt(&toolchain, platform, &program.unit(platform))?;
    ensure!(attempt.success, "{}", attempt.stderr);
    let linked = fs::read(attempt.file)?;
    let released = fs::read(dist::file(platform, program.name)?)?;
    ensure!(seal(linked.clone())? == released, "with symbols pid1 is another program than in dist");
    Ok(linked)
}
