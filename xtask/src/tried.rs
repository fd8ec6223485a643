//! What was tried, and the page in `docs/` that says so.
//!
//! A run of the tests leaves its counts in `target/mote/tried.json`, those of groups that it did not run being kept.
//! The page can be written from there later, without another run.

mod counts;
mod page;

use std::{collections::BTreeMap, env, fs, path::PathBuf};

use anyhow::{Context, Result};

pub use self::counts::Counts;
use self::page::{COMMAND, Rows};
use crate::{prerequisites::in_ci, workspace};

/// A group that has run, with what it counted if everything in it passed.
#[derive(Debug)]
pub struct Ran {
    /// Its name.
    pub group: String,
    /// What it counted.
    pub counts: Option<Counts>,
}

/// Counts by group.
type Store = BTreeMap<String, Counts>;

/// Remembers what has run and compares the page with it, as far as it goes; or writes the page, if `MOTE_WRITE_DOCS` is
/// set. True if the page is right in its essence. `about` has all groups and what they are about.
///
/// # Errors
/// A file that can't be read or written.
pub fn after(about: &[(String, String)], ran: Vec<Ran>) -> Result<bool> {
    let mut store = load()?;
    let mut fresh = Store::new();
    for Ran { group, counts } in ran {
        match counts {
            Some(counts) => {
                store.insert(group.clone(), counts.clone());
                fresh.insert(group, counts);
            }
            None => drop(store.remove(&group)),
        }
    }
    fs::create_dir_all(workspace::scratch())?;
    fs::write(stored(), serde_json::to_vec_pretty(&store)?)?;
    settle(about, &fresh, env::var_os("MOTE_WRITE_DOCS").is_some())
}

/// Compares the page with all that is remembered, or writes it; true if it is right in its essence.
///
/// # Errors
/// A file that can't be read or written.
pub fn page(about: &[(String, String)], write: bool) -> Result<bool> {
    settle(about, &load()?, write)
}

fn settle(about: &[(String, String)], counts: &Store, write: bool) -> Result<bool> {
    let file = workspace::root().join("docs/tested.md");
    let old = fs::read_to_string(&file).unwrap_or_default();
    let new = renewed(about, counts, &old);
    if write {
        fs::write(&file, &new).with_context(|| format!("can't write {}", file.display()))?;
        println!("docs/tested.md is written");
        return Ok(true);
    }
    let is_right = page::essence(&new) == page::essence(&old);
    if new != old {
        let kind = if in_ci() && !is_right { "error" } else { "note" };
        println!("{kind}: docs/tested.md is not what was tried; to write it from this run: {COMMAND}");
        let differing = new.lines().filter(|line| !old.lines().any(|other| other == *line));
        differing.for_each(|line| println!("    {line}"));
    }
    Ok(is_right)
}

/// The page with the rows of those groups that were counted anew, and the old ones of the others.
fn renewed(about: &[(String, String)], counts: &Store, old: &str) -> String {
    let new: Rows = counts.iter().map(|(group, counts)| (group.clone(), page::rows(group, counts))).collect();
    let mut rows = page::read(old);
    rows.extend(new);
    page::page(about, &rows)
}

fn load() -> Result<Store> {
    match fs::read(stored()) {
        Ok(text) => serde_json::from_slice(&text).with_context(|| format!("{}", stored().display())),
        Err(_) => Ok(Store::new()),
    }
}

fn stored() -> PathBuf {
    workspace::scratch().join("tried.json")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn store(group: &str, cases: u32) -> Store {
        let mut counts = Counts::default();
        counts.add_line(&format!("tried: {cases} cases"));
        Store::from([(group.to_owned(), counts)])
    }

    #[test]
    fn rows_of_groups_that_did_not_run_stay() {
        let about = ["a", "b"].map(|name| (name.to_owned(), String::new()));
        let old = renewed(&about, &store("a", 5), &renewed(&about, &store("b", 6), ""));
        assert!(old.contains("| `a` | cases |") && old.contains("| 6 |"), "{old}");
        let new = renewed(&about, &store("a", 7), &old);
        assert_eq!(new, old.replace("| 5 | 5 |", "| 7 | 7 |"));
    }
}
