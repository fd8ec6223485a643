//! `docs/compat.md`, which is written from the table.

use std::collections::BTreeSet;
use std::env;
use std::fmt::Write as _;
use std::fs;

use anyhow::{Context, Result, ensure};
use xtask::workspace;

use crate::peer::{PEERS, Peer};
use crate::scenario::{Difference, Scenario};

/// Writes the page again.
const COMMAND: &str = "MOTE_WRITE_DOCS=1 cargo test --package mote-tests --test compat compat::";

const HEAD: &str = "\
# The drop-ins compared with the original programs

mote's `tini`, `dumb-init` and `catatonit` replace the programs of the same names. A test runs each scenario of a table
with both: with the original program as Debian packages it, and with mote's. It compares the exit status, standard
output and standard error; the state in which COMMAND starts (signal mask, ignored signals, process group, session,
terminal, file descriptors, working directory, environment variables); the signals that COMMAND receives; and the
processes that are left running. The test writes this page from the table.

Output is normalized before it is compared. The program's path becomes its name, its version `V`, the path of the test's
own COMMAND `ACTOR`, and the test directory `@`. mote prints names or numbers of errors and signals where the originals
print descriptions, which counts as equal: `ENOENT` and `No such file or directory`, `SIGTERM` and `Terminated`, `SIG40`
and `Real-time signal 6`, `errno=25` with and without its description. Two usage texts are equal if they name the same
options and variables on the same stream. Licence texts and the advice below tini's warning need only be present.

Each difference has a table with the lines that only one of the two programs shows:

| line | meaning |
|---|---|
| `exit status` | exit status of the init |
| `killed by` | signal that killed the init |
| `does not exit` | the init would run or sleep forever, and how |
| `stdout`, `stderr` | output of the init and COMMAND; `names` lists the options and variables in a usage text, `advice` and `some text` stand for text that need only be present |
| `reported` | report of COMMAND or its children; `signal 15 from 1` is signal 15, sent by PID 1, or by the kernel or from outside the PID namespace if the sender is 0 |
| `left running` | process that is still there after the init's end |
| `init` | state of the init, seen from outside |
| `terminal` | foreground process group of the terminal |

In the name of a scenario, \"when not PID 1\" means that the init runs as PID 2, below a PID 1 that only reaps.
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
    ensure!(committed == page, "docs/compat.md differs from the table; to write it again: {COMMAND}");
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
    let Peer { name, version, source, .. } = peer;
    let differing = entries.iter().filter(|entry| entry.difference.is_some()).count();
    writeln!(page, "\n## {name}\n")?;
    writeln!(
        page,
        "[{name} {version}]({source}): {} scenarios, of which {} have the same result and {differing} differ.",
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
        let Difference { title, reason, links } = difference;
        let reason = reason.replace("NAME", name);
        let is_of_peer = |link: &&&str| link.contains(name) || links.len() == 1;
        let link = links.iter().find(is_of_peer).context("no link")?;
        writeln!(page, "\n### {title}\n\n{reason} ([reference]({link}))\n")?;
        writeln!(page, "| scenario | {name} | mote |\n|---|---|---|")?;
        for entry in entries {
            let Some((of, theirs, ours)) = &entry.difference else { continue };
            if *of == difference {
                writeln!(page, "| {} | {} | {} |", entry.name, cell(theirs), cell(ours))?;
            }
        }
    }
    writeln!(page, "\n### Same result\n")?;
    for entry in entries.iter().filter(|entry| entry.difference.is_none()) {
        writeln!(page, "- {}", entry.name)?;
    }
    Ok(())
}

/// Labels of observed lines, and the page's words for them.
const LABELS: [(&str, &str); 6] = [
    ("end: none, ", "does not exit: "),
    ("end: signal ", "killed by: signal "),
    ("end: ", "exit status: "),
    ("said: ", "reported: "),
    ("left: ", "left running: "),
    ("init: in ", "init: working directory "),
];

fn cell(lines: &[String]) -> String {
    if lines.is_empty() {
        return "nothing".to_owned();
    }
    lines.iter().map(|line| code(&labelled(line))).collect::<Vec<_>>().join("<br>")
}

/// The text as Markdown's code in a table.
fn code(text: &str) -> String {
    let fence = if text.contains('`') { "``" } else { "`" };
    format!("{fence}{}{fence}", text.replace('|', "\\|"))
}

/// The line with the page's word for its label.
fn labelled(line: &str) -> String {
    let label = |(from, to): (&str, &str)| line.strip_prefix(from).map(|rest| format!("{to}{rest}"));
    LABELS.into_iter().find_map(label).unwrap_or_else(|| line.to_owned())
}
