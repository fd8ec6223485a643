//! `docs/security.md`: its tables are made from the release files and the tables of calls.

use std::fmt::Write as _;
use std::{env, fs};

use anyhow::{Context, Result, ensure};
use mote_tests::dist;
use mote_tests::elf::Image;
use mote_tests::outcome::same;
use object::elf;
use xtask::platform::{PLATFORMS, Platform};
use xtask::program::PROGRAMS;
use xtask::seccomp::{self, GO, RUNC, Table};
use xtask::workspace;

/// Writes the tables again.
const COMMAND: &str = "MOTE_WRITE_DOCS=1 cargo test --package mote-tests --test seccomp documentation";

const PAGE: &str = "docs/security.md";

/// # Errors
/// If a table is not up to date.
pub(crate) fn tables_are_true() -> Result<()> {
    let file = workspace::root().join(PAGE);
    let mut page = fs::read_to_string(&file)?;
    let (calls, engine) = (seccomp::calls()?, seccomp::engine()?);
    let programs: Vec<&str> = PROGRAMS.iter().map(|program| program.name).collect();
    let tables = [
        ("files", files(&calls)?),
        ("calls", reasons(&calls, &programs)?),
        ("engine", reasons(&engine, &[RUNC, GO])?),
    ];
    for (name, table) in &tables {
        page = with(&page, name, table)?;
    }
    if env::var_os("MOTE_WRITE_DOCS").is_some() {
        fs::write(&file, &page)?;
    }
    ensure!(fs::read_to_string(&file)? == page, "{PAGE} is out of date; to write it again: {COMMAND}");
    Ok(())
}

/// The page with a table in its place.
fn with(page: &str, name: &str, table: &str) -> Result<String> {
    let (start, end) = (format!("<!-- table: {name} -->\n"), "<!-- end of table -->");
    let (before, rest) = page.split_once(&start).with_context(|| format!("no {start}"))?;
    let (_, after) = rest.split_once(end).with_context(|| format!("no {end} after {start}"))?;
    Ok(format!("{before}{start}\n{table}\n{end}{after}"))
}

/// A row for each release file.
fn files(calls: &Table) -> Result<String> {
    let mut table = String::from("| program | platform | bytes | address | stack | system calls |\n");
    table.push_str("|---|---|---|---|---|---|\n");
    for program in PROGRAMS {
        for platform in &PLATFORMS {
            let bytes = fs::read(dist::file(platform, program.name)?)?;
            let image = Image::parse(&bytes)?;
            let count = calls.on(program.name, platform)?.len();
            let (address, stack) = (address(&image), stack(&image)?);
            let (name, size) = (program.name, bytes.len());
            writeln!(table, "| `{name}` | {} | {size} | {address} | {stack} | {count} |", platform.docker)?;
        }
    }
    Ok(table)
}

fn address(image: &Image) -> &'static str {
    if image.kind == elf::ET_DYN { "random" } else { "fixed" }
}

fn stack(image: &Image) -> Result<&'static str> {
    let header = image.segments.iter().find(|segment| segment.kind == elf::PT_GNU_STACK);
    let Some(header) = header else { return Ok("the kernel's default") };
    same(header.flags, elf::PF_R | elf::PF_W)?;
    Ok("not executable")
}

/// A list of calls for each section.
fn reasons(table: &Table, sections: &[&str]) -> Result<String> {
    let mut text = String::from("| caller | system call | platforms | purpose |\n|---|---|---|---|\n");
    for section in sections {
        for (name, call) in table.section(section)? {
            let on = |platform: &&Platform| call.on.iter().any(|arch| arch == platform.arch);
            let mut platforms: Vec<&str> =
                PLATFORMS.iter().filter(on).map(|platform| platform.docker).collect();
            if platforms.is_empty() {
                platforms.push("all");
            }
            writeln!(text, "| `{section}` | `{name}` | {} | {} |", platforms.join(", "), call.why)?;
        }
    }
    Ok(text)
}
