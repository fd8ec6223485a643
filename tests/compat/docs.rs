//! `docs/compat.md`, which is written from the table.

use std::collections::BTreeSet;
use std::env;
use std::fmt::Write as _;
use std::fs;

use anyhow::{Context, Result, ensure};
use xtask::workspace;

use crate::peer::{PEERS, Peer};
use crate::scenario::{Difference, Scenario};

/// What writes the file anew.
const COMMAND: &str = "MOTE_WRITE_DOCS=1 cargo test --package mote-tests --test compat compat::";

const HEAD: &str = "\
# The drop-ins and the programs that they replace

`tini`, `dumb-init` and `catatonit` of this family take the place of the programs of those names. A test plays each
scenario of one table with both: the peer as Debian packages it, and ours. It compares exit status, standard output
and error, what COMMAND finds (signal mask, ignored signals, process group, session, terminal, descriptors, working
directory, variables), the signals that it gets, and what is left running. This page is written from that table.

In texts, name, path and version are put aside, and errors and signals count as the same where the peer describes
what ours names or numbers: `ENOENT` for `No such file or directory`, `SIGTERM` for `Terminated`, `SIG40` for
`Real-time signal 6`, `errno=25` for that and its description. A usage text names the same options and variables on
the same stream; its wording is our own, and so are a licence and the advice below tini's warning.

Lines of a comparison: `end` is the exit status of the init; `stdout` and `stderr` are what was written; `said` is
what COMMAND or its children report; `left` is who goes on after the init's end; `init` is the init itself, from
outside; `terminal` is whose it is.
";

/// # Errors
/// If the file is not what the table says.
pub(crate) fn check(table: &[Scenario]) -> Result<()> {
    let file = workspace::root().join("docs/compat.md");
    let page = page(table)?;
    if env::var_os("MOTE_WRITE_DOCS").is_some() {
        fs::create_dir_all(workspace::root().join("docs"))?;
        fs::write(&file, &page)?;
    }
    let committed = fs::read_to_string(&file).with_context(|| format!("write it: {COMMAND}"))?;
    ensure!(committed == page, "docs/compat.md is not what the table says; to write it anew: {COMMAND}");
    Ok(())
}

/// # Errors
/// If two entries have one name.
pub(crate) fn names_differ(table: &[Scenario]) -> Result<()> {
    let mut names = BTreeSet::new();
    let again: Vec<String> =
        table.iter().map(Scenario::test).filter(|name| !names.insert(name.clone())).collect();
    ensure!(again.is_empty(), "{again:?}");
    Ok(())
}

fn page(table: &[Scenario]) -> Result<String> {
    let mut page = String::from(HEAD);
    for peer in PEERS {
        let entries: Vec<&Scenario> = table.iter().filter(|entry| entry.peer == peer).collect();
        section(&mut page, peer, &entries)?;
    }
    write!(page, "\n<!-- {COMMAND} -->\n")?;
    Ok(page)
}

fn section(page: &mut String, peer: &Peer, entries: &[&Scenario]) -> Result<()> {
    let Peer { name, version, source } = peer;
    let differing = entries.iter().filter(|entry| entry.difference.is_some()).count();
    writeln!(page, "\n## {name}\n")?;
    writeln!(
        page,
        "[{name} {version}]({source}): {} scenarios, of which {} show the same and {differing} a difference.",
        entries.len(),
        entries.len() - differing
    )?;
    let mut differences: Vec<&Difference> = Vec::new();
    for entry in entries {
        if let Some((difference, ..)) = entry.difference
            && !differences.contains(&difference)
        {
            differences.push(difference);
        }
    }
    for difference in differences {
        let Difference { title, reason, link } = difference;
        writeln!(page, "\n### {title}\n\n{reason} ([the peer]({link}))\n")?;
        writeln!(page, "| scenario | {name} | ours |\n|---|---|---|")?;
        for entry in entries {
            let Some((of, theirs, ours)) = &entry.difference else { continue };
            if *of == difference {
                writeln!(page, "| {} | {} | {} |", entry.name, cell(theirs), cell(ours))?;
            }
        }
    }
    writeln!(page, "\n### The same\n")?;
    for entry in entries.iter().filter(|entry| entry.difference.is_none()) {
        writeln!(page, "- {}", entry.name)?;
    }
    Ok(())
}

fn cell(lines: &[String]) -> String {
    if lines.is_empty() {
        return "nothing".to_owned();
    }
    lines.iter().map(|line| format!("`{}`", line.replace('|', "\\|"))).collect::<Vec<_>>().join("<br>")
}
